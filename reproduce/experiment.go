// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
)

// Experiment is one table or figure of a paper, or of what goes beyond both.
type Experiment struct {
	// ID is paper/table or paper/figure, such as "hyper-lr-pinn/table2", or beyond/name; see
	// Name.
	ID string
	// Title says what it shows.
	Title string

	// runs are what the experiment needs, in the order of training.
	runs func(p Preset) ([]*Run, error)
	// render makes the tables and figures from finished runs; it trains nothing.
	render func(ctx context.Context, s *Session, p Preset) (Output, error)
}

// Output is what an experiment renders.
type Output struct {
	Tables  []report.Table
	Figures []report.Figure
}

// Experiments lists the experiments in the order of the papers, then what goes beyond.
func Experiments() []Experiment {
	return []Experiment{figure1(), figure2(), figure3(), figure4(), figure5(), figure6(), figure7(), table1(), table2(), table3(), table4(), appendixD(), appendixL(), appendixM(), appendixN(), appendixO(), appendixQ(), appendixS(), appendixT(), boundary(), patientLearning(), failureModes(), speed(), spuriousPoints(), hyperFigure1(), hyperFigure2(), hyperFigure3(), hyperFigure4(), hyperFigure5(), hyperTable1(), lorenz(), choices(), beyondTable2(), beyondFig2(), robustness(), rescue(), beyondMany(), beyondEpochs(), beyondSize(), beyondEquations()}
}

// FindExperiments returns the experiments with these ids, all of them where
// there are none. An unknown id is an error that lists the known ones.
func FindExperiments(ids []string) ([]Experiment, error) {
	all := Experiments()
	if len(ids) == 0 {
		return all, nil
	}
	var found []Experiment
	for _, id := range ids {
		i := slices.IndexFunc(all, func(e Experiment) bool { return e.ID == id || e.Name() == id })
		if i < 0 {
			var known []string
			for _, e := range all {
				known = append(known, e.Name())
			}
			return nil, fmt.Errorf("unknown experiment %q; known are %s", id, strings.Join(known, ", "))
		}
		if !slices.ContainsFunc(found, func(e Experiment) bool { return e.ID == all[i].ID }) {
			found = append(found, all[i])
		}
	}
	return found, nil
}

// Name is the experiment's id on the command line: that of the first paper goes
// without the paper's name.
func (e Experiment) Name() string { return strings.TrimPrefix(e.ID, "hyper-lr-pinn/") }

// Command is the command line that makes the experiment.
func (e Experiment) Command(p Preset) string {
	return fmt.Sprintf("make reproduce PRESET=%s ARGS=%s", p.Name, e.Name())
}

// Runs lists the runs that experiments need, parents before what starts from
// them, each once.
func Runs(experiments []Experiment, p Preset) ([]*Run, error) {
	asked, err := asked(experiments, p)
	if err != nil {
		return nil, err
	}
	return withParents(slices.Concat(asked...)), nil
}

// asked are the runs that each experiment asks for.
func asked(experiments []Experiment, p Preset) ([][]*Run, error) {
	all := make([][]*Run, len(experiments))
	for i, e := range experiments {
		if e.runs == nil {
			continue
		}
		var err error
		if all[i], err = e.runs(p); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	return all, nil
}

// withParents puts what runs start from before them and leaves out what was there
// already.
func withParents(asked []*Run) []*Run {
	var runs []*Run
	seen := map[string]bool{}
	var add func(r *Run)
	add = func(r *Run) {
		if r == nil || seen[r.Name()] {
			return
		}
		add(r.Parent)
		seen[r.Name()] = true
		runs = append(runs, r)
	}
	for _, r := range asked {
		add(r)
	}
	return runs
}

// convection is the problem of Tables 2 and 3 and Figures 2 to 6: u_t + βu_x = 0,
// u(x, 0) = 1 + sin x, with the authors' points (section 4.2.1).
func convection() (pinn.Setup, error) {
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		return pinn.Setup{}, err
	}
	return setupOf(p, pde.Sample{Set: "published"})
}

// setups holds every setup that was made: drawing its points takes milliseconds,
// and nothing changes them.
var setups sync.Map // of the problem's ID and the sample

func setupOf(p pde.Problem, sample pde.Sample) (pinn.Setup, error) {
	key := fmt.Sprintf("%s %+v", p.ID(), sample)
	if s, ok := setups.Load(key); ok {
		return s.(pinn.Setup), nil
	}
	s, err := pinn.NewSetup(p, sample)
	if err == nil {
		setups.Store(key, s)
	}
	return s, err
}

// mus are the convection parameters (β, 0, 0).
func mus(betas []float64) [][]float64 {
	out := make([][]float64, len(betas))
	for i, beta := range betas {
		out[i] = []float64{beta, 0, 0}
	}
	return out
}
