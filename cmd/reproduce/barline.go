// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"strings"
	"unicode"
)

// barLine is a line of the live view: a bar, a label and facts.
type barLine struct {
	label string
	share float64 // of the bar that is full
	facts []fact  // they go before a whole label
	more  []string
}

// fact is written in full or, in a narrow window, in short.
type fact struct{ full, short string }

// In a window of that many cells the bar has that length, and in the wide one
// facts are written in full. A label of 42 cells, such as "Phase 2 at beta=40,
// adaptive rank, seed 0", then has room for all of it, and for an error behind the
// facts.
const (
	wideWindow, wideBar     = 128, 20
	middleWindow, middleBar = 100, 10
	narrowBar               = 5
	leastLabel              = 8
)

// String is the line without its bar, in full.
func (l barLine) String() string {
	var facts []string
	for _, f := range l.facts {
		facts = append(facts, f.full)
	}
	return l.label + ": " + strings.Join(append(facts, l.more...), ", ")
}

// fit is the line in a window of that many cells, of which it leaves the last
// free: terminals part over whether a full line goes on to the next. Where there
// is no room for all, what is left out is first what follows the facts, then a
// part of the label.
func (l barLine) fit(width int) string {
	room := width - 1
	bar := narrowBar
	var facts []string
	for _, f := range l.facts {
		if width < wideWindow {
			facts = append(facts, f.short)
		} else {
			facts = append(facts, f.full)
		}
	}
	switch {
	case width >= wideWindow:
		bar = wideBar
	case width >= middleWindow:
		bar = middleBar
	}
	rest := strings.Join(facts, ", ")
	label := cutLabel(l.label, max(leastLabel, room-bar-1-cells(": "+rest)))
	line := drawBar(l.share, bar) + " " + label + ": " + rest
	for _, f := range l.more {
		if cells(line)+cells(", "+f) <= room {
			line += ", " + f
		}
	}
	return cut(line, room)
}

func drawBar(share float64, n int) string {
	full := int(math.Round(min(1, max(0, share)) * float64(n)))
	if share < 1 {
		full = min(full, n-1) // full only at the end
	}
	return strings.Repeat("█", full) + strings.Repeat("░", n-full)
}

// cutLabel shortens a label to n cells: its end, such as the seed, stays.
func cutLabel(label string, n int) string {
	if cells(label) <= n {
		return label
	}
	last := ""
	if i := strings.LastIndex(label, ", "); i >= 0 && cells(label[i+1:]) <= n/2 {
		label, last = label[:i], label[i+1:]
	}
	for cells(label)+1+cells(last) > n && label != "" {
		runes := []rune(label)
		label = string(runes[:len(runes)-1])
	}
	return cut(strings.TrimRight(label, " ,")+"…"+last, n)
}

// cut is the first n cells of a text, without what moves the cursor.
func cut(text string, n int) string {
	var b strings.Builder
	for _, r := range text {
		if n -= runeCells(r); n < 0 {
			break
		}
		if !unicode.IsControl(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cells is how many cells of a terminal a text takes.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch {
	case unicode.IsControl(r), unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0xff01 && r <= 0xff60, r >= 0x1f300 && r <= 0x1faff:
		return 2
	}
	return 1
}
