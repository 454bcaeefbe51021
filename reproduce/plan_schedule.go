// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

// elapsed is the time, in seconds, in which a [Pool] trains runs: it goes through
// what the pool would do with atOnce narrow workers, each run taking the time
// that is expected of it.
func elapsed(runs []*PlannedRun, atOnce int) float64 {
	place := map[string]int{}
	for i, r := range runs {
		place[r.Name] = i
	}
	s := simulation{runs: runs, parent: make([]int, len(runs)), state: make([]runState, len(runs)), atOnce: max(1, atOnce)}
	for i, r := range runs {
		s.state[i], s.parent[i] = pending, -1
		if r.run.Parent != nil {
			if p, ok := place[r.run.Parent.Name()]; ok {
				s.parent[i] = p
			}
		}
	}
	for s.start(); len(s.busy) > 0; s.start() {
		s.finish()
	}
	return s.now
}

// simulation is a pool in which no time passes.
type simulation struct {
	runs   []*PlannedRun
	parent []int // place of what a run starts from, -1 where that is in the store
	state  []runState
	atOnce int
	first  int // no run before this one waits
	busy   []under
	now    float64
}

// under is a run under way.
type under struct {
	run  int
	wide bool
	end  float64
}

// start does as schedule.start.
func (s *simulation) start() {
	for s.first < len(s.runs) && s.state[s.first] != pending {
		s.first++
	}
	for i := s.first; i < len(s.runs); i++ {
		if len(s.busy) == s.atOnce || len(s.busy) > 0 && s.busy[0].wide {
			return
		}
		if s.state[i] != pending || s.parent[i] >= 0 && s.state[s.parent[i]] != trained {
			continue
		}
		wide := s.runs[i].run.wide()
		if wide && len(s.busy) > 0 {
			return // what comes after it must not overtake it
		}
		s.state[i] = running
		s.busy = append(s.busy, under{i, wide, s.now + s.runs[i].Seconds})
	}
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
	s.state[s.busy[next].run] = trained
	s.busy = append(s.busy[:next], s.busy[next+1:]...)
}
