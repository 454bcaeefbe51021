// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"strings"
	"testing"
)

// TestReplay: schedules that are seen at once.
func TestReplay(t *testing.T) {
	chain := []job{{10, 1, -1}, {20, 1, 0}, {5, 1, 1}}
	fan := []job{{10, 2, -1}, {30, 1, 0}, {20, 1, 0}, {10, 1, 0}}
	var many []job
	for range 100 {
		many = append(many, job{1, 1, -1})
	}
	for _, c := range []struct {
		name                            string
		jobs                            []job
		on                              Cluster
		work, critical, elapsed, idling float64
	}{
		{"nothing", nil, Cluster{1, 2}, 0, 0, 0, 0},
		{"a chain waits for itself", chain, Cluster{10, 64}, 35, 35, 35, 1 - 1./640},
		{"what starts from one run, the longest first", fan, Cluster{1, 2}, 80, 40, 40, 0},
		{"on more cores only the longest counts", fan, Cluster{1, 3}, 80, 40, 40, 1 - 80./120},
		{"equal runs share cores", many, Cluster{5, 4}, 100, 1, 5, 0},
		{"a wide run needs its cores on one node", []job{{1, 2, -1}, {1, 1, -1}, {1, 1, -1}}, Cluster{2, 2}, 4, 1, 1, 0},
		{"a smaller one goes where a wide one has no room", []job{{3, 1, -1}, {2, 2, -1}, {1, 1, -1}}, Cluster{1, 2}, 8, 3, 5, .2},
	} {
		got, err := replayJobs(c.jobs, c.on)
		if err != nil {
			t.Fatal(err)
		}
		if got.Work != c.work || got.Critical != c.critical || got.Elapsed != c.elapsed || math.Abs(got.Idle-c.idling) > 1e-12 {
			t.Errorf("%s: %+v, want work %v, critical %v, elapsed %v, idle %v", c.name, got, c.work, c.critical, c.elapsed, c.idling)
		}
	}
	if _, err := replayJobs([]job{{1, 2, -1}}, Cluster{9, 1}); err == nil || !strings.Contains(err.Error(), "takes 2 cores and a node has 1") {
		t.Errorf("a run that fits on no node: %v", err)
	}
}

// TestReplayOfPresets: no schedule is shorter than the longest chain, or than the work
// by the cores, and ten nodes are no slower than one.
func TestReplayOfPresets(t *testing.T) {
	for _, p := range Presets() {
		last := math.Inf(1)
		for _, c := range []Cluster{{1, 2}, {1, 16}, {10, 16}} {
			r, err := ReplayOn(p, c)
			if err != nil {
				t.Fatal(err)
			}
			if r.Elapsed < r.Critical*(1-1e-12) || r.Elapsed < r.Work/float64(c.Nodes*c.Cores)*(1-1e-12) || r.Elapsed > last || r.Runs == 0 || r.Steps == 0 {
				t.Errorf("%s on %+v: %+v", p.Name, c, r)
			}
			last = r.Elapsed
		}
	}
}
