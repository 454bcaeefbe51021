// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"
	"strings"
	"testing"

	"pinn.example/repro/lab/notebook"
)

var exerciseTitle = regexp.MustCompile(`(?m)^#+ Exercise (\d+\.\d+) (★+)`)

// What every lesson owes: the rules of lab/notebook; at least four exercises, easy and
// hard ones, each judged in a cell of its own; a measured time; figures.
func TestLessons(t *testing.T) {
	p, err := findProject()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := notebooksIn(p.solutions())
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 12 {
		t.Errorf("%d lessons, expected 12", len(paths))
	}
	times, err := p.readTimes()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		name := nameOf(path)
		nb, err := notebook.Read(path)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, problem := range nb.Check(name) {
			t.Errorf("%s: %s", name, problem)
		}
		stars, judged, figures := map[string]string{}, map[string]bool{}, 0
		for _, c := range nb.Cells {
			if c.Kind == notebook.Markdown {
				for _, m := range exerciseTitle.FindAllStringSubmatch(c.Source, -1) {
					stars[m[1]] = m[2]
				}
			}
			if c.HasTag(notebook.TagFigure) {
				figures++
			}
			for id := range stars {
				if strings.Contains(c.Source, `lab.Exercise("`+id+`", `) {
					judged[id] = true
				}
			}
		}
		if len(stars) < 4 {
			t.Errorf("%s has %d exercises, expected at least 4", name, len(stars))
		}
		levels := map[string]bool{}
		for id, level := range stars {
			levels[level] = true
			if !judged[id] {
				t.Errorf("%s: nothing judges exercise %s", name, id)
			}
		}
		if !levels["★"] || !levels["★★★"] {
			t.Errorf("%s has exercises of %v, expected ★ to ★★★", name, levels)
		}
		if figures < 3 {
			t.Errorf("%s has %d figures, expected at least 3", name, figures)
		}
		// The promise of the course: five minutes on two cores.
		if taken, ok := times[name]; !ok || taken.Seconds > 300 {
			t.Errorf("%s takes %g s by notebooks/times.json (measured: %t), expected at most 300", name, taken.Seconds, ok)
		}
	}
}
