// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"testing"

	"pinn.example/repro/figure"
)

// large is a report of the size that a night on a laptop makes: 300 cells
// with five seeds each, and 20 figures of three panels, half of them heat maps.
func large(t *testing.T) *Report {
	t.Helper()
	r := sample(t)
	var all []Cell
	for _, table := range r.Tables {
		all = append(all, table.Cells...)
	}
	r.Tables = nil
	for i := range 300 {
		c := all[i%len(all)]
		c.ID = fmt.Sprintf("%s/%d", c.ID, i)
		if c.Ours != nil {
			c.Values, c.Seeds, c.Runs = nil, nil, nil
			for seed := range 5 {
				c.Values, c.Seeds = append(c.Values, Number(*c.Ours*(1+.01*math.Sin(float64(i*5+seed))))), append(c.Seeds, int64(seed))
				c.Runs = append(c.Runs, fmt.Sprintf("hyper-lr-pinn-phase2-%016x", i*5+seed))
			}
		}
		if i%30 == 0 {
			r.Tables = append(r.Tables, Table{ID: fmt.Sprintf("paper/table%d", i/30), Title: fmt.Sprintf("Table %d", i/30)})
		}
		table := &r.Tables[len(r.Tables)-1]
		table.Cells = append(table.Cells, c)
	}
	r.Figures = nil
	for i := range 20 {
		var panels []figure.Panel
		for j := range 3 {
			if i%2 == 0 {
				panels = append(panels, wave(float64(10*j+i)))
			} else {
				panels = append(panels, histories(i*3+j))
			}
		}
		var svg, csv bytes.Buffer
		if err := (figure.Row{Panels: panels}).SVG(&svg); err != nil {
			t.Fatal(err)
		}
		for step := range 20_000 {
			fmt.Fprintf(&csv, "%d,%g\n", step, math.Exp(-float64(step)/5000))
		}
		r.Figures = append(r.Figures, Figure{ID: fmt.Sprintf("paper/figure%d", i), Title: fmt.Sprintf("Figure %d", i), SVG: svg.Bytes(), CSV: csv.Bytes()})
	}
	return r
}

// wave is the convection solution on the papers' grid, with a ripple that
// compresses badly.
func wave(beta float64) figure.Heat {
	h := figure.Heat{XLabel: "t", YLabel: "x", Label: "u", Min: 0, Max: 2}
	for i := range 100 {
		h.X = append(h.X, float64(i)/99)
	}
	for i := range 256 {
		h.Y = append(h.Y, 2*math.Pi*float64(i)/256)
		var row []float64
		for _, x := range h.X {
			row = append(row, 1+math.Sin(h.Y[i]-beta*x)*(1-.01*math.Sin(1e4*x*h.Y[i])))
		}
		h.Z = append(h.Z, row)
	}
	return h
}

// histories are the losses of five seeds at 1,000 steps.
func histories(n int) figure.Lines {
	l := figure.Lines{XLabel: "step", YLabel: "loss", LogY: true}
	for seed := range 5 {
		s := figure.Series{Name: fmt.Sprintf("seed %d", seed)}
		for i := range 1000 {
			s.X = append(s.X, float64(20*i))
			s.Y = append(s.Y, math.Exp(-float64(i)/200)*(1.1+math.Sin(float64(i*(seed+n)))))
		}
		l.Series = append(l.Series, s)
	}
	return l
}

// A page of 5 MB opens at once on a phone and can be sent by mail.
func TestLargeReportIsSmall(t *testing.T) {
	dir := t.TempDir()
	files := write(t, dir, large(t))
	for _, name := range []string{"report.html", "results.json"} {
		if n := len(files[name]); n > 5_000_000 {
			t.Errorf("%s has %d bytes, want at most 5,000,000", name, n)
		} else {
			t.Logf("%s: %d bytes", name, n)
		}
	}
	if err := compiled(t, dir).Validate(decoded(t, dir)); err != nil {
		t.Error(err)
	}
}

var sampleDir = flag.String("sample", "", "folder to write the sample report to, for tools/screenshot.sh")

func TestWriteSample(t *testing.T) {
	if *sampleDir == "" {
		t.Skip("no folder is given with -sample")
	}
	r := sample(t)
	r.Claims[1].Cells = append(r.Claims[1].Cells, "a/cell/that/isn't/here")
	r.Figures = append(r.Figures, large(t).Figures[:2]...)
	if err := Write(*sampleDir, r); err != nil {
		t.Fatal(err)
	}
}
