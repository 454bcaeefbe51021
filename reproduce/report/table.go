// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// csv is the table with every field of its cells and all digits.
func (t Table) csv() []byte {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	records := [][]string{{
		"id", "row", "column", "metric", "unit", "role", "published", "published_text", "published_std",
		"ours", "ours_text", "ratio", "std", "values", "seeds", "grid", "corrected", "trivial",
		"verdict", "reason", "flags", "runs", "command", "source",
	}}
	for _, c := range t.Cells {
		records = append(records, []string{
			c.ID, c.Row, c.Column, c.Metric, c.Unit, c.Role, exact(c.Published), c.PublishedText, exact(c.PublishedStd),
			exact(c.Ours), c.OursText, exact(ratio(c.Ours, c.Published)), exact(c.Std), joined(c.Values, exact), joined(c.Seeds, seedText),
			exact(c.Grid), exact(c.Corrected), exact(c.Trivial),
			c.Verdict, c.Reason, strings.Join(c.Flags, " "), strings.Join(c.Runs, " "), c.Command, c.Source,
		})
	}
	// A bytes.Buffer takes every write, so WriteAll can't fail.
	if err := w.WriteAll(records); err != nil {
		panic("report: write CSV to memory: " + err.Error())
	}
	return buf.Bytes()
}

// Markdown is the table for a README: the paper's number, ours and the
// verdict, one line a cell.
func (t Table) Markdown() []byte {
	var b strings.Builder
	cols := columns(t)
	fmt.Fprintf(&b, "### %s\n\n", mdText(t.Title))
	if t.Note != "" {
		fmt.Fprintf(&b, "%s\n\n", mdText(t.Note))
	}
	b.WriteString("| row | column | metric | paper | ours |")
	rule := "|---|---|---|---:|---:|"
	for _, c := range cols {
		b.WriteString(" " + c.name + " |")
		rule += "---:|"
	}
	b.WriteString(" verdict | why |\n" + rule + "---|---|\n")
	for _, c := range t.Cells {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |", mdText(c.Row), mdText(c.Column), mdText(c.metric()), mdText(c.paper()), c.ours())
		for _, col := range cols {
			fmt.Fprintf(&b, " %s |", short(col.value(c)))
		}
		fmt.Fprintf(&b, " %s | %s |\n", shown(c.Verdict), mdText(c.Reason))
	}
	return []byte(b.String())
}

// column is a column of numbers that only some tables have.
type column struct {
	name, title string
	value       func(Cell) *float64
}

var optional = []column{
	{"ours/paper", "Our number divided by the published one", func(c Cell) *float64 { return ratio(c.Ours, c.Published) }},
	{"full grid", "Our number on the full grid instead of the paper's test points", func(c Cell) *float64 { return c.Grid }},
	{"corrected", "Our number with a known fault of the authors' data or loss corrected; the table's note says which", func(c Cell) *float64 { return c.Corrected }},
	{"best constant", "The same metric for the best constant predictor", func(c Cell) *float64 { return c.Trivial }},
}

// columns are the optional columns that t has numbers for.
func columns(t Table) []column {
	var cols []column
	for _, col := range optional {
		for _, c := range t.Cells {
			if col.value(c) != nil {
				cols = append(cols, col)
				break
			}
		}
	}
	return cols
}

// metric is the metric with its unit, where it has one that isn't said.
func (c Cell) metric() string {
	if c.Unit == "" || c.Unit == "-" || c.Unit == c.Metric {
		return c.Metric
	}
	return c.Metric + " (" + c.Unit + ")"
}

// paper is the published number as printed, with its standard deviation where the
// paper prints one.
func (c Cell) paper() string {
	s := c.PublishedText
	if s == "" {
		s = short(c.Published)
	}
	if c.PublishedStd != nil {
		s += " ± " + c.paperStd()
	}
	return s
}

// paperStd is the published standard deviation with as many digits as the number has.
func (c Cell) paperStd() string {
	std := strconv.FormatFloat(*c.PublishedStd, 'f', -1, 64)
	_, want, _ := strings.Cut(c.PublishedText, ".")
	if _, has, ok := strings.Cut(std, "."); ok {
		std += strings.Repeat("0", max(0, len(want)-len(has)))
	}
	return std
}

// ours is our number, with its spread where there is one.
func (c Cell) ours() string {
	if c.OursText != "" {
		return c.OursText
	}
	s := short(c.Ours)
	if c.Ours != nil && c.Std != nil {
		s += " ± " + strconv.FormatFloat(*c.Std, 'g', 2, 64)
	}
	return s
}

const missing = "–"

// short is a number for reading: four digits, whole numbers in full.
func short(v *float64) string {
	switch {
	case v == nil:
		return missing
	case *v == math.Trunc(*v) && math.Abs(*v) < 1e9, math.Abs(*v) >= 1e4 && math.Abs(*v) < 1e9:
		return strconv.FormatFloat(*v, 'f', 0, 64)
	default:
		return strconv.FormatFloat(*v, 'g', 4, 64)
	}
}

// exact is a number for programs; empty if it doesn't exist.
func exact(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

func seedText(s int64) string { return strconv.FormatInt(s, 10) }

// joined puts a space between the values, and a dash for those missing.
func joined[T any](values []T, text func(T) string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		if parts[i] = text(v); parts[i] == "" {
			parts[i] = missing
		}
	}
	return strings.Join(parts, " ")
}

// mdText keeps text from being read as Markdown's table syntax.
func mdText(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "*", `\*`, "_", `\_`, "<", "&lt;").Replace(s)
}
