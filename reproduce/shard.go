// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Shard is a part of the runs of a command, for one of several jobs: the first of four
// is Shard{1, 4}.
type Shard struct{ Part, Of int }

// UnmarshalText reads a shard from "1/4".
func (s *Shard) UnmarshalText(text []byte) error {
	part, of, ok := strings.Cut(string(text), "/")
	i, ierr := strconv.Atoi(part)
	n, nerr := strconv.Atoi(of)
	if !ok || ierr != nil || nerr != nil || i < 1 || i > n {
		return fmt.Errorf("expected a part and the number of parts, such as 1/4 to 4/4, got %q", text)
	}
	s.Part, s.Of = i, n
	return nil
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Part, s.Of) }

// Runs returns the runs of a shard, in their order. A run is in the shard of what it
// starts from, so that no shard waits for another or trains what another does. The
// times of the shards are balanced by [Estimate]: chains of runs, the longest first, go
// to the shard that has least. Then none takes longer than an equal part of the time
// and the longest chain together. The parts are the same on every machine, whatever
// its store holds; together they are all of the runs.
func (s Shard) Runs(runs []*Run) ([]*Run, error) {
	type chain struct {
		root string
		time time.Duration
	}
	var chains []*chain
	byRoot := map[string]*chain{}
	for _, r := range withParents(runs) {
		took, err := Estimate(r)
		if err != nil {
			return nil, err
		}
		if !r.wide() {
			took /= 2 // two are trained at once on the 2 cores of the estimate
		}
		root := rootOf(r)
		c := byRoot[root]
		if c == nil {
			c = &chain{root: root}
			byRoot[root] = c
			chains = append(chains, c)
		}
		c.time += took
	}
	slices.SortFunc(chains, func(a, b *chain) int {
		if a.time != b.time {
			return int(min(1, max(-1, b.time-a.time)))
		}
		return strings.Compare(a.root, b.root)
	})
	loads := make([]time.Duration, s.Of)
	mine := map[string]bool{}
	for _, c := range chains {
		least := 0
		for i, load := range loads {
			if load < loads[least] {
				least = i
			}
		}
		loads[least] += c.time
		mine[c.root] = least == s.Part-1
	}
	return slices.DeleteFunc(withParents(runs), func(r *Run) bool { return !mine[rootOf(r)] }), nil
}

// rootOf names the run that a run's chain begins with.
func rootOf(r *Run) string {
	for r.Parent != nil {
		r = r.Parent
	}
	return r.Name()
}
