// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"math"
	"strings"
	"testing"
)

// seeded is a method's cell with a mean and a sample standard deviation over
// n seeds.
func seeded(mean, sd float64, n int) Cell {
	c := Cell{ID: "p/t/r/c/rel_err", Metric: "rel_err", Role: "method", Ours: &mean, Verdict: "reproduced", Runs: []string{"run-1"}}
	for i := range n {
		c.Values, c.Seeds = append(c.Values, &mean), append(c.Seeds, int64(i))
	}
	if n > 1 {
		c.Std = &sd
	}
	return c
}

func one(c Cell) *Report { return &Report{Tables: []Table{{ID: "t", Cells: []Cell{c}}}} }

// with changes a copy of a cell.
func with(c Cell, change func(*Cell)) Cell {
	change(&c)
	return c
}

func TestCompareCells(t *testing.T) {
	// 2·√(0.01² + 0.01²) = 0.0283: the noise of 0.10 ± 0.01 against another such.
	base := seeded(.10, .01, 5)
	verdict := func(v string) func(*Cell) { return func(c *Cell) { c.Verdict = v } }
	score := func(mean float64) Cell {
		return with(seeded(mean, .001, 3), func(c *Cell) { c.Metric = "explained_variance" })
	}
	count := func(n float64) Cell { return with(seeded(n, 0, 1), func(c *Cell) { c.Role = "count" }) }
	diverged := with(base, func(c *Cell) { c.Ours, c.Values = nil, []*float64{nil} })
	notRun := Cell{ID: base.ID, Role: "method", Verdict: "not run"}
	for name, c := range map[string]struct {
		a, b        Cell
		what        string
		regressions int
	}{
		"the same":                             {base, base, "", 0},
		"grew within noise":                    {base, seeded(.128, .01, 5), "", 0},
		"grew beyond noise":                    {base, seeded(.129, .01, 5), "moved", 1},
		"fell beyond noise":                    {base, seeded(.071, .01, 5), "moved", 0},
		"one seed: 10 % of the larger":         {seeded(.10, 0, 1), seeded(.111, 0, 1), "", 0},
		"one seed: above 10 % of the larger":   {seeded(.10, 0, 1), seeded(.112, 0, 1), "moved", 1},
		"one seed against five":                {base, seeded(.108, 0, 1), "", 0},
		"two seeds that agree by chance":       {seeded(.10, 0, 2), seeded(.1009, 0, 2), "", 0},
		"two seeds that agree, more than 1 %":  {seeded(.10, 0, 2), seeded(.1011, 0, 2), "moved", 1},
		"a baseline that grew":                 {with(base, func(c *Cell) { c.Role = "baseline" }), with(seeded(.2, .01, 5), func(c *Cell) { c.Role = "baseline" }), "moved", 0},
		"a score that fell":                    {score(.99), score(.90), "moved", 1},
		"a score that grew":                    {score(.90), score(.99), "moved", 0},
		"a count that is one more":             {count(351), count(352), "moved", 0},
		"a worse verdict":                      {base, with(base, verdict("differs")), "verdict", 1},
		"a better verdict":                     {with(base, verdict("differs")), base, "verdict", 0},
		"better ranks as reproduced":           {base, with(base, verdict("better")), "verdict", 0},
		"reproduced after better":              {with(base, verdict("better")), base, "verdict", 0},
		"no verdict is the last":               {with(base, verdict("reduced")), with(base, verdict("")), "verdict", 1},
		"diverged":                             {base, with(diverged, verdict("differs")), "moved verdict", 1},
		"diverged with the same verdict":       {with(base, verdict("differs")), with(diverged, verdict("differs")), "moved", 1},
		"no longer diverged":                   {with(diverged, verdict("differs")), base, "moved verdict", 0},
		"run for the first time":               {notRun, base, "moved verdict", 0},
		"no longer run":                        {base, notRun, "moved verdict", 1},
		"another published value":              {base, with(base, func(c *Cell) { c.PublishedText = "0.09" }), "published", 0},
		"another set of symbols":               {with(base, func(c *Cell) { c.Ours, c.OursText = nil, "U" }), with(base, func(c *Cell) { c.Ours, c.OursText = nil, "V" }), "moved", 0},
		"other runs and nothing else":          {base, with(base, func(c *Cell) { c.Runs = []string{"run-2"} }), "", 0},
		"a worse verdict and a number to fit":  {base, with(seeded(.2, .01, 5), verdict("differs")), "moved verdict", 1},
		"a fall to zero of a method's error":   {base, seeded(0, .01, 5), "moved", 0},
		"differences of rounding in a trivial": {with(count(.5774), func(c *Cell) { c.Role = "trivial" }), with(count(.57740001), func(c *Cell) { c.Role = "trivial" }), "", 0},
	} {
		d := Compare(one(c.a), one(c.b), .1)
		what := ""
		for _, change := range d.Changes {
			what += strings.Join(change.What, " ")
		}
		if what != c.what || d.Regressions != c.regressions || d.Compared != 1 {
			t.Errorf("%s: %q, %d regressions, want %q, %d:\n%s", name, what, d.Regressions, c.what, c.regressions, d)
		}
	}
}

// What is gone and had been run is a regression; what is new is none.
func TestCompareWhatAppearsAndVanishes(t *testing.T) {
	r, none := one(seeded(.1, 0, 1)), &Report{}
	r.Claims = []Claim{{Verdict: "reproduced"}}
	r.Claims[0].ID = "H05"
	d := Compare(r, none, .1)
	if n := d.counts(); n["vanished"] != 2 || d.Regressions != 2 || d.Compared != 0 {
		t.Errorf("all gone: %v, %d regressions, want 2 vanished and 2", n, d.Regressions)
	}
	d = Compare(none, r, .1)
	if n := d.counts(); n["appeared"] != 2 || d.Regressions != 0 {
		t.Errorf("all new: %v, %d regressions, want 2 appeared and none", n, d.Regressions)
	}
	r.Tables[0].Cells[0].Verdict, r.Claims[0].Verdict = "not run", ""
	if d = Compare(r, none, .1); d.Regressions != 0 {
		t.Errorf("a cell that was not run is gone: %d regressions, want none", d.Regressions)
	}
}

func TestCompareClaims(t *testing.T) {
	a, b := &Report{Claims: []Claim{{Verdict: "reproduced"}}}, &Report{Claims: []Claim{{Verdict: "differs", Reason: "the ranks shrink"}}}
	a.Claims[0].ID, b.Claims[0].ID = "H18", "H18"
	d := Compare(a, b, .1)
	if d.Regressions != 1 || !strings.Contains(d.String(), "verdict reproduced → differs: the ranks shrink") {
		t.Errorf("got\n%s", d)
	}
}

// The reasons name the settings, versions, device and seeds that differ, and
// not what the runs cost.
func TestCompareSaysWhy(t *testing.T) {
	a, b := one(seeded(.10, .01, 2)), one(seeded(.20, .01, 3))
	a.Manifest = []Fact{{"backend", "xla:cpu (3 runs)"}, {"gomlx", "v1"}, {"training wall time", "5s"}, {"gone", "x"}}
	b.Manifest = []Fact{{"backend", "xla:cpu (1 runs)"}, {"backend", "go (2 runs)"}, {"gomlx", "v2"}, {"training wall time", "9s"}}
	b.Tables[0].Cells[0].Runs = []string{"run-2"}
	b.Tables[0].Cells[0].Flags = []string{"spurious"}
	text := Compare(a, b, .1).String()
	for _, want := range []string{
		"gomlx: v1 → v2", "backend: xla:cpu → xla:cpu; go\n", "gone: x → none",
		"REGRESSION moved: cell p/t/r/c/rel_err", "ours 0.1 ± 0.01 → 0.2 ± 0.01 (+0.1; noise 0.028, the spread over 2 and 3 seeds)",
		"another run (settings, seed or code version differ): run-1 → run-2", "seeds 0 1 → 0 1 2", "flags none → spurious",
		"1 compared: 1 moved, 0 within noise, 0 verdicts changed; 0 appeared, 0 vanished; 1 regressions",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "wall time") {
		t.Errorf("names a cost as a reason:\n%s", text)
	}
	b.Manifest = []Fact{{"backend", "xla:cpu (9 runs)"}, {"gomlx", "v1"}, {"gone", "x"}}
	if d := Compare(a, b, .1); len(d.Facts) > 0 {
		t.Errorf("another number of runs is told as another backend: %v", d.Facts)
	}
	b = one(with(a.Tables[0].Cells[0], func(c *Cell) { c.Verdict = "differs" }))
	if text := Compare(a, b, .1).String(); !strings.Contains(text, "the same runs and number: the rule changed") {
		t.Errorf("a verdict that changed by itself:\n%s", text)
	}
}

// A report agrees with itself, and there and back again nothing appears that
// hadn't vanished.
func TestCompareIsConsistent(t *testing.T) {
	r := sample(t).finished()
	if d := Compare(r, r, 0); len(d.Changes)+len(d.Facts)+d.WithinNoise+d.Regressions != 0 {
		t.Errorf("a report differs from itself:\n%s", d)
	}
	other := sample(t).finished()
	for i := range other.Tables {
		for j := range other.Tables[i].Cells {
			if c := &other.Tables[i].Cells[j]; c.Ours != nil {
				c.Ours = Number(*c.Ours * (1 + .3*math.Sin(float64(7*i+j))))
			}
		}
	}
	there, back := Compare(r, other, .1), Compare(other, r, .1)
	if n, m := there.counts()["moved"], back.counts()["moved"]; n == 0 || n != m {
		t.Errorf("%d moved one way, %d the other; want the same, above 0", n, m)
	}
}
