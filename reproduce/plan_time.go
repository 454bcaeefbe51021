// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"encoding/json"
	"fmt"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/reproduce/store"
)

// TimeSource says where an expected time comes from.
type TimeSource string

// The sources of an expected time.
const (
	// FromRecords times are measured: those of records that this machine trained
	// on the same graph.
	FromRecords TimeSource = "measured"
	// FromTable times are those of data/budget.csv, measured on 2 cores with XLA.
	FromTable TimeSource = "table"
)

// goSlowdown is how much longer the pure-Go backend takes than the table says
// (README, measured on convection).
const goSlowdown = 15

// enoughSteps are the steps from which a record's time tells of longer runs:
// in a shorter one compilation and evaluation weigh more than the steps.
const enoughSteps = 1000

// times estimates how long runs take.
type times struct {
	on PlanFor
	// measured holds seconds a step by graph class, best match first: the same
	// steps and threads, the same steps, the same threads, the rest.
	measured [4]map[string][]float64
	classes  map[string]string // canonical graph classes by their plain JSON
}

func newTimes(heads []store.Head, on PlanFor) (*times, error) {
	t := &times{on: on, classes: map[string]string{}}
	for i := range t.measured {
		t.measured[i] = map[string][]float64{}
	}
	for _, h := range heads {
		b := h.Manifest.Backend
		if b.Name != on.Backend.Name || b.CPU != on.Backend.CPU {
			continue
		}
		var c store.Config
		if err := json.Unmarshal(h.Config, &c); err != nil {
			return nil, fmt.Errorf("reproduce: record %s: config.json: %w", h.Name, err)
		}
		class, steps, err := t.graphClass(c)
		if err != nil {
			return nil, fmt.Errorf("reproduce: record %s: %w", h.Name, err)
		}
		if steps <= 0 || h.Manifest.WallSeconds <= 0 {
			continue
		}
		for i, key := range classKeys(class, steps, b.Threads) {
			if i >= 2 && steps < enoughSteps {
				break
			}
			t.measured[i][key] = append(t.measured[i][key], h.Manifest.WallSeconds/float64(steps))
		}
	}
	return t, nil
}

// classKeys are the keys of a graph class, in the order of times.measured.
func classKeys(class string, steps, threads int) [4]string {
	return [4]string{
		fmt.Sprintf("%s steps %d threads %d", class, steps, threads),
		fmt.Sprintf("%s steps %d", class, steps),
		fmt.Sprintf("%s threads %d", class, threads),
		class,
	}
}

// graphClass names what decides a step's time: a configuration without the values
// of μ, the seed, the parent and the number of steps, which is returned too.
func (t *times) graphClass(c store.Config) (class string, steps int, err error) {
	steps = c.Train.WithDefaults().Steps
	c.Mus, c.Seed, c.Parent, c.Train.Steps = make([][]float64, len(c.Mus)), 0, "", 0
	// Thousands of runs are of a few dozen classes.
	plain, err := json.Marshal(c)
	if err != nil {
		return "", 0, fmt.Errorf("its configuration: %w", err)
	}
	class, ok := t.classes[string(plain)]
	if !ok {
		key, err := c.Canonical()
		if err != nil {
			return "", 0, err
		}
		class = string(key)
		t.classes[string(plain)] = class
	}
	return class, steps, nil
}

// of is the expected time of a run from a step on. A record's time contains
// compilation and evaluation, so that nothing is added to it.
func (t *times) of(r *Run, step int) (time.Duration, TimeSource, error) {
	left := float64(max(0, r.Config.Train.WithDefaults().Steps-step))
	perStep, err := t.perStep(r)
	if err != nil {
		return 0, "", err
	}
	if perStep > 0 {
		return toDuration(left * perStep), FromRecords, nil
	}
	millis, err := stepMillis(r)
	if err != nil {
		return 0, "", err
	}
	if expected := expectedSteps(r); step < expected { // past that, nobody knows
		left = float64(expected - step)
	}
	if t.on.Backend.Name == backend.Go {
		millis *= goSlowdown
	}
	return toDuration(left*millis/1000 + overheadSeconds(r)), FromTable, nil
}

// perStep is the time of a step in the records of this machine, 0 where they don't
// tell.
func (t *times) perStep(r *Run) (seconds float64, err error) {
	if len(t.measured[0]) == 0 {
		return 0, nil
	}
	class, steps, err := t.graphClass(r.Config)
	if err != nil {
		return 0, fmt.Errorf("reproduce: %s: %w", r.Label, err)
	}
	threads := t.on.Backend.Threads
	if t.on.AtOnce > 1 && !r.wide() {
		threads = max(1, threads/t.on.AtOnce)
	}
	for i, key := range classKeys(class, steps, threads) {
		if took := t.measured[i][key]; len(took) > 0 {
			// The median: a record that was trained while the machine did something
			// else does not move it.
			return quantile(took, .5), nil
		}
	}
	return 0, nil
}

func toDuration(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second))
}
