// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package report renders the outcome of a reproduction: every published
// number beside ours with its verdict, the figures, the claims, what is
// known to disagree, and how it was made. It trains nothing and judges
// nothing; a [Report] holds all that is shown.
//
// [Write] turns a Report into a folder:
//
//	results.json            the Report itself, for programs
//	results.schema.json     what results.json may hold, as a JSON Schema
//	report.html             one page that needs nothing else, not even a network
//	tables/ID.csv .md .tex  one table
//	figures/ID.svg .png .csv
//
// and [Read] turns the folder into the Report again, so that a page can be
// rendered anew without the runs. The files depend on the Report alone.
// [Compare] says what differs between two reports.
//
//	r := &report.Report{Title: "Hyper-LR-PINN", Preset: "quick", Tables: tables}
//	if err := report.Write("results/quick", r); err != nil {
//		return err
//	}
package report

import (
	"math"

	"pinn.example/repro/data"
)

// SchemaVersion is the version of results.json. It is raised when a field
// changes its meaning or goes away, not when one is added.
const SchemaVersion = 1

// Report is all that is shown. Numbers that don't exist are nil, never 0.
type Report struct {
	Schema        string   `json:"$schema"`        // Write sets it
	SchemaVersion int      `json:"schema_version"` // Write sets it
	Title         string   `json:"title"`
	Preset        string   `json:"preset"`
	Command       string   `json:"command"`             // makes this report
	Generated     string   `json:"generated,omitempty"` // RFC 3339; empty where files are to be compared
	Summary       []string `json:"summary,omitempty"`   // paragraphs: what was run, and what came out
	Papers        []Paper  `json:"papers,omitempty"`
	// Counts is how many cells have each verdict, "no verdict" included.
	// Write sets it.
	Counts        map[string]int     `json:"counts"`
	Tables        []Table            `json:"tables"`
	Figures       []Figure           `json:"figures,omitempty"`
	Claims        []Claim            `json:"claims,omitempty"`
	Discrepancies []data.Discrepancy `json:"discrepancies,omitempty"`
	Manifest      []Fact             `json:"manifest,omitempty"` // how it was made, in the order shown
}

// Paper is a paper that is reproduced.
type Paper struct {
	ID    string `json:"id"` // hyper-lr-pinn
	Cite  string `json:"cite"`
	URL   string `json:"url,omitempty"`
	Title string `json:"title"`
}

// Table is the cells of one published table, in the order shown.
type Table struct {
	ID    string   `json:"id"` // unique; names files: hyper-lr-pinn/table2
	Title string   `json:"title"`
	Note  string   `json:"note,omitempty"`
	Cells []Cell   `json:"cells"`
	Files []string `json:"files,omitempty"` // Write sets it
}

// Cell is one published number and ours.
type Cell struct {
	ID     string `json:"id"` // paper/table/row/column/metric
	Row    string `json:"row"`
	Column string `json:"column"`
	Metric string `json:"metric"`
	Unit   string `json:"unit,omitempty"` // empty or "-" for none
	Role   string `json:"role"`           // method, baseline, count, time or trivial

	Published     *float64 `json:"published"`
	PublishedText string   `json:"published_text,omitempty"` // as printed: "~351"
	PublishedStd  *float64 `json:"published_std"`            // printed beside it
	Source        string   `json:"source,omitempty"`         // of the published value

	Ours *float64 `json:"ours"` // the mean over seeds
	// OursText is ours where it is no number, such as a set of symbols.
	OursText string     `json:"ours_text,omitempty"`
	Ratio    *float64   `json:"ratio"`            // ours / published; Write sets it
	Std      *float64   `json:"std"`              // over seeds
	Values   []*float64 `json:"values,omitempty"` // for each seed; nil where it diverged
	Seeds    []int64    `json:"seeds,omitempty"`  // as many as Values, or none
	// Grid is our number on the full grid instead of the test points.
	Grid *float64 `json:"grid"`
	// Corrected is our number with the authors' fault corrected, where the
	// paper's data or loss has one (D1, D2).
	Corrected *float64 `json:"corrected"`
	Trivial   *float64 `json:"trivial"` // the best constant's

	Verdict string   `json:"verdict"` // empty for none
	Reason  string   `json:"reason,omitempty"`
	Runs    []string `json:"runs,omitempty"`    // names in the run store
	Flags   []string `json:"flags,omitempty"`   // spurious, one seed, diverged
	Command string   `json:"command,omitempty"` // makes this cell
}

// Figure is one figure. Its files lie beside results.json, not in it.
type Figure struct {
	ID      string   `json:"id"` // unique; names files: hyper-lr-pinn/figure2
	Title   string   `json:"title"`
	Caption string   `json:"caption,omitempty"`
	Command string   `json:"command,omitempty"`
	SVG     []byte   `json:"-"`
	PNG     []byte   `json:"-"`               // may be empty
	CSV     []byte   `json:"-"`               // what is plotted; may be empty
	Files   []string `json:"files,omitempty"` // Write sets it
	// DrawPNG makes PNG where that is empty; Write calls those of several figures at
	// once. It may return the file of the report that is in the folder, old, which
	// is nil where there is none.
	DrawPNG func(old []byte) ([]byte, error) `json:"-"`
}

// Claim is a claim of a paper's prose with its verdict.
type Claim struct {
	data.Claim
	Verdict string   `json:"verdict"` // as in a Cell
	Reason  string   `json:"reason,omitempty"`
	Cells   []string `json:"cells,omitempty"` // ids of the cells it rests on
}

// Fact is one line of the manifest.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Number is v as the fields above take it: nil where v is NaN or infinite,
// which JSON can't hold.
func Number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
