// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"math"

	"pinn.example/repro/reproduce"
)

// described are the presets and what they run.
var described = []struct{ name, runs string }{
	{"smoke", "every path, with a few steps; its numbers mean nothing and get no verdict"},
	{"quick", "the default: the method's columns of Table 2 and Figure 2 with the paper's steps, one seed; all else reduced"},
	{"laptop", "all experiments. Five seeds of the method in Table 2, of Figures 4, 5 (four at a tenth of its β) and 6, of appendix Q, of `failure`, of HyperPINN and of most of `beyond/…`, elsewhere one to three; Table 4, Figure 5, the Helmholtz equation and the meta-learners with a tenth to half of the paper's steps, so that their numbers stay *reduced*"},
	{"paper", "all of it, all seeds, all 125 settings of Table 4; [elsewhere](docs/cost.md)"},
}

// presets is the table of the presets with the times of their budget on 2 cores.
func presets() (string, error) {
	var b bytes.Buffer
	fmt.Fprintln(&b, "\n| preset | what it runs | time on 2 cores with XLA |")
	fmt.Fprintln(&b, "|---|---|---|")
	for _, d := range described {
		p, err := reproduce.FindPreset(d.name)
		if err != nil {
			return "", err
		}
		takes := "3 to 6 minutes" // measured: compilation is most of it
		if !p.Smoke {
			r, err := reproduce.ReplayOn(p, reproduce.Cluster{Nodes: 1, Cores: 2})
			if err != nil {
				return "", err
			}
			takes = about(r.Elapsed / 3600)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", d.name, d.runs, takes)
	}
	fmt.Fprintln(&b)
	return b.String(), nil
}

// about is a number of hours for a person.
func about(hours float64) string {
	switch {
	case hours < 1:
		return fmt.Sprintf("about %.0f minutes", 60*hours)
	case hours < 48:
		return fmt.Sprintf("about %.0f hours, in as many sittings as you like", hours)
	}
	return fmt.Sprintf("about %g days", math.Round(2*hours/24)/2)
}
