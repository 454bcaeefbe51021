// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

// compute is what was spent on a baseline, beside Hyper-LR-PINN's Phase 1 and
// Phase 2 of the same study; nil where no run has a record. Runs differ in their
// seed alone.
func (s *Session) compute(st study, runs []*Run) (*Compute, error) {
	points := float64(len(st.setup.Points.Collocation))
	c := &Compute{
		Needed: points * float64(st.steps.phase1*len(st.train)+st.steps.phase2),
		Spent:  points * gradients(runs[0]),
		Used:   runs[0].Config.Train.WithDefaults().LearningRate,
	}
	loss, found := 0., 0
	for _, r := range runs {
		record, err := s.Find(r)
		if err != nil {
			return nil, err
		}
		if record == nil {
			continue
		}
		found++
		for _, x := range record.Metrics.Loss {
			loss += x
		}
	}
	if found == 0 {
		return nil, nil
	}
	c.Rates = []Rate{{LR: c.Used, Loss: loss / float64(found)}}
	return c, nil
}

// gradients is how many gradients of the loss at one parameter setting a run
// takes, those of what it starts from included.
func gradients(r *Run) float64 {
	if r == nil {
		return 0
	}
	before, steps := gradients(r.Parent), float64(r.Config.Train.Steps)
	switch model := r.Config.Model.(type) {
	case mamlModel:
		return before + steps*float64(model.Tasks*(model.InnerSteps+1))
	case reptileModel:
		return before + steps*float64(model.InnerSteps)
	}
	return before + steps*float64(len(r.Config.Mus))
}
