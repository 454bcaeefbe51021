// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command readme writes the tables of the README from the published results and
// timings; run by go generate.
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

//go:generate go run . ../../README.md ../../results/quick ../../results/laptop ../../results/bench/peers.json

func main() {
	readme, results, seeds, peers := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	text := string(must.M1(os.ReadFile(readme)))
	if exists(filepath.Join(results, "results.json")) {
		text = must.M1(put(text, "results", must.M1(tables(must.M1(report.Read(results))))))
	}
	if exists(filepath.Join(seeds, "results.json")) {
		r := must.M1(report.Read(seeds))
		text = must.M1(put(text, "status", status(r)))
		text = must.M1(put(text, "beyond", must.M1(beyond(r))))
	}
	if exists(peers) {
		text = must.M1(put(text, "speed", must.M1(speed(peers))))
	}
	must.M(os.WriteFile(readme, []byte(text), 0o644))
}

// exists says whether something is published yet.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// put puts a table between its markers.
func put(text, name, table string) (string, error) {
	begin, end := fmt.Sprintf("<!-- %s:begin -->\n", name), fmt.Sprintf("<!-- %s:end -->", name)
	before, rest, ok := strings.Cut(text, begin)
	_, after, found := strings.Cut(rest, end)
	if !ok || !found {
		return "", fmt.Errorf("readme: the markers %q and %q are not there", strings.TrimSpace(begin), end)
	}
	return before + begin + table + end + after, nil
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
