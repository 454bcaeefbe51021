// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"path"
	"strings"
)

// Goal is a cell of a table, over all its seeds, or a figure: what needs runs to
// be shown in full.
type Goal struct {
	Experiment string `json:"experiment"`
	// Label tells a person which cell it is; it is empty for a figure.
	Label string `json:"label,omitempty"`
	// NotRun counts the runs that the plan leaves out, of Runs that the goal shows.
	Runs   int `json:"runs"`
	NotRun int `json:"not_run"`
	// Complete says that all is there that the goal needs, or will be.
	Complete bool `json:"complete"`

	runs  [][]string // the name of each run, after those of what it starts from
	needs []string   // all of these, each once
}

// String is such as "table2: Phase 2 at beta=30, full rank".
func (g Goal) String() string {
	name := Experiment{ID: g.Experiment}.Name()
	if g.Label == "" {
		return name
	}
	return name + ": " + g.Label
}

// goalsOf are the goals of an experiment: a figure is one; in a table, runs that
// differ in nothing but the seed are one cell.
func goalsOf(e Experiment, runs []*Run) []Goal {
	var goals []Goal
	at := map[string]int{}           // place of the goal of a label
	var needed []map[string]struct{} // by each goal
	for _, r := range runs {
		label := ""
		if !strings.HasPrefix(path.Base(e.ID), "fig") {
			// Labels tell runs apart, so that without the seed they name a cell.
			label = strings.TrimSuffix(r.Label, fmt.Sprintf(", seed %d", r.Config.Seed))
		}
		i, ok := at[label]
		if !ok {
			i = len(goals)
			at[label] = i
			goals = append(goals, Goal{Experiment: e.ID, Label: label})
			needed = append(needed, map[string]struct{}{})
		}
		g := &goals[i]
		g.Runs++
		g.runs = append(g.runs, ancestry(r))
		for _, name := range g.runs[g.Runs-1] {
			if _, ok := needed[i][name]; !ok {
				needed[i][name] = struct{}{}
				g.needs = append(g.needs, name)
			}
		}
	}
	return goals
}

// ancestry names what a run starts from, first to last, and the run.
func ancestry(r *Run) []string {
	if r == nil {
		return nil
	}
	return append(ancestry(r.Parent), r.Name())
}
