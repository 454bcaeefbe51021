// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// went is a finished run whose loss and relative error went so, at steps 100, 200, ….
func went(spurious bool, boundary, errors []float64) finishedRun {
	h := train.History{Terms: []string{"residual", "boundary"}, Probes: []string{"rel_err"}, Rows: []train.Row{{Step: 0, Probes: []float64{1}}}}
	for i, b := range boundary {
		h.Rows = append(h.Rows, train.Row{Step: 100 * (i + 1), Terms: []float64{.001, b}, Probes: []float64{errors[i]}})
	}
	ev := pinn.Evaluation{Spurious: spurious}
	return finishedRun{&Run{}, &store.Record{History: h, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{{}, ev}}}, ev, h.Rows[1].Total()}
}

func TestWhyANumberIsNotThePublishedOne(t *testing.T) {
	falling, still, rising := []float64{10, 1, .5, .1}, []float64{10, .12, .11, .11}, []float64{10, .1, .1, .2}
	errors := []float64{1, .5, .3, .2}
	small := went(false, []float64{2e5, .001, .001, .001}, errors)
	fromPhase1 := went(false, []float64{.002, .001, .001, .001}, errors)
	fromPhase1.begun = 2e5
	unknown := went(false, still, errors)
	unknown.begun = math.NaN()
	jumps := went(false, still, errors)
	jumps.record.History.Rows = append(jumps.record.History.Rows,
		train.Row{Step: 401, Terms: []float64{.001, .11}}, train.Row{Step: 402, Terms: []float64{.001, .9}})
	slabs := went(false, falling, errors)
	slabs.Config.Model = slabsModel{}
	for _, c := range []struct {
		name      string
		role      Role
		found     []finishedRun
		values    []float64
		because   string
		published float64
		want      []string // empty: no reason
	}{
		{"what is known beside it", RoleMethod, []finishedRun{went(false, still, errors)}, []float64{.2}, "it is Tuesday", .04, []string{"it is Tuesday"}},
		{
			"stands still", RoleMethod,
			[]finishedRun{went(false, still, errors)},
			[]float64{.2},
			"", .04,
			[]string{"the measured reason: when training ends the loss stands still at 0.111", "99 % of it the boundary term"},
		},
		{"still falls", RoleBaseline, []finishedRun{went(false, falling, errors)}, []float64{.2}, "", .04, []string{"the loss is still falling at 0.101"}},
		{
			"the spurious one's loss says nothing", RoleMethod,
			[]finishedRun{went(true, falling, errors), went(false, still, errors), went(false, still, errors)},
			[]float64{.2},
			"", .04,
			[]string{"the loss of 2 networks of 3, which are not spurious, stands still at 0.111"},
		},
		{"half of them are spurious", RoleMethod, []finishedRun{went(true, falling, errors), went(false, still, errors)}, []float64{.2}, "", .04, nil},
		{
			"each in its way", RoleMethod,
			[]finishedRun{went(false, falling, errors), went(false, still, errors), went(false, still, errors), went(false, rising, errors)},
			[]float64{.2},
			"", .04,
			[]string{"the loss of all 4 networks stands still in 2, is still falling in 1, is rising in 1 at 0.111"},
		},
		{"a jump at the end", RoleMethod, []finishedRun{jumps}, []float64{.2}, "", .04, []string{"the loss stands still at 0.111"}},
		{"all are spurious", RoleMethod, []finishedRun{went(true, still, errors)}, []float64{.2}, "", .04, nil},
		{"the loss is small", RoleMethod, []finishedRun{small}, []float64{.2}, "", .04, nil},
		{"it is small beside that of Phase 1", RoleMethod, []finishedRun{fromPhase1}, []float64{.2}, "", .04, nil},
		{"what it started from is not there", RoleMethod, []finishedRun{unknown}, []float64{.2}, "", .04, nil},
		{"stages", RoleBaseline, []finishedRun{slabs}, []float64{.2}, "", .04, nil},
		{"a baseline below its published value", RoleBaseline, []finishedRun{went(false, falling, errors)}, []float64{.2}, "", .4, []string{"from step 300 of 400 on"}},
		{"the mean passes it", RoleBaseline, []finishedRun{went(false, falling, errors), went(false, falling, []float64{1, 1, .4, .2})}, []float64{.2}, "", .3, []string{"from step 400 of 400 on"}},
		{"below it long before the end", RoleBaseline, []finishedRun{went(false, falling, errors)}, []float64{.2}, "", .6, nil},
		{"below it from the first step on", RoleBaseline, []finishedRun{went(false, falling, errors)}, []float64{.2}, "", 2, nil},
		{"the probes are of something else", RoleBaseline, []finishedRun{went(false, falling, errors)}, []float64{.1}, "", .4, nil},
		{"the published one is a seed's", RoleMethod, []finishedRun{went(false, still, errors)}, []float64{.03, .2, .3}, "", .04, []string{"the measured reason: it depends on the seed, from 0.03 to 0.3 with a median of 0.2; when training ends the loss stands still at 0.111"}},
		{
			"a spurious one is no seed to depend on", RoleMethod,
			[]finishedRun{went(false, still, errors), went(false, still, errors), went(false, still, errors), went(true, still, errors)},
			[]float64{.03, .2, .3, .9},
			"", .04,
			[]string{"the measured reason, beside the spurious runs: it depends on the seed, from 0.03 to 0.3 with a median of 0.2 among the 3 that are not spurious"},
		},
		{
			"only a spurious one is as bad as the published", RoleMethod,
			[]finishedRun{went(false, still, errors), went(false, still, errors), went(false, still, errors), went(true, still, errors)},
			[]float64{.03, .2, .3, .9},
			"", .6,
			nil,
		},
		{
			"a baseline's spurious seeds are as bad as the published", RoleBaseline,
			[]finishedRun{went(false, still, errors), went(false, still, errors), went(true, still, errors)},
			[]float64{.03, .04, .9},
			"", .85,
			[]string{"the published value is near those of the spurious networks (1, from 0.9 to 0.9) and far from the others (2, from 0.03 to 0.04)"},
		},
		{
			"a baseline's network is spurious at another of its settings", RoleBaseline,
			[]finishedRun{went(false, still, errors), went(false, still, errors), went(false, still, errors)},
			[]float64{.03, .04, .05},
			"", .85,
			nil,
		},
		{
			"a baseline's other seeds are as bad", RoleBaseline,
			[]finishedRun{went(false, still, errors), went(false, still, errors), went(true, still, errors)},
			[]float64{.03, .4, .9},
			"", .85,
			nil,
		},
		{"seeds above the published one", RoleMethod, []finishedRun{went(false, still, errors)}, []float64{.045, .2, .3}, "", .04, []string{"stands still"}},
		{"a seed within the margin", RoleMethod, []finishedRun{went(false, still, errors)}, []float64{.043, .2, .3}, "", .04, []string{"depends on the seed"}},
		{"two seeds", RoleMethod, []finishedRun{went(false, still, errors)}, []float64{.03, .3}, "", .04, []string{"stands still"}},
		{"seeds that agree", RoleMethod, []finishedRun{went(false, still, errors)}, []float64{.035, .05, .1}, "", .04, []string{"stands still"}},
		{"a count", RoleCount, []finishedRun{went(false, still, errors)}, []float64{.2}, "", .04, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := measurement{found: c.found, evidence: Evidence{Role: c.role, Values: c.values, Because: c.because}}
			for _, f := range c.found {
				if f.ev.Spurious {
					m.evidence.Spurious++
				}
			}
			if strings.Contains(c.name, "at another of its settings") {
				m.evidence.Spurious = 1
			}
			before := slices.Clone(c.found[0].record.History.Rows)
			got := m.why("rel_err", c.published)
			if after := c.found[0].record.History.Rows; !reflect.DeepEqual(before, after) {
				t.Errorf("the history was %v and is %v", before, after)
			}
			if len(c.want) == 0 && got != "" {
				t.Errorf("the reason is %q, want none", got)
			}
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("the reason is %q, want it to say %q", got, want)
				}
			}
		})
	}
}
