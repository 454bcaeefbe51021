// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"pinn.example/repro/figure"
	"pinn.example/repro/reproduce/report"
)

// plot is what package figure draws.
type plot interface {
	SVG(w io.Writer) error
	PNG(w io.Writer) error
}

// drawn makes a report's figure of a plot and the numbers behind it.
func drawn(e Experiment, p Preset, caption string, plot plot, head []string, rows [][]float64) (report.Figure, error) {
	f := report.Figure{ID: e.ID, Title: e.Title, Caption: caption, Command: e.Command(p)}
	var svg bytes.Buffer
	if err := plot.SVG(&svg); err != nil {
		return f, fmt.Errorf("drawing %s: %w", e.ID, err)
	}
	f.SVG = svg.Bytes()
	f.DrawPNG = func(old []byte) ([]byte, error) {
		if figure.UpToDate(old, f.SVG) {
			return old, nil
		}
		var png bytes.Buffer
		err := plot.PNG(&png)
		return png.Bytes(), err
	}
	if head == nil {
		return f, nil
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(head)
	for _, row := range rows {
		line := make([]string, len(row))
		for i, x := range row {
			line[i] = strconv.FormatFloat(x, 'g', 6, 64)
		}
		_ = w.Write(line)
	}
	w.Flush()
	f.CSV = b.Bytes()
	return f, nil
}
