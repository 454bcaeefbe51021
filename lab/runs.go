// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"strings"

	"pinn.example/repro/reproduce"
)

// Runs returns the runs of an experiment of the command reproduce whose label holds
// all of the words. There is at least one.
func Runs(p reproduce.Preset, experiment string, words ...string) []*reproduce.Run {
	all := Must(reproduce.Runs(Must(reproduce.FindExperiments([]string{experiment})), p))
	var found []*reproduce.Run
	for _, run := range all {
		if matches(run.Label, words) {
			found = append(found, run)
		}
	}
	if len(found) == 0 {
		Check(fmt.Errorf("experiment %s of preset %s has no run with %q in its label; it has:\n%s", experiment, p.Name, words, labels(all)))
	}
	return found
}

// Run is Runs where the words are those of one run alone.
func Run(p reproduce.Preset, experiment string, words ...string) *reproduce.Run {
	found := Runs(p, experiment, words...)
	if len(found) > 1 {
		Check(fmt.Errorf("%d runs of experiment %s have %q in their labels; say more:\n%s", len(found), experiment, words, labels(found)))
	}
	return found[0]
}

func labels(runs []*reproduce.Run) string {
	lines := make([]string, len(runs))
	for i, run := range runs {
		lines[i] = "  " + run.Label
	}
	return strings.Join(lines, "\n")
}

// Full returns the preset of the trained weights that lessons start from, laptop,
// whose runs take hours to train; in the preset smoke it is smoke as well.
func Full() reproduce.Preset {
	if p := Preset(); p.Name == Smoke {
		return p
	}
	return Must(reproduce.FindPreset("laptop"))
}

// shipped are the runs that lessons start from without training them, since their
// weights lie in the published results of the preset laptop: the five seeds of Phase 1 on
// β = 30 … 40 and the first on β = 1 … 20, the first seed of the robust Phase 1 that goes
// beyond the paper, and the first seed of each network on Burgers' equation and on the
// Lorenz system. All else a lesson trains.
func shipped() []*reproduce.Run {
	p := Full()
	runs := Runs(p, "table2", "Phase 1 on beta=30")
	runs = append(runs, Runs(p, "fig6", "Phase 1 on beta=1", "seed 0")...)
	runs = append(runs, Runs(p, "beyond/many", "Phase 1 on beta=30")...)
	runs = append(runs, Runs(p, "hyperpinn/table1", "seed 0")...)
	return append(runs, Runs(p, "hyperpinn/lorenz", "seed 0")...)
}
