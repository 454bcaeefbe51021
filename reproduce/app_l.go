// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// appendixL is appendix L: the ranks of every layer and every equation, of which
// Figure 4 has those of convection, and s² of its second layer alone. The number of
// positive entries is shown beside what the weights' singular values say (D10).
func appendixL() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/appL",
		Title:  "Rank structure of all layers",
		runs:   appendixLRuns,
		render: renderAppendixL,
	}
}

// rankedPhase1 is a Phase 1 whose ranks are shown over one parameter.
type rankedPhase1 struct {
	row   string // of the table
	title string // of a panel
	label string // of the parameter
	run   *Run
	// at are the values of the parameter, and mu makes a setting of one.
	at []float64
	mu func(x float64) []float64
	// less says in which way the run is below the paper's.
	less string
}

// rankedPhase1s are the Phase 1 of Tables 2 and 4 and Figures 4 and 7, of the first
// seed of each.
func rankedPhase1s(p Preset) ([]rankedPhase1, error) {
	setup, err := convection()
	if err != nil {
		return nil, err
	}
	beta := func(x float64) []float64 { return []float64{x, 0, 0} }
	wide := reduced(p.WideSteps, paperPhase1Steps)
	if n := len(p.WideBetas); n < 20 {
		wide = joinReasons(wide, fmt.Sprintf("%d of 20 training β", n))
	}
	all := []rankedPhase1{
		{"convection, β in [30, 40]", "convection [30, 40]", "β", failureModePhase1(setup, p, p.Seeds[0]), trainingBetas, beta, reduced(p.Phase1Steps, paperPhase1Steps)},
		{"convection, β in [1, 20]", "convection [1, 20]", "β", widePhase1(setup, p, p.Seeds[0]), integers(1, 20), beta, wide},
	}
	for _, k := range generalKinds[:table4Kinds] {
		st, err := generalStudy(p, k, pde.BoundaryValue)
		if err != nil {
			return nil, err
		}
		less := reduced(p.General.Phase1Steps, paperPhase1Steps)
		if n, want := len(st.train), len(k.settings(integers(1, 5), true)); n < want {
			less = joinReasons(less, fmt.Sprintf("%d of %d training settings", n, want))
		}
		all = append(all, rankedPhase1{
			k.row + ", Gaussian, 1 to 5", k.row + ", Gaussian", k.parameter(), st.phase1(p.General.MetaSeeds[0]), integers(1, 5),
			func(x float64) []float64 { return k.settings([]float64{x}, false)[0] }, less,
		})
	}
	st, err := wavesStudy(p)
	if err != nil {
		return nil, err
	}
	return append(all, rankedPhase1{
		"Helmholtz, a in [2, 3]", "Helmholtz [2, 3]", "a", st.phase1(p.Waves.Seeds[0]), spaced(2, 3, 11), waves, reduced(p.Waves.Phase1Steps, paperPhase1Steps),
	}), nil
}

// table4Kinds is how many of generalKinds Table 4 has; the others are P2INN's.
const table4Kinds = 3

// parameter names the parameters that are varied together: β = ν = ρ.
func (k generalKind) parameter() string {
	name := ""
	for i, symbol := range []string{"β", "ν", "ρ"} {
		switch {
		case !k.has[i]:
		case name == "":
			name = symbol
		default:
			name += " = " + symbol
		}
	}
	return name
}

func appendixLRuns(p Preset) ([]*Run, error) {
	all, err := rankedPhase1s(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, r := range all {
		runs = append(runs, r.run)
	}
	return runs, nil
}

// structures are the diagonals that a run's Phase 1 proposes at settings, and the
// layers that they make; nil where it has no record with weights.
func (s *Session) structures(r *Run, mus ...[]float64) ([][lrpinn.Layers]train.Array, [][lrpinn.Layers]lrpinn.Structure, error) {
	record, err := s.Find(r)
	if err != nil || record == nil || record.Weights == nil {
		return nil, nil, err
	}
	b, err := s.smallBackend()
	if err != nil {
		return nil, nil, err
	}
	diagonals, err := lrpinn.Diagonals(b.Compute, record.Weights, mus...)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.Label, err)
	}
	out := make([][lrpinn.Layers]lrpinn.Structure, len(diagonals))
	err = inParallel(len(diagonals), func(i int) (err error) {
		out[i], err = lrpinn.Structures(record.Weights, diagonals[i])
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.Label, err)
	}
	return diagonals, out, nil
}

// rankCounts are the counts of a layer that stand beside each other.
var rankCounts = []struct {
	name  string
	count func(l lrpinn.Structure) int
}{
	{"positive entries", func(l lrpinn.Structure) int { return l.Positive }},
	{"numerical rank", func(l lrpinn.Structure) int { return l.Numerical }},
	{"energy rank", func(l lrpinn.Structure) int { return l.Energy }},
}

func renderAppendixL(_ context.Context, s *Session, p Preset) (Output, error) {
	all, err := rankedPhase1s(p)
	if err != nil {
		return Output{}, err
	}
	t := report.Table{
		ID:    appendixL().ID,
		Title: appendixL().Title,
		Note: fmt.Sprintf("Medians over the parameter, with the smallest and the largest beside. Positive entries of s are the paper's rank. The numerical rank of U diag(s) V counts singular values of at least %g of the largest, "+
			"and the energy rank is how many hold %g of their sum of squares: in the authors' checkpoint at β = 40 they are 8, 30, 33 and 3, 17, 21 beside 29, 30, 34 positive entries (D10).", lrpinn.NumericalTolerance, lrpinn.EnergyShare),
	}
	head := []string{"problem", "parameter", "layer"}
	for _, c := range rankCounts {
		head = append(head, c.name)
	}
	var heats, counts []figure.Panel
	var rows, squares [][]float64
	var lacking []string
	for i, r := range all {
		settings := make([][]float64, len(r.at))
		for k, x := range r.at {
			settings[k] = r.mu(x)
		}
		diagonals, found, err := s.structures(r.run, settings...)
		if err != nil {
			return Output{}, err
		}
		cells, err := rankCells(p, r, found)
		if err != nil {
			return Output{}, err
		}
		t.Cells = append(t.Cells, cells...)
		if found == nil {
			lacking = append(lacking, r.title)
			continue
		}
		for l := range lrpinn.Layers {
			heats = append(heats, squaresHeat(r, diagonals, l))
			counts = append(counts, rankLines(r, found, l))
			for k, x := range r.at {
				row := []float64{float64(i + 1), x, float64(l + 1)}
				squares = append(squares, append(slices.Clone(row), sortedSquares(diagonals[k][l])...))
				for _, c := range rankCounts {
					row = append(row, float64(c.count(found[k][l])))
				}
				rows = append(rows, row)
			}
		}
	}
	out := Output{Tables: []report.Table{t}}
	if len(heats) == 0 {
		return out, nil
	}
	caption := rankedCaption(all, lacking)
	f, err := drawn(appendixL(), p, "Three counts of the rank of each low-rank layer. "+caption, figure.Row{Panels: counts, Wrap: lrpinn.Layers}, head, rows)
	if err != nil {
		return out, err
	}
	e := appendixL()
	e.ID += "-diagonals"
	head = head[:3]
	for i := 1; i <= len(squares[0])-3; i++ {
		head = append(head, fmt.Sprintf("s2_%d", i))
	}
	g, err := drawn(e, p, "What the hypernetwork proposes for the diagonal of each low-rank layer. "+caption, figure.Row{Panels: heats, Wrap: lrpinn.Layers}, head, squares)
	g.Title, g.Command = "Diagonals of all layers: s², sorted", appendixL().Command(p)
	out.Figures = []report.Figure{f, g}
	return out, err
}

// rankedCaption numbers the problems as the CSV file does, and says what is reduced
// and what is left out.
func rankedCaption(all []rankedPhase1, lacking []string) string {
	text := "Problems are numbered"
	for i, r := range all {
		text += fmt.Sprintf(" %d %s", i+1, r.row)
		if r.less != "" {
			text += " (reduced: " + r.less + ")"
		}
		text += map[bool]string{true: ".", false: ";"}[i == len(all)-1]
	}
	text += " Where several parameters are varied they are equal."
	for i, title := range lacking {
		text += map[bool]string{true: " Without a panel, for want of weights in the store: ", false: ", "}[i == 0] + title
	}
	if len(lacking) > 0 {
		text += "."
	}
	return text
}

// rankCells sum the counts of one Phase 1 up, a row a layer.
func rankCells(p Preset, r rankedPhase1, found [][lrpinn.Layers]lrpinn.Structure) ([]report.Cell, error) {
	var cells []report.Cell
	for l := range lrpinn.Layers {
		for _, count := range rankCounts {
			row := fmt.Sprintf("%s; layer %d", r.row, l+1)
			m := measurement{evidence: Evidence{Role: RoleCount, Smoke: p.Smoke}}
			var values []float64
			for _, layers := range found {
				values = append(values, float64(count.count(layers[l])))
			}
			if len(values) > 0 {
				m.evidence.Values, m.runs = []float64{quantile(values, .5)}, []*Run{r.run}
			}
			c, err := m.cell(report.Cell{
				ID:  data.CellID("hyper-lr-pinn", "appL", row, count.name, "count"),
				Row: row, Column: count.name, Metric: "count", Unit: "-", Command: appendixL().Command(p),
			})
			if err != nil {
				return nil, err
			}
			switch {
			case len(values) == 0:
				c.Reason = "not run"
			case !p.Smoke:
				c.Reason = joinReasons(fmt.Sprintf("%g to %g over %d %s", slices.Min(values), slices.Max(values), len(values), r.label), prefixed("reduced: ", r.less))
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// rankLines are the counts of one layer over the parameter.
func rankLines(r rankedPhase1, found [][lrpinn.Layers]lrpinn.Structure, l int) figure.Lines {
	lines := figure.Lines{Title: fmt.Sprintf("%s, layer %d", r.title, l+1), XLabel: r.label, YLabel: "rank", YRange: [2]float64{0, 50}}
	for _, c := range rankCounts {
		series := figure.Series{Name: c.name, X: r.at, Points: true}
		for _, layers := range found {
			series.Y = append(series.Y, float64(c.count(layers[l])))
		}
		lines.Series = append(lines.Series, series)
	}
	return lines
}

// squaresHeat is s² of one layer over the parameter, sorted.
func squaresHeat(r rankedPhase1, diagonals [][lrpinn.Layers]train.Array, l int) figure.Heat {
	h := figure.Heat{Title: fmt.Sprintf("%s, layer %d", r.title, l+1), XLabel: "index, largest first", YLabel: r.label, Label: "s²", Y: r.at}
	for _, d := range diagonals {
		h.Z = append(h.Z, sortedSquares(d[l]))
	}
	h.X = integers(1, len(h.Z[0]))
	return h
}

// sortedSquares is s² of a diagonal, largest first.
func sortedSquares(s train.Array) []float64 {
	squares := make([]float64, len(s.Data))
	for i, x := range s.Data {
		squares[i] = x * x
	}
	slices.Sort(squares)
	slices.Reverse(squares)
	return squares
}
