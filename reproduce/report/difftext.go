// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"
)

// String is the Diff for reading: how the reports were made, then each
// change in a few lines, then the sum.
func (d *Diff) String() string {
	var b strings.Builder
	for _, side := range []struct {
		name string
		Made
	}{{"before", d.Before}, {"after", d.After}} {
		fmt.Fprintf(&b, "%-7s preset %s", side.name, side.Preset)
		for _, s := range []string{side.Generated, side.Command} {
			if s != "" {
				fmt.Fprintf(&b, ", %s", s)
			}
		}
		b.WriteString("\n")
	}
	if len(d.Facts) > 0 {
		b.WriteString("made differently:\n")
	}
	for _, f := range d.Facts {
		fmt.Fprintf(&b, "  %s: %s → %s\n", f.Name, orNone(f.Before), orNone(f.After))
	}
	for _, c := range d.Changes {
		c.text(&b)
	}
	n := d.counts()
	fmt.Fprintf(&b, "%d compared: %d moved, %d within noise, %d verdicts changed; %d appeared, %d vanished; %d regressions\n",
		d.Compared, n["moved"], d.WithinNoise, n["verdict"], n["appeared"], n["vanished"], d.Regressions)
	return b.String()
}

func (d *Diff) counts() map[string]int {
	n := map[string]int{}
	for _, c := range d.Changes {
		for _, w := range c.What {
			n[w]++
		}
	}
	return n
}

func (c Change) text(b *strings.Builder) {
	mark := strings.Join(c.What, ", ")
	if c.Regressed != nil {
		mark = "REGRESSION " + mark
	}
	fmt.Fprintf(b, "%s: %s %s\n", mark, c.Kind, c.ID)
	switch {
	case c.Before == nil:
		fmt.Fprintf(b, "  %s%s\n", c.After.verdict(), c.After.number(", ours "))
	case c.After == nil:
		fmt.Fprintf(b, "  %s%s\n", c.Before.verdict(), c.Before.number(", ours "))
	default:
		if slices.Contains(c.What, "moved") {
			fmt.Fprintf(b, "  ours %s → %s%s\n", orNone(c.Before.number("")), orNone(c.After.number("")), c.step())
		}
		if slices.Contains(c.What, "verdict") {
			fmt.Fprintf(b, "  verdict %s → %s", c.Before.Verdict, c.After.Verdict)
			if c.After.Reason != "" {
				fmt.Fprintf(b, ": %s", c.After.Reason)
			}
			b.WriteString("\n")
		}
	}
	for _, w := range c.Regressed {
		fmt.Fprintf(b, "  regression: %s\n", w)
	}
	for _, w := range c.Why {
		fmt.Fprintf(b, "  %s\n", w)
	}
}

// step is how far a number moved, beside what would be noise.
func (c Change) step() string {
	if c.Noise == nil {
		return ""
	}
	step := *c.After.Ours - *c.Before.Ours
	return fmt.Sprintf(" (%+.3g; noise %.2g, %s)", step, *c.Noise, c.NoiseFrom)
}

func (s Side) verdict() string {
	if s.Verdict == noVerdict {
		return s.Verdict
	}
	return "verdict " + s.Verdict
}

// number is our number as in the tables, after a prefix; empty if there is none.
func (s Side) number(prefix string) string {
	if s.Ours == nil && s.OursText == "" {
		if s.Seeds > 0 {
			return prefix + "diverged"
		}
		return ""
	}
	return prefix + Cell{Ours: s.Ours, OursText: s.OursText, Std: s.Std}.ours()
}
