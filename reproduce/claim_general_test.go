// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"strings"
	"testing"

	"pinn.example/repro/data"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// contestPreset has the paper's steps, few settings and five meta-seeds.
func contestPreset(t *testing.T) Preset {
	p := claimPreset(t)
	p.General.Ones, p.General.All, p.General.Others = []float64{1, 5}, false, false
	p.General.Seeds, p.General.MetaSeeds = []int64{0}, p.Seeds
	return p
}

// plantContests puts the runs of contests into the store, with errors by row,
// column and seed; the method's own are spurious where said so.
func plantContests(t *testing.T, s *Session, p Preset, rel func(row, column string, seed int64) (float64, bool)) {
	t.Helper()
	general, err := generalContests(p)
	if err != nil {
		t.Fatal(err)
	}
	failure, err := failureContests(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range append(general, failure...) {
		for _, system := range append(c.others, c.own) {
			seeds := p.General.MetaSeeds
			if system.column != methodColumn {
				seeds = c.seeds(system)
			}
			for _, seed := range seeds {
				for _, mu := range c.row.at {
					r := system.run(c.row, mu, seed)
					if found, err := s.Find(r); err != nil || found != nil {
						continue
					}
					name := c.row.row
					if name == "" {
						name = "failure"
						r.evaluateAt = mus(table2Betas)
						if len(r.Config.Mus) == 1 {
							r.evaluateAt = r.Config.Mus
						}
					}
					e, spurious := rel(name, system.column, seed)
					var evs []pinn.Evaluation
					for _, mu := range r.evaluateAt {
						evs = append(evs, pinn.Evaluation{Mu: mu, Test: metric.Errors{RelL2: e}, TrivialTest: metric.Errors{RelL2: trivialError}, Spurious: spurious})
					}
					put(t, s, r, &store.Record{Metrics: store.Metrics{Evaluations: evs}})
				}
			}
		}
	}
}

// H07 and H17 with Table 4's own numbers, with others, and with what is spurious.
func TestGeneralClaims(t *testing.T) {
	printed := func(row, column string) float64 {
		v, err := data.Find(data.CellID("hyper-lr-pinn", "table4", row, column, "rel_err"))
		if err != nil {
			return map[bool]float64{true: .04, false: .5}[column == methodColumn] // PINN-R, and convection
		}
		return v.Value
	}
	for _, c := range []struct {
		name     string
		rel      func(row, column string, seed int64) (float64, bool)
		h07, h17 Verdict
		parts07  string
		parts17  string
	}{
		{
			name: "printed", h07: Reproduced, h17: Reproduced, parts07: "median 23", parts17: "median 2",
			rel: func(row, column string, _ int64) (float64, bool) { return printed(row, column), false },
		},
		{
			// Three rows lost to MAML alone: best in none, and yet 21 of 24 cases.
			name: "MAML is best", h07: Reproduced, h17: Differs, parts07: "median 21", parts17: "median 0",
			rel: func(row, column string, _ int64) (float64, bool) {
				if column == "MAML" && row != "failure" {
					return .001, false
				}
				return printed(row, column), false
			},
		},
		{
			name: "spurious", h07: Differs, h17: Differs, parts07: "are spurious", parts17: "median 0",
			rel: func(row, column string, _ int64) (float64, bool) {
				return printed(row, column), column == methodColumn
			},
		},
		{
			// Two seeds of five: the quartile speaks against the claims.
			name: "two bad seeds", h07: Differs, h17: Differs, parts07: "quartiles 0", parts17: "quartiles 0",
			rel: func(row, column string, seed int64) (float64, bool) {
				if column == methodColumn && seed < 2 {
					return trivialError, false
				}
				return printed(row, column), false
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := contestPreset(t)
			s := newSession(t, t.TempDir())
			plantContests(t, s, p, c.rel)
			general, err := generalContests(p)
			if err != nil {
				t.Fatal(err)
			}
			failure, err := failureContests(p)
			if err != nil {
				t.Fatal(err)
			}
			f, err := fullRankBaselines().find(s, p)
			if err != nil {
				t.Fatal(err)
			}
			if f.verdict != Reduced || !strings.Contains(f.reason, "2 of 125 settings") {
				t.Errorf("H07 is %q at 2 settings: %s", f.verdict, f.reason)
			}
			for i := range general {
				// As if all 125 had been run.
				general[i].less, general[i].lessOf = "", func(generalSystem) string { return "" }
			}
			for id, x := range map[string]struct {
				decide func(Preset, []contest) (finding, error)
				on     []contest
				want   Verdict
				part   string
			}{
				"H07": {s.majority, append(general, failure...), c.h07, c.parts07},
				"H17": {s.best, general, c.h17, c.parts17},
			} {
				f, err := x.decide(p, x.on)
				if err != nil {
					t.Fatal(err)
				}
				if f.verdict != x.want || !strings.Contains(f.reason, x.part) {
					t.Errorf("%s is %q, want %q with %q: %s", id, f.verdict, x.want, x.part, f.reason)
				}
			}
		})
	}
}
