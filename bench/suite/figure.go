// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"pinn.example/repro/figure"
)

// draw writes the figure as NAME.svg and NAME.png: time and memory side by side, a line
// of panels a size. There is none where nothing was measured.
func (s *scaling) draw(name string) error {
	row := figure.Row{Title: "A training step against its size", Wrap: 2}
	for _, a := range axes {
		time := figure.Lines{Title: "time against " + a.name, XLabel: a.name, YLabel: "time per step (ms)", LogX: true, LogY: true}
		memory := figure.Lines{Title: "memory against " + a.name, XLabel: a.name, YLabel: "peak memory (MiB)", LogX: true, LogY: true}
		for _, c := range s.Curves {
			points := c.measured()
			if c.Axis != a.name || len(points) == 0 {
				continue
			}
			t, m := figure.Series{Name: titles[c.Net], Points: true}, figure.Series{Name: titles[c.Net], Points: true}
			if c.Slope != nil {
				t.Name += fmt.Sprintf(", slope %.2f", *c.Slope)
			}
			for _, p := range points {
				x := float64(p.Size)
				t.X, t.Y = append(t.X, x), append(t.Y, p.Millis)
				m.X, m.Y = append(m.X, x), append(m.Y, p.PeakMB)
			}
			time.Series, memory.Series = append(time.Series, t), append(memory.Series, m)
		}
		if len(time.Series) > 0 {
			row.Panels = append(row.Panels, time, memory)
		}
	}
	if len(row.Panels) == 0 {
		return nil
	}
	for suffix, write := range map[string]func(io.Writer) error{".svg": row.SVG, ".png": row.PNG} {
		var text bytes.Buffer
		if err := write(&text); err != nil {
			return err
		}
		if err := os.WriteFile(name+suffix, text.Bytes(), 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%s.json, %s.svg and %s.png\n", name, name, name)
	return nil
}
