// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"math"

	"pinn.example/repro/figure"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
)

// heatRow is a figure of solutions on a problem's grid, side by side, and their
// values.
type heatRow struct {
	mu    []float64
	grid  pde.Grid
	scale [2]float64 // of u
	exact []float64

	panels []figure.Panel
	head   []string
	values [][]float64 // by column
	// undrawn says which networks there are whose records hold no weights.
	undrawn string
}

// newHeatRow begins with the exact solution at mu.
func newHeatRow(setup pinn.Setup, mu []float64, scale [2]float64, coordinates ...string) (heatRow, error) {
	grid := setup.Points.Grid
	exact, err := setup.Problem.Reference(mu, grid.Points)
	h := heatRow{mu: mu, grid: grid, scale: scale, exact: exact, head: coordinates}
	if err == nil {
		h.add("exact", "exact", exact)
	}
	return h, err
}

// add appends a solution.
func (h *heatRow) add(name, title string, u []float64) {
	h.head, h.values = append(h.head, name), append(h.values, u)
	h.panel(title, Heat(h.grid, u, "", h.scale))
}

func (h *heatRow) panel(title string, panel figure.Heat) {
	panel.Title = fmt.Sprintf("(%c) %s", 'a'+len(h.panels), title)
	h.panels = append(h.panels, panel)
}

// network appends what a run predicts, if it is in the store, under its name, what
// else is to be said of it, and its error.
func (h *heatRow) network(ctx context.Context, s *Session, r *Run, name, remark string) (u []float64, err error) {
	f, ok, err := s.finishedRun(r, h.mu)
	if err != nil || !ok {
		return nil, err
	}
	title := fmt.Sprintf("%s%s, rel L2 %.3g", name, remark, f.ev.Grid.RelL2)
	if f.ev.Spurious {
		title += ", spurious"
	}
	drawable, err := s.hasWeights(r)
	if err != nil {
		return nil, err
	}
	if !drawable {
		h.undrawn += fmt.Sprintf(" Not drawn, since its record holds no weights: %s.", title)
		return nil, nil
	}
	if u, err = s.Field(ctx, r, h.mu, h.grid.Points); err == nil {
		h.add(name, title, u)
	}
	return u, err
}

// misfit appends a panel of the distance of u from the exact solution, on a scale of
// its own.
func (h *heatRow) misfit(u []float64) {
	away := make([]float64, len(u))
	for i := range u {
		away[i] = math.Abs(u[i] - h.exact[i])
	}
	panel := Heat(h.grid, away, "", [2]float64{})
	panel.Label = "|u − û|"
	h.panel(fmt.Sprintf("|u − û| of (%c)", 'a'+len(h.panels)-1), panel)
}

// figure draws the row.
func (h *heatRow) figure(e Experiment, p Preset, caption string) (report.Figure, error) {
	rows := make([][]float64, len(h.grid.Points))
	for i, at := range h.grid.Points {
		rows[i] = append(rows[i], at...)
		for _, v := range h.values {
			rows[i] = append(rows[i], v[i])
		}
	}
	return drawn(e, p, caption+h.undrawn, figure.Row{Panels: h.panels}, h.head, rows)
}
