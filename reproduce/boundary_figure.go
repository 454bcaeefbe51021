// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"slices"

	"pinn.example/repro/figure"
)

// boundaryHead are the columns of the figure's numbers: the equation by its place,
// n, and errors; of each system and variant the median over seeds.
var boundaryHead = []string{
	"equation", "n", "pinn_u", "pinn_u_ux", "hyper_u", "hyper_u_ux", "constant_trace", "best_constant",
}

// boundaryPanel is the error over n, where all parameters of the equation are n.
func (s *Session) boundaryPanel(p Preset, r boundaryRow, nets [2][2][]boundaryNet) (figure.Lines, [][]float64, error) {
	panel := figure.Lines{Title: r.published.row, XLabel: r.published.parameter(), YLabel: "relative L2 error", LogY: true}
	rows := make([][]float64, len(p.General.Ones))
	for i, n := range p.General.Ones {
		rows[i] = []float64{n}
	}
	none := math.NaN()
	for i, name := range []string{"PINN", "Hyper-LR-PINN"} {
		for v, variant := range []string{"u", "u and u_x"} {
			series := figure.Series{Name: name + ", " + variant, Points: true}
			for k, n := range p.General.Ones {
				var values []float64
				for _, net := range nets[i][v] {
					if slices.Equal(net.mu, r.published.settings([]float64{n}, false)[0]) {
						values = append(values, net.rel)
					}
				}
				if len(values) == 0 {
					rows[k] = append(rows[k], none)
					continue
				}
				middle := quantile(values, .5)
				series.X, series.Y = append(series.X, n), append(series.Y, middle)
				series.Lo, series.Hi = append(series.Lo, quantile(values, 0)), append(series.Hi, quantile(values, 1))
				rows[k] = append(rows[k], middle)
			}
			if len(series.X) > 0 {
				panel.Series = append(panel.Series, series)
			}
		}
	}
	at := r.published.settings(p.General.Ones, false)
	constant, err := s.constantTrace(r, at)
	if err != nil {
		return panel, nil, err
	}
	exact := figure.Series{Name: "constant trace"}
	best := figure.Series{Name: "best constant"}
	for k, n := range p.General.Ones {
		one := r.published
		one.at = at[k : k+1]
		trivial, err := one.trivial(generalMetric)
		if err != nil {
			return panel, nil, err
		}
		exact.X, exact.Y = append(exact.X, n), append(exact.Y, constant[k][0])
		best.X, best.Y = append(best.X, n), append(best.Y, trivial.evidence.Values[0])
		rows[k] = append(rows[k], constant[k][0], trivial.evidence.Values[0])
	}
	// First, so that colours are the same where there is no Hyper-LR-PINN.
	panel.Series = append([]figure.Series{exact, best}, panel.Series...)
	return panel, rows, nil
}
