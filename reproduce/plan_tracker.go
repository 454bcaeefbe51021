// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"time"

	"pinn.example/repro/train"
)

// Tracker follows a plan while a [Pool] carries it out, and says how far all of
// it has come. It is not safe for use by several goroutines.
type Tracker struct {
	plan   *Plan
	runs   map[string]*tracked // to train, by name
	ended  int
	failed int // of those
}

// tracked is what is known of a run.
type tracked struct {
	planned PlannedRun
	began   time.Time
	share   float64 // of its steps
	left    time.Duration
	took    time.Duration
	ended   bool
}

// Overall is how far a plan has come.
type Overall struct {
	// Ended runs are trained, failed, or not run since what they start from failed,
	// of Runs to train; Failed are those that are not trained.
	Ended, Failed, Runs int
	// Share of the work, 0 to 1, by the time that is expected of each run; one that
	// uses all processors counts for as many as would train beside each other.
	Share float64
	// Left is the expected time to the end. Runs that wait take what the plan
	// expects times what those so far took for each second planned.
	Left time.Duration
}

// NewTracker follows a plan.
func NewTracker(p *Plan) *Tracker {
	t := &Tracker{plan: p, runs: map[string]*tracked{}}
	for _, r := range p.Runs {
		if r.State != Stored && !r.NotRun {
			t.runs[r.Name] = &tracked{planned: r}
		}
	}
	return t
}

// Started tells of a run that begins. A run that the plan lacks is passed over,
// here and below.
func (t *Tracker) Started(r *Run) {
	if of := t.runs[r.Name()]; of != nil {
		of.began = time.Now()
	}
}

// Progress tells how far a run has come.
func (t *Tracker) Progress(r *Run, p train.Progress) {
	of := t.runs[r.Name()]
	if of == nil || p.StepsPerSecond == 0 { // compiled, but the time left is not known
		return
	}
	if whole := p.Steps - of.planned.Step; whole > 0 { // what is left of a run that was stopped
		of.share = min(1, max(0, float64(p.Step-of.planned.Step)/float64(whole)))
	}
	of.left = p.Left
}

// Ended tells of a run that is trained or, with its error, is not.
func (t *Tracker) Ended(r *Run, err error) {
	of := t.runs[r.Name()]
	if of == nil || of.ended {
		return
	}
	of.ended = true
	t.ended++
	if err != nil {
		t.failed++
		return
	}
	of.share = 1
	if !of.began.IsZero() {
		of.took = time.Since(of.began)
	}
}

// Overall says how far the plan has come.
func (t *Tracker) Overall() Overall {
	o := Overall{Ended: t.ended, Failed: t.failed, Runs: len(t.runs)}
	pace := t.pace()
	done, all := 0., 0.
	var rest []*PlannedRun
	for _, r := range t.plan.Runs { // in their order, which is the pool's
		of := t.runs[r.Name]
		if of == nil {
			continue
		}
		work := r.Seconds
		if r.run.wide() {
			work *= float64(t.plan.AtOnce)
		}
		all += work
		switch {
		case of.ended:
			done += work
			continue
		case of.share > 0:
			r.Seconds = of.left.Seconds()
		default:
			r.Seconds *= pace
		}
		done += work * of.share
		rest = append(rest, &r)
	}
	if all > 0 {
		o.Share = done / all
	}
	o.Left = toDuration(elapsed(rest, t.plan.AtOnce))
	return o
}

// pace is the time that runs took, or will have taken, for each second planned.
func (t *Tracker) pace() float64 {
	took, planned := 0., 0.
	for _, of := range t.runs {
		switch {
		case of.took > 0:
			took += of.took.Seconds()
		case !of.ended && of.share > 0 && !of.began.IsZero():
			took += (time.Since(of.began) + of.left).Seconds()
		default:
			continue
		}
		planned += of.planned.Seconds
	}
	if planned == 0 {
		return 1
	}
	return took / planned
}
