// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import "slices"

// elapsed is the time, in seconds, in which a [Pool] trains runs: it goes through
// what the pool would do with atOnce narrow workers, each run taking the time
// that is expected of it.
func elapsed(runs []*PlannedRun, atOnce int) float64 {
	place := make(map[string]int, len(runs))
	for i, r := range runs {
		place[r.Name] = i
	}
	s := newSimulation(atOnce)
	s.runs = make([]simulated, 0, len(runs))
	for _, r := range runs {
		parent := -1
		if r.run.Parent != nil {
			if p, ok := place[r.run.Parent.Name()]; ok {
				parent = p
			}
		}
		s.add(r, parent)
	}
	return s.toEnd()
}

// simulation is a pool in which no time passes.
type simulation struct {
	atOnce int
	runs   []simulated
	begun  []bool // by run
	ended  []bool
	first  int // all runs before this one have begun
	busy   []under
	now    float64
}

// simulated is a run of a simulation.
type simulated struct {
	seconds float64
	wide    bool
	parent  int // place of what it starts from, -1 where that is in the store
}

// under is a run under way.
type under struct {
	run  int
	wide bool
	end  float64
}

func newSimulation(atOnce int) simulation { return simulation{atOnce: max(1, atOnce)} }

// clone is a simulation that can go on by itself. The runs are shared: of several
// clones, only one may be given more.
func (s *simulation) clone() simulation {
	c := *s
	c.begun, c.ended, c.busy = slices.Clone(s.begun), slices.Clone(s.ended), slices.Clone(s.busy)
	return c
}

// add puts a run after the others, of which one may be its parent.
func (s *simulation) add(r *PlannedRun, parent int) {
	s.runs = append(s.runs, simulated{r.Seconds, r.run.wide(), parent})
	s.begun, s.ended = append(s.begun, false), append(s.ended, false)
}

// toEnd goes on to the end of all runs, and returns its time.
func (s *simulation) toEnd() float64 {
	for s.start(); len(s.busy) > 0; s.start() {
		s.finish()
	}
	return s.now
}

// upToRoom goes on to the first time at which another run, were there one after
// these, might begin. What happens before then does not depend on it.
func (s *simulation) upToRoom() {
	for !s.start() {
		s.finish()
	}
}

// start does as schedule.start, and reports whether a worker is left for a run
// that came after these.
func (s *simulation) start() (room bool) {
	for s.first < len(s.runs) && s.begun[s.first] {
		s.first++
	}
	for i := s.first; i < len(s.runs) && s.free(); i++ {
		r := s.runs[i]
		if s.begun[i] || r.parent >= 0 && !s.ended[r.parent] {
			continue
		}
		if r.wide && len(s.busy) > 0 {
			return false // what comes after it must not overtake it
		}
		s.begun[i] = true
		s.busy = append(s.busy, under{i, r.wide, s.now + r.seconds})
	}
	return s.free()
}

// free reports whether a narrow worker could begin a run.
func (s *simulation) free() bool {
	return len(s.busy) < s.atOnce && (len(s.busy) == 0 || !s.busy[0].wide)
}

// finish goes on to the next end of a run.
func (s *simulation) finish() {
	next := 0
	for i, u := range s.busy {
		if u.end < s.busy[next].end {
			next = i
		}
	}
	s.now = s.busy[next].end
	s.ended[s.busy[next].run] = true
	s.busy = append(s.busy[:next], s.busy[next+1:]...)
}
