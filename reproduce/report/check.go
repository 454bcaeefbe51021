// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// noVerdict is how the absence of a verdict is counted and shown.
const noVerdict = "no verdict"

// verdicts lists what a verdict may be, in the order shown.
var verdicts = []string{
	"reproduced", "better", "same conclusion", "differs", "undertrained", "reduced", "not run", noVerdict,
}

// roles lists what a cell may stand for in the paper's argument.
var roles = []string{"method", "baseline", "count", "time", "trivial"}

// shown is the verdict as it is shown.
func shown(verdict string) string {
	if verdict == "" {
		return noVerdict
	}
	return verdict
}

// fileID is what an id must look like, since it names files.
var fileID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*(/[A-Za-z0-9][A-Za-z0-9._+-]*)*$`)

// fileName is the base name of the files of a table or figure.
func fileName(id string) string { return strings.ReplaceAll(id, "/", "-") }

// check finds what would make files that are wrong, unreadable or unsafe.
func (r *Report) check() error {
	names := map[string]bool{}
	unique := func(kind, id string) error {
		if !fileID.MatchString(id) {
			return fmt.Errorf("%s id %q: expected letters, digits and ._+- between slashes, since it names files", kind, id)
		}
		if names[kind+fileName(id)] {
			return fmt.Errorf("%s id %q is given twice", kind, id)
		}
		names[kind+fileName(id)] = true
		return nil
	}
	cells := map[string]bool{}
	for _, t := range r.Tables {
		if err := unique("table", t.ID); err != nil {
			return err
		}
		for _, c := range t.Cells {
			if err := c.check(); err != nil {
				return fmt.Errorf("cell %q: %w", c.ID, err)
			}
			if cells[c.ID] {
				return fmt.Errorf("cell %q is given twice", c.ID)
			}
			cells[c.ID] = true
		}
	}
	for _, f := range r.Figures {
		if err := unique("figure", f.ID); err != nil {
			return err
		}
	}
	for _, c := range r.Claims {
		if err := checkVerdict(c.Verdict); err != nil {
			return fmt.Errorf("claim %q: %w", c.ID, err)
		}
	}
	return nil
}

// checkFigures finds figures that the page can't hold. What was read without
// its figures is not asked for them.
func (r *Report) checkFigures() error {
	for _, f := range r.Figures {
		if err := checkSVG(f.SVG); err != nil {
			return fmt.Errorf("figure %q: %w", f.ID, err)
		}
	}
	return nil
}

func (c Cell) check() error {
	if c.ID == "" {
		return errors.New("expected an id, got none")
	}
	if !slices.Contains(roles, c.Role) {
		return fmt.Errorf("unknown role %q; known: %s", c.Role, strings.Join(roles, ", "))
	}
	numbers := append([]*float64{c.Published, c.PublishedStd, c.Ours, c.Std, c.Grid, c.Corrected, c.Trivial}, c.Values...)
	for _, v := range numbers {
		if v != nil && (math.IsNaN(*v) || math.IsInf(*v, 0)) {
			return fmt.Errorf("a number is %v; leave it nil, as report.Number does", *v)
		}
	}
	if len(c.Seeds) > 0 && len(c.Seeds) != len(c.Values) {
		return fmt.Errorf("expected a value for each of %d seeds, got %d", len(c.Seeds), len(c.Values))
	}
	if err := checkVerdict(c.Verdict); err != nil {
		return err
	}
	judged := c.Verdict != "" && c.Verdict != "not run"
	if judged && c.Ours == nil && c.OursText == "" && len(c.Values) == 0 {
		return fmt.Errorf("verdict %q without a value of ours", c.Verdict)
	}
	return nil
}

func checkVerdict(v string) error {
	if !slices.Contains(verdicts, shown(v)) {
		return fmt.Errorf("unknown verdict %q; known: %s", v, strings.Join(verdicts, ", "))
	}
	return nil
}

// checkSVG refuses what would make the page load or run something.
func checkSVG(svg []byte) error {
	if len(svg) == 0 {
		return errors.New("expected an SVG, got none")
	}
	for _, bad := range []string{"<script", "<foreignObject", `href="http`, "@import", "url(http", "<!ENTITY"} {
		if bytes.Contains(svg, []byte(bad)) {
			return fmt.Errorf("SVG contains %s: the page must need nothing else", bad)
		}
	}
	return nil
}
