// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
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
// On the same platform (see [store.Fingerprint]) the bits must be the same. On another one, float32 sums in another order part over
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
	var seeds *seedErrors
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
		if seeds == nil {
			if seeds, err = newSeedErrors(from); err != nil {
				return replicas, failed, err
			}
		}
		c, err := compareReplica(seeds, kept, again)
		if err != nil {
			return replicas, failed, err
		}
		replicas = append(replicas, Replica{Run: r, OK: c.ok, Finding: c.finding})
	}
	return replicas, failed, nil
}

// comparison is what two records of one name say of each other.
type comparison struct {
	ok bool // they are of the same run
	// finding says in a line what was found.
	finding string
	// rel L2 of both at the evaluation that lies furthest out of its tolerance; it is
	// NaN where the bits are the same or the records have no numbers to compare.
	kept, again, tolerance float64
}

// compareReplica says whether two records of one name are of the same run.
func compareReplica(seeds *seedErrors, kept, again *store.Record) (comparison, error) {
	other := kept.Manifest.Fingerprint().Changes(again.Manifest.Fingerprint())
	what, same := sameRun(kept, again)
	says := func(ok bool, format string, args ...any) (comparison, error) {
		return comparison{ok, fmt.Sprintf(format, args...), math.NaN(), math.NaN(), math.NaN()}, nil
	}
	switch {
	case same && len(other) == 0:
		return says(true, "the same bits (%s)", what)
	case same:
		return says(true, "the same bits (%s), on another platform: %s", what, strings.Join(other, ", "))
	case len(other) == 0:
		return says(false, "other bits on the same platform: %s differ", what)
	}
	before, now := relErrors(kept), relErrors(again)
	if len(before) == 0 || len(now) != len(before) {
		return says(false, "the record has other evaluations")
	}
	over, err := seeds.of(kept)
	if err != nil {
		return comparison{}, err
	}
	// The evaluation that lies furthest out of its tolerance stands for all.
	worst, c := -1., comparison{}
	for i, k := range before {
		_, sd := meanAndSD(over[i])
		tolerance := sample{n: len(over[i]), mean: k, sd: sd}.margin()
		far := 0.
		if off := math.Abs(k - now[i]); off != 0 {
			far = off / tolerance
		}
		if !(far <= worst) { // a NaN is the worst
			worst = far
			c.kept, c.again, c.tolerance = k, now[i], tolerance
		}
	}
	c.ok = worst <= 1
	within := "outside"
	if c.ok {
		within = "within"
	}
	c.finding = fmt.Sprintf("%s tolerance on another platform (%s): rel L2 %.4g, now %.4g, tolerance %.2g",
		within, strings.Join(other, ", "), c.kept, c.again, c.tolerance)
	return c, nil
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
	// As files: a number that is none is not equal to itself.
	sum := kept.Manifest.Files["metrics.json"]
	if (sum == "" || sum != again.Manifest.Files["metrics.json"]) && !reflect.DeepEqual(kept.Metrics, again.Metrics) {
		return "metrics", false
	}
	few, many := kept.History.Rows, again.History.Rows
	if len(few) > len(many) {
		few, many = many, few
	}
	rows := map[int]train.Row{}
	for _, row := range many {
		rows[row.Step] = row
	}
	for _, row := range few {
		if !sameNumbers(row.Terms, rows[row.Step].Terms) || !sameNumbers(row.Probes, rows[row.Step].Probes) {
			return fmt.Sprintf("the histories at step %d", row.Step), false
		}
	}
	if kept.Weights != nil && again.Weights != nil {
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
