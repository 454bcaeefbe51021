// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command readme writes the results table of the README from the published
// results; run by go generate.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/janpfeifer/must"

	"pinn.example/repro/reproduce/report"
)

//go:generate go run . ../../README.md ../../results/quick

const (
	begin = "<!-- results:begin -->\n"
	end   = "<!-- results:end -->"
)

func main() {
	readme, results := os.Args[1], os.Args[2]
	if _, err := os.Stat(filepath.Join(results, "results.json")); errors.Is(err, fs.ErrNotExist) {
		return // nothing is published yet
	}
	text := string(must.M1(os.ReadFile(readme)))
	before, rest, ok := strings.Cut(text, begin)
	_, after, found := strings.Cut(rest, end)
	if !ok || !found {
		fmt.Fprintf(os.Stderr, "readme: %s lacks the markers %q and %q\n", readme, strings.TrimSpace(begin), end)
		os.Exit(1)
	}
	table := must.M1(tables(must.M1(report.Read(results))))
	must.M(os.WriteFile(readme, []byte(before+begin+table+end+after), 0o644))
}

// tables is what the README shows of a report: the relative errors of
// Table 2's own method.
func tables(r *report.Report) (string, error) {
	i := slices.IndexFunc(r.Tables, func(t report.Table) bool { return t.ID == "hyper-lr-pinn/table2" })
	if i < 0 {
		return "", errors.New("the published results hold no table2")
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "\nTable 2, relative L2 error (preset %s, seeds %v):\n\n", r.Preset, seeds(r.Tables[i]))
	fmt.Fprintln(&b, "| β and rank | method | paper | ours | best constant | verdict |")
	fmt.Fprintln(&b, "|---|---|---|---|---|---|")
	for _, c := range r.Tables[i].Cells {
		if c.Metric != "rel_err" || c.Role != "method" {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", c.Row, c.Column, c.PublishedText, number(c.Ours), number(c.Trivial),
			strings.Join(append([]string{c.Verdict}, c.Flags...), ", "))
	}
	fmt.Fprintln(&b)
	return b.String(), nil
}

func seeds(t report.Table) []int64 {
	for _, c := range t.Cells {
		if len(c.Seeds) > 0 {
			return c.Seeds
		}
	}
	return nil
}

func number(v *float64) string {
	if v == nil {
		return "–"
	}
	return fmt.Sprintf("%.4f", *v)
}
