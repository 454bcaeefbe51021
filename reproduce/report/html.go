// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strings"
)

//go:embed report.gohtml
var pageSource string

//go:embed report.css
var style string

// shownCSV is the size in bytes up to which a figure's numbers stand in the
// page itself; the rest is only linked.
const shownCSV = 20_000

var page = template.Must(template.New("report").Funcs(template.FuncMap{
	"short":   short,
	"shown":   shown,
	"class":   class,
	"anchor":  anchor,
	"columns": columns,
	"ours":    Cell.ours,
	"paper":   Cell.paper,
	"metric":  Cell.metric,
	"seeds":   Cell.perSeed,
	"value":   func(col column, c Cell) string { return short(col.value(c)) },
	"name":    func(col column) string { return col.name },
	"title":   func(col column) string { return col.title },
	"join":    strings.Join,
	"tally":   tally,
	"plot":    plot,
	"width":   width,
	"numbers": numbers,
	"svgFile": func(id string) string { return figureFile(id, ".svg") },
	"pngFile": func(id string) string { return figureFile(id, ".png") },
	"csvFile": func(id string) string { return figureFile(id, ".csv") },
	"tabFile": tableFile,
	"digits":  Cell.digits,
	"claimed": claimed,
	"command": Table.command,
}).Parse(pageSource))

// command is the one that makes all cells of the table, empty where they differ.
func (t Table) command() string {
	command := ""
	for i, c := range t.Cells {
		if i > 0 && c.Command != command {
			return ""
		}
		command = c.Command
	}
	return command
}

// perSeed is each value with its seed. A dash for what diverged would read as
// a range.
func (c Cell) perSeed() string {
	parts := make([]string, len(c.Values))
	for i, v := range c.Values {
		if parts[i] = "diverged"; v != nil {
			parts[i] = short(v)
		}
		if len(c.Seeds) > 0 {
			parts[i] = "seed " + seedText(c.Seeds[i]) + ": " + parts[i]
		}
	}
	return strings.Join(parts, ", ")
}

// html renders the page.
func (r *Report) html(w io.Writer) error {
	err := page.Execute(w, struct {
		*Report
		Style    template.CSS
		Tally    []count
		Overview overview
		Has      map[string]bool // the cells, by id
	}{r, template.CSS(style), tallyOf(r.Tables...), r.overview(), r.cellIDs()})
	if err != nil {
		return fmt.Errorf("render report.html: %w", err)
	}
	return nil
}

// count is how many cells have a verdict.
type count struct {
	Verdict string
	N       int
}

func tally(t Table) []count { return tallyOf(t) }

// tallyOf counts the verdicts that occur, in the order of verdicts.
func tallyOf(tables ...Table) []count {
	n := map[string]int{}
	for _, t := range tables {
		for _, c := range t.Cells {
			n[shown(c.Verdict)]++
		}
	}
	var counts []count
	for _, v := range verdicts {
		if n[v] > 0 {
			counts = append(counts, count{v, n[v]})
		}
	}
	return counts
}

// overview is the table of counts at the top.
type overview struct {
	Verdicts []string // those that occur
	Rows     []overviewRow
}

// overviewRow is the counts of one table, of all, or of the claims.
type overviewRow struct {
	Title  string
	Link   string // of the section; empty for the sum
	Counts []count
	Total  int
}

// overview counts the verdicts of each table, of all of them, and of the claims.
func (r *Report) overview() overview {
	claims := Table{ID: "claims", Title: "Claims"}
	for _, c := range r.Claims {
		claims.Cells = append(claims.Cells, Cell{Verdict: c.Verdict})
	}
	var o overview
	for _, c := range tallyOf(append(slices.Clone(r.Tables), claims)...) {
		o.Verdicts = append(o.Verdicts, c.Verdict)
	}
	add := func(title, link string, tables ...Table) {
		row := overviewRow{Title: title, Link: link}
		n := map[string]int{}
		for _, c := range tallyOf(tables...) {
			n[c.Verdict] = c.N
			row.Total += c.N
		}
		for _, v := range o.Verdicts {
			row.Counts = append(row.Counts, count{v, n[v]})
		}
		o.Rows = append(o.Rows, row)
	}
	for _, t := range r.Tables {
		add(t.Title, anchor(t.ID), t)
	}
	if len(r.Tables) > 1 {
		add("All tables", "", r.Tables...)
	}
	if len(r.Claims) > 0 {
		add(claims.Title, claims.ID, claims)
	}
	return o
}

func (r *Report) cellIDs() map[string]bool {
	has := map[string]bool{}
	for _, t := range r.Tables {
		for _, c := range t.Cells {
			has[c.ID] = true
		}
	}
	return has
}

// digits are the numbers of a cell in full; the table has four digits.
func (c Cell) digits() string {
	var parts []string
	for _, n := range []struct {
		name  string
		value *float64
	}{
		{"paper", c.Published},
		{"paper's s.d.", c.PublishedStd},
		{"ours", c.Ours},
		{"s.d. over seeds", c.Std},
		{"full grid", c.Grid},
		{"corrected", c.Corrected},
		{"best constant", c.Trivial},
	} {
		if n.value != nil {
			parts = append(parts, n.name+" "+exact(n.value))
		}
	}
	return strings.Join(parts, ", ")
}

// claimed is the number that a claim states, with its unit.
func claimed(c Claim) string {
	if c.Value == "" || c.Value == "-" {
		return ""
	}
	if c.Unit == "" || c.Unit == "-" {
		return c.Value
	}
	return c.Value + " " + c.Unit
}

// class is the CSS class of a verdict.
func class(verdict string) string { return "v-" + strings.ReplaceAll(shown(verdict), " ", "-") }

var notAnchor = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// anchor is an HTML id for a cell, table or figure: ids with spaces are not
// valid there.
func anchor(id string) string { return notAnchor.ReplaceAllString(id, "-") }

// plot is a figure's SVG for use within a page, without the XML prologue.
func plot(f Figure) template.HTML {
	svg := f.SVG
	if i := bytes.Index(svg, []byte("<svg")); i > 0 {
		svg = svg[i:]
	}
	// check has refused what loads or runs.
	return template.HTML(svg)
}

var viewBox = regexp.MustCompile(`viewBox="0 0 ([0-9]+)`)

// width is a figure's natural width in points; the page shrinks it to fit,
// but not until it is unreadable.
func width(f Figure) string {
	if m := viewBox.FindSubmatch(f.SVG); m != nil {
		return string(m[1])
	}
	return "400"
}

// numbers is what a figure plots, where it is short enough to show.
func numbers(f Figure) string {
	if len(f.CSV) > shownCSV {
		return ""
	}
	return string(f.CSV)
}
