// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
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
	"values":  func(c Cell) string { return joined(c.Values, shortOrNone) },
	"seeds":   func(c Cell) string { return joined(c.Seeds, seedText) },
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
	"tabFile": func(id string) string { return tableFile(id, ".csv") },
}).Parse(pageSource))

func shortOrNone(v *float64) string { return short(v) }

// html renders the page.
func (r *Report) html(w io.Writer) error {
	err := page.Execute(w, struct {
		*Report
		Style template.CSS
		Tally []count
	}{r, template.CSS(style), tallyOf(r.Tables...)})
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
