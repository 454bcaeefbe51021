// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Replica compares a record with the same run trained again.
type Replica struct {
	Run *Run
	// OK says that it is the same run: the same bits or, on another platform, the
	// same errors within a tolerance.
	OK bool
	// Finding says in a line what was found.
	Finding string
}

// Retrain trains runs again from the weights that their parents have in a store,
// on a pool whose workers keep their records in scratch, and compares what comes
// out with the store's records. Nothing is written to the store. Failed are those
// that could not be trained; err is as for [Pool.Run].
//
// On the same platform (backend, plugin, processor, threads, versions) the bits
// must be the same. On another one, float32 sums in another order part over
// thousands of steps: then the rel L2 at each parameter setting may be as far from
// the record's as [Judge] lets a published value be, the seeds being those that
// the store has the run under.
func Retrain(ctx context.Context, pool *Pool, from, scratch *store.Store, runs []*Run) (replicas []Replica, failed []error, err error) {
	var trained []*Run
	for _, r := range runs {
		if r.Parent != nil {
			parent, err := from.Get(r.Parent.Name())
			if err != nil {
				return nil, nil, err
			}
			if parent == nil || parent.Weights == nil {
				failed = append(failed, fmt.Errorf("%s: not trained again: the store lacks the weights that it starts from (%s)", r.Label, r.Parent.Name()))
				continue
			}
			if err := from.Publish(scratch, parent.Name, true); err != nil {
				return nil, nil, err
			}
		}
		trained = append(trained, r)
	}
	broken, err := pool.Run(ctx, trained)
	failed = append(failed, broken...)
	if err != nil {
		return nil, failed, err
	}
	for _, r := range trained {
		again, err := scratch.Get(r.Name())
		if err != nil {
			return replicas, failed, err
		}
		if again == nil {
			continue // it is among the failed
		}
		kept, err := from.Get(r.Name())
		if err != nil {
			return replicas, failed, err
		}
		if kept == nil {
			failed = append(failed, fmt.Errorf("%s: its record is not in the store any more", r.Label))
			continue
		}
		replica := Replica{Run: r}
		if replica.OK, replica.Finding, err = compareReplica(from, kept, again); err != nil {
			return replicas, failed, err
		}
		replicas = append(replicas, replica)
	}
	return replicas, failed, nil
}

// compareReplica says whether two records of one name are of the same run.
func compareReplica(from *store.Store, kept, again *store.Record) (ok bool, finding string, err error) {
	other := platformChanges(kept.Manifest, again.Manifest)
	what, same := sameRun(kept, again)
	switch {
	case same && len(other) == 0:
		return true, "the same bits (" + what + ")", nil
	case same:
		return true, "the same bits (" + what + "), on another platform: " + strings.Join(other, ", "), nil
	case len(other) == 0:
		return false, "other bits on the same platform: " + what + " differ", nil
	}
	before, now := relErrors(kept), relErrors(again)
	if len(before) == 0 || len(now) != len(before) {
		return false, "the record has other evaluations", nil
	}
	seeds, err := overSeeds(from, kept)
	if err != nil {
		return false, "", err
	}
	// The evaluation that lies furthest out of its tolerance stands for all.
	worst, text := -1., ""
	for i, k := range before {
		_, sd := meanAndSD(seeds[i])
		tolerance := sample{n: len(seeds[i]), mean: k, sd: sd}.margin()
		far := 0.
		if off := math.Abs(k - now[i]); off != 0 {
			far = off / tolerance
		}
		if !(far <= worst) { // a NaN is the worst
			worst, text = far, fmt.Sprintf("rel L2 %.4g, now %.4g, tolerance %.2g", k, now[i], tolerance)
		}
	}
	where := "another platform (" + strings.Join(other, ", ") + ")"
	if worst <= 1 {
		return true, "within tolerance on " + where + ": " + text, nil
	}
	return false, "outside tolerance on " + where + ": " + text, nil
}

// relErrors are a record's rel L2 by evaluation; where it has none, that of what was
// learnt from trajectories: integrated, two of these part whatever they have learnt.
func relErrors(record *store.Record) []float64 {
	var errors []float64
	for _, ev := range record.Metrics.Evaluations {
		errors = append(errors, ev.Test.RelL2)
	}
	if rows := record.History.Rows; len(errors) == 0 && len(rows) > 0 {
		if last, ok := probeAt(record, rows[len(rows)-1].Step, pinn.FieldProbe); ok {
			errors = append(errors, last)
		}
	}
	return errors
}

// sameRun compares all that is kept of both records, bit by bit: a published
// record may have no weights and fewer rows of history. It names what was
// compared or, where it is not the same, what differs.
func sameRun(kept, again *store.Record) (what string, same bool) {
	compared := []string{"metrics", "history"}
	if !reflect.DeepEqual(kept.Metrics, again.Metrics) {
		return "metrics", false
	}
	rows := map[int]train.Row{}
	for _, row := range again.History.Rows {
		rows[row.Step] = row
	}
	for _, row := range kept.History.Rows {
		if !sameNumbers(row.Terms, rows[row.Step].Terms) || !sameNumbers(row.Probes, rows[row.Step].Probes) {
			return fmt.Sprintf("the histories at step %d", row.Step), false
		}
	}
	if kept.Weights != nil {
		if kept.WeightsSHA256() != again.WeightsSHA256() {
			return "weights", false
		}
		compared = append(compared, "weights")
	}
	return strings.Join(compared, ", "), true
}

func sameNumbers(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// platformChanges lists what differs between the platforms of two records.
func platformChanges(kept, again store.Manifest) []string {
	facts := func(m store.Manifest) map[string]string {
		b := m.Backend
		f := maps.Clone(m.Versions)
		if f == nil {
			f = map[string]string{}
		}
		for name, value := range map[string]string{
			"backend": b.Name, "plugin": b.PluginSHA256, "version": b.Version, "processor": b.CPU, "threads": fmt.Sprint(b.Threads),
		} {
			f[name] = value
		}
		return f
	}
	a, b := facts(kept), facts(again)
	names := map[string]bool{}
	for _, f := range []map[string]string{a, b} {
		for name := range f {
			names[name] = true
		}
	}
	var changes []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if a[name] != b[name] {
			changes = append(changes, fmt.Sprintf("%s %s → %s", name, orNone(a[name]), orNone(b[name])))
		}
	}
	return changes
}

// overSeeds are the errors of a record's run under all seeds that the store has
// it under.
func overSeeds(from *store.Store, record *store.Record) ([][]float64, error) {
	values := make([][]float64, len(relErrors(record)))
	names, err := from.Names()
	if err != nil {
		return nil, err
	}
	of, err := anySeed(record)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		other, err := from.Get(name)
		if err != nil {
			return nil, err
		}
		if other == nil {
			continue
		}
		errors := relErrors(other)
		if config, err := anySeed(other); err != nil || config != of || len(errors) != len(values) {
			continue
		}
		for i, rel := range errors {
			values[i] = append(values[i], rel)
		}
	}
	return values, nil
}

// anySeed is a record's configuration but for the seed and, with it, the parent and
// what else was drawn under it.
func anySeed(record *store.Record) (string, error) {
	var c store.Config
	if err := json.Unmarshal(record.Config, &c); err != nil {
		return "", fmt.Errorf("reproduce: record %s: %w", record.Name, err)
	}
	if c.Points.Seed == c.Seed {
		c.Points.Seed = 0
	}
	c.Seed, c.Parent = 0, ""
	data, err := c.Canonical()
	return string(data), err
}
