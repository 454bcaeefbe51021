// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"math"

	"pinn.example/repro/baselines"
	"pinn.example/repro/data"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// patientLearning trains Table 2's meta-learners as long as Hyper-LR-PINN's Phase 1,
// so that their failure, if it is one, can't be one of too little training.
func patientLearning() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/compute",
		Title:  "Meta-learners at the compute of Phase 1",
		runs:   equalComputeRuns,
		render: renderEqualCompute,
	}
}

// equalComputeRank is the rank at which they are trained so long.
const equalComputeRank = 30

// patientLearner is a meta-learner with the outer steps that take as many gradients
// as Phase 1.
type patientLearner struct {
	name  string
	start func(s study, seed int64) *Run
}

var patientLearners = []patientLearner{
	{"MAML", func(s study, seed int64) *Run {
		net := baseOf(s.setup, equalComputeRank, seed)
		m := baselines.MAML{On: net.on, Mus: s.train}.WithDefaults()
		steps := phase1Steps(s, m.Tasks*(m.InnerSteps+1))
		return mamlRun(net, m, s.adapted, train.Settings{Steps: steps, LearningRate: metaRate}).withNote(fmt.Sprintf("%d steps", steps))
	}},
	{"Reptile", func(s study, seed int64) *Run {
		net := baseOf(s.setup, equalComputeRank, seed)
		r := baselines.Reptile{On: net.on, Mus: s.train}.WithDefaults()
		steps := phase1Steps(s, r.InnerSteps)
		return reptileRun(net, r, s.adapted, train.Settings{Steps: steps}).withNote(fmt.Sprintf("%d steps", steps))
	}},
}

// phase1Gradients is how many gradients of the loss at one μ Phase 1 takes.
func phase1Gradients(s study) int { return s.steps.phase1 * len(s.train) }

// phase1Steps is how many outer steps of so many gradients take no fewer.
func phase1Steps(s study, gradients int) int { return (phase1Gradients(s) + gradients - 1) / gradients }

// patientRuns are the fine-tunings at mu, by learning rate and seed.
func patientRuns(s study, p Preset, l patientLearner, mu []float64) [len(neededRates)][]*Run {
	var runs [len(neededRates)][]*Run
	for _, seed := range p.Ablation.Seeds {
		start := l.start(s, seed)
		for i, rate := range neededRates {
			settings := train.Settings{Steps: s.steps.scratch, LearningRate: rate}
			run := fineTuneRun(start, baseOf(s.setup, equalComputeRank, seed), mu, settings)
			runs[i] = append(runs[i], run.withNote(fmt.Sprintf("rate %g", rate)))
		}
	}
	return runs
}

func equalComputeRuns(p Preset) ([]*Run, error) {
	if !p.Ablation.EqualCompute {
		return nil, nil
	}
	s, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, l := range patientLearners {
		for _, mu := range mus(table2Betas) {
			for _, of := range patientRuns(s, p, l, mu) {
				runs = append(runs, of...)
			}
		}
	}
	return runs, nil
}

func renderEqualCompute(_ context.Context, s *Session, p Preset) (Output, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return Output{}, err
	}
	t := report.Table{
		ID:    patientLearning().ID,
		Title: patientLearning().Title,
		Note: fmt.Sprintf("Rank %d, meta-trained with as many gradients of the loss at one β as Phase 1 takes (%d), then fine-tuned for %d steps at both learning rates, of which the one with the lower training loss counts. Beside the numbers of Table 2.",
			equalComputeRank, phase1Gradients(st), st.steps.scratch),
	}
	command := patientLearning().Command(p)
	for _, l := range patientLearners {
		for _, mu := range mus(table2Betas) {
			for _, name := range []string{"abs_err", "rel_err"} {
				var m measurement
				if p.Ablation.EqualCompute {
					if m, err = s.patient(st, p, l, mu, name); err != nil {
						return Output{}, err
					}
				}
				row := table2Row(mu, equalComputeRank)
				published, err := data.Find(data.CellID("hyper-lr-pinn", "table2", row, l.name, name))
				if err != nil {
					return Output{}, err
				}
				if len(m.evidence.Values) > 0 && m.evidence.Because == "" {
					if m.evidence.Because, err = s.lessTrained(p, l, mu, name, published.Value); err != nil {
						return Output{}, err
					}
				}
				m.evidence.Role, m.evidence.Smoke, m.evidence.Published = RoleBaseline, p.Smoke, &published.Value
				m.evidence.Reduced = joinReasons(prefixed("Phase 1's compute: ", reduced(p.Phase1Steps, paperPhase1Steps)), prefixed("fine-tuning: ", lessScratch(st.steps)))
				c, err := m.cell(report.Cell{
					ID: data.CellID("hyper-lr-pinn", "compute", row, l.name, name), Row: row, Column: l.name, Metric: name, Unit: published.Unit,
					Published: &published.Value, PublishedText: published.Text, Source: published.Source, Command: command,
				})
				if err != nil {
					return Output{}, err
				}
				t.Cells = append(t.Cells, c)
			}
		}
	}
	return Output{Tables: []report.Table{t}}, nil
}

// lessTrained says that the published value is that of a meta-learner trained as Table 2's
// is here, where it is, on enough seeds none of which is spurious.
func (s *Session) lessTrained(p Preset, l patientLearner, mu []float64, metricName string, published float64) (string, error) {
	t, err := table2Systems(p)
	if err != nil {
		return "", err
	}
	for _, b := range t.baselines() {
		if b.name != l.name {
			continue
		}
		m, err := s.measure(t.baseline(b, mu, equalComputeRank), mu, metricName)
		if err != nil || len(m.evidence.Values) < minSeeds || m.evidence.Spurious > 0 {
			return "", err
		}
		of := m.evidence.sample(m.evidence.Values, published)
		if !of.within() {
			return "", nil
		}
		return fmt.Sprintf("the measured reason: it depends on how it is trained; after %d steps of meta-training and at the learning rate of Table 2: %s", m.found[0].Parent.Config.Train.Steps, of), nil
	}
	return "", fmt.Errorf("compute: Table 2 has no %s", l.name)
}

// patient measures the fine-tunings at the better learning rate by training loss.
func (s *Session) patient(st study, p Preset, l patientLearner, mu []float64, metricName string) (measurement, error) {
	var best measurement
	var rates []Rate
	lowest := math.Inf(1)
	for i, runs := range patientRuns(st, p, l, mu) {
		c, err := s.compute(st, runs)
		if err != nil || c == nil {
			return measurement{}, err
		}
		rates = append(rates, c.Rates...)
		if loss := c.Rates[0].Loss; i > 0 && !(loss < lowest) {
			continue
		}
		lowest = c.Rates[0].Loss
		if best, err = s.measure(runs, mu, metricName); err != nil {
			return measurement{}, err
		}
		best.evidence.Compute = c
	}
	best.evidence.Compute.Rates = rates
	return best, nil
}
