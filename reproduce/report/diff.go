// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// The noise of a number, as a part of the larger of the two where it isn't
// the tolerance.
const (
	// leastNoise bounds the noise over seeds from below, since two seeds may
	// lie close together by chance.
	leastNoise = .01
	// exactNoise is for numbers without chance: other machines round differently.
	exactNoise = 1e-6
)

// Diff is what differs between two reports.
type Diff struct {
	Before    Made    `json:"before"`
	After     Made    `json:"after"`
	Tolerance float64 `json:"tolerance"` // relative, where a side has fewer than two seeds
	// Facts are the lines of the manifest that differ, without what the runs
	// cost. They are what a change may come from.
	Facts []FactChange `json:"facts"`
	// Changes are the cells and claims of which more differs than noise, the
	// regressions first, then in the order of the report.
	Changes     []Change `json:"changes"`
	Compared    int      `json:"compared"`     // cells and claims in both
	WithinNoise int      `json:"within_noise"` // cells whose number differs, by no more than noise
	Regressions int      `json:"regressions"`
}

// Made is which report it is.
type Made struct {
	Preset    string `json:"preset"`
	Command   string `json:"command"`
	Generated string `json:"generated,omitempty"`
}

// FactChange is a line of the manifest that differs; a side is empty where it
// lacks the line.
type FactChange struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Change is a cell or claim that differs.
type Change struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`           // cell or claim
	Role string `json:"role,omitempty"` // of a cell
	// What happened: appeared, vanished, moved (its number, beyond noise),
	// verdict, published (the paper's number, which should never change).
	What   []string `json:"what"`
	Before *Side    `json:"before"` // nil: appeared
	After  *Side    `json:"after"`  // nil: vanished
	// Noise is how far the numbers may lie apart, and NoiseFrom what that
	// comes from; nil where there are not two numbers.
	Noise     *float64 `json:"noise"`
	NoiseFrom string   `json:"noise_from,omitempty"`
	Why       []string `json:"why,omitempty"`        // what else differs in the cell
	Regressed []string `json:"regression,omitempty"` // why it is a regression; empty if it is none
}

// Side is a cell or claim in one of the reports.
type Side struct {
	Ours     *float64 `json:"ours"`
	OursText string   `json:"ours_text,omitempty"`
	Std      *float64 `json:"std"`
	Seeds    int      `json:"seeds"`
	Verdict  string   `json:"verdict"`
	Reason   string   `json:"reason,omitempty"`
}

// costs are the lines of the manifest that differ from run to run and decide
// nothing.
var costs = []string{
	"training wall time", "compile time", "peak memory while training",
	"peak memory of this command", "sittings", "wall time of this command",
}

// Compare says what differs between two reports, and what of it is a
// regression.
//
// A number has moved if the two means lie further apart than noise: twice the
// root of the sum of both variances over seeds, if both have two seeds or
// more, and at least 1 %; else tolerance (such as .1) times the larger of the two. Counts and
// the best constant have no noise but rounding. A number that is there on one
// side only, or diverged on one, has moved too.
//
// Regressions are: a verdict that is worse, in the order reproduced, same
// conclusion, differs, undertrained, reduced, not run, no verdict, where better
// ranks as reproduced; a cell or claim that vanished and had been run; and an
// error of the paper's method that grew beyond noise (explained variance: fell).
func Compare(before, after *Report, tolerance float64) *Diff {
	d := &Diff{
		Before:    Made{before.Preset, before.Command, before.Generated},
		After:     Made{after.Preset, after.Command, after.Generated},
		Tolerance: tolerance, Facts: factChanges(before.Manifest, after.Manifest), Changes: []Change{},
	}
	a, b := entries(before), entries(after)
	add := func(c Change) {
		if c.What != nil {
			d.Changes = append(d.Changes, c)
		}
	}
	in := index(b)
	for _, e := range a {
		i, both := in[e.key()]
		if !both {
			add(vanished(e))
			continue
		}
		d.Compared++
		c, within := d.compare(e, b[i])
		if within {
			d.WithinNoise++
		}
		add(c)
	}
	in = index(a)
	for _, e := range b {
		if _, both := in[e.key()]; !both {
			c := e.change("appeared")
			c.After = e.side()
			add(c)
		}
	}
	for _, c := range d.Changes {
		if c.Regressed != nil {
			d.Regressions++
		}
	}
	slices.SortStableFunc(d.Changes, func(x, y Change) int { return rankOf(x) - rankOf(y) })
	return d
}

func rankOf(c Change) int {
	if c.Regressed != nil {
		return 0
	}
	return 1
}

// entry is a cell, or a claim as a cell that has only a verdict.
type entry struct {
	Cell
	kind string
}

func (e entry) key() string { return e.kind + " " + e.ID }

func entries(r *Report) []entry {
	var all []entry
	for _, t := range r.Tables {
		for _, c := range t.Cells {
			all = append(all, entry{c, "cell"})
		}
	}
	for _, c := range r.Claims {
		all = append(all, entry{Cell{ID: c.ID, Verdict: c.Verdict, Reason: c.Reason}, "claim"})
	}
	return all
}

func index(all []entry) map[string]int {
	in := map[string]int{}
	for i, e := range all {
		in[e.key()] = i
	}
	return in
}

func (e entry) change(what ...string) Change {
	return Change{ID: e.ID, Kind: e.kind, Role: e.Role, What: what}
}

func (e entry) side() *Side {
	return &Side{Ours: e.Ours, OursText: e.OursText, Std: e.Std, Seeds: len(e.Values), Verdict: shown(e.Verdict), Reason: e.Reason}
}

// rank is the place of a verdict from best to worst.
func rank(verdict string) int {
	if verdict == "better" {
		verdict = "reproduced"
	}
	return slices.Index(verdicts, shown(verdict))
}

func vanished(e entry) Change {
	c := e.change("vanished")
	c.Before = e.side()
	if rank(e.Verdict) < rank("not run") {
		c.Regressed = []string{"its verdict was " + e.Verdict}
	}
	return c
}

// compare tells what differs in an entry, and whether only noise does.
func (d *Diff) compare(a, b entry) (c Change, within bool) {
	c = b.change()
	c.Before, c.After = a.side(), b.side()
	moved, differs := c.number(a, b, d.Tolerance)
	if moved {
		c.What = append(c.What, "moved")
	}
	if shown(a.Verdict) != shown(b.Verdict) {
		c.What = append(c.What, "verdict")
		if rank(b.Verdict) > rank(a.Verdict) {
			c.Regressed = append(c.Regressed, fmt.Sprintf("verdict %s → %s", shown(a.Verdict), shown(b.Verdict)))
		}
	}
	if exact(a.Published) != exact(b.Published) || a.PublishedText != b.PublishedText {
		c.What = append(c.What, "published")
		c.Why = append(c.Why, fmt.Sprintf("the published value %s → %s", a.paper(), b.paper()))
	}
	if c.What != nil && a.kind == "cell" {
		c.Why = append(c.Why, why(a.Cell, b.Cell, differs)...)
	}
	return c, differs && !moved
}

// number compares our numbers: whether they moved, and whether they differ at all.
func (c *Change) number(a, b entry, tolerance float64) (moved, differs bool) {
	if a.Ours == nil || b.Ours == nil {
		// A number that came, went, diverged or is a text.
		differs = (a.Ours == nil) != (b.Ours == nil) || a.OursText != b.OursText
		if b.Role == "method" && a.Ours != nil && len(b.Values) > 0 {
			c.Regressed = append(c.Regressed, "the method diverged")
		}
		return differs, differs
	}
	c.Noise, c.NoiseFrom = noise(a.Cell, b.Cell, tolerance)
	step := *b.Ours - *a.Ours
	moved = math.Abs(step) > *c.Noise
	worse := step > 0
	if higherIsBetter(b.Metric) {
		worse = step < 0
	}
	if moved && worse && b.Role == "method" {
		c.Regressed = append(c.Regressed, fmt.Sprintf("the method's %s is worse beyond noise", b.Metric))
	}
	return moved, step != 0
}

// higherIsBetter is for scores; all else of a method is an error.
func higherIsBetter(metric string) bool { return metric == "explained_variance" }

// noise is how far the numbers of two cells may lie apart.
func noise(a, b Cell, tolerance float64) (*float64, string) {
	larger := math.Max(math.Abs(*a.Ours), math.Abs(*b.Ours))
	switch {
	case b.Role == "count" || b.Role == "trivial":
		return Number(exactNoise * larger), "rounding"
	case a.Std != nil && b.Std != nil && len(a.Values) >= 2 && len(b.Values) >= 2:
		n := 2 * math.Hypot(*a.Std, *b.Std)
		return Number(math.Max(n, leastNoise*larger)), fmt.Sprintf("the spread over %d and %d seeds", len(a.Values), len(b.Values))
	}
	return Number(tolerance * larger), fmt.Sprintf("%.3g %% of the larger, for want of two seeds: there are %d and %d", 100*tolerance, len(a.Values), len(b.Values))
}

// why lists what else differs between two cells, as far as it may explain the
// change.
func why(a, b Cell, differs bool) []string {
	var w []string
	say := func(what, before, after string) {
		if before != after {
			w = append(w, fmt.Sprintf("%s %s → %s", what, orNone(before), orNone(after)))
		}
	}
	say("seeds", joined(a.Seeds, seedText), joined(b.Seeds, seedText))
	say("flags", strings.Join(a.Flags, ", "), strings.Join(b.Flags, ", "))
	say("command", a.Command, b.Command)
	switch {
	case len(a.Runs) > 0 && slices.Equal(a.Runs, b.Runs):
		if differs {
			w = append(w, "the same runs by name: settings, seeds and code version agree, so they were trained again or elsewhere")
		} else {
			w = append(w, "the same runs and number: the rule changed, or the comparison that the cell serves")
		}
	case len(a.Runs) == 1 && len(b.Runs) == 1:
		w = append(w, fmt.Sprintf("another run (settings, seed or code version differ): %s → %s", a.Runs[0], b.Runs[0]))
	case len(a.Runs)+len(b.Runs) > 0:
		common := 0
		for _, r := range b.Runs {
			if slices.Contains(a.Runs, r) {
				common++
			}
		}
		w = append(w, fmt.Sprintf("%d → %d runs, %d of them the same", len(a.Runs), len(b.Runs), common))
	}
	return w
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// factChanges lists what differs between two manifests, in their order.
func factChanges(before, after []Fact) []FactChange {
	changes := []FactChange{}
	a, b := facts(before), facts(after)
	seen := map[string]bool{}
	for _, f := range append(slices.Clone(before), after...) {
		if !seen[f.Name] && !slices.Contains(costs, f.Name) && a[f.Name] != b[f.Name] {
			changes = append(changes, FactChange{f.Name, a[f.Name], b[f.Name]})
		}
		seen[f.Name] = true
	}
	return changes
}

// runCount ends the manifest's line of a backend. How many runs a report has is
// not how they were made.
var runCount = regexp.MustCompile(` \(\d+ runs\)$`)

// facts are the values by name; of one with several lines, all.
func facts(list []Fact) map[string]string {
	m := map[string]string{}
	for _, f := range list {
		if m[f.Name] != "" {
			m[f.Name] += "; "
		}
		m[f.Name] += runCount.ReplaceAllString(f.Value, "")
	}
	return m
}
