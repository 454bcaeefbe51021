// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"errors"
	"regexp"
	"strings"
)

// timeMark is where the header says how long the notebook takes.
var timeMark = regexp.MustCompile(`<!-- time -->[^<\n]*<!-- /time -->`)

// SetTime writes into the header how long the notebook takes ("about 2 min"), between
// <!-- time --> and <!-- /time -->. Without this marker, just once in the first cell,
// it is an error.
func (nb *Notebook) SetTime(text string) error {
	if len(nb.Cells) == 0 || len(timeMark.FindAllString(nb.Cells[0].Source, -1)) != 1 {
		return errors.New("cell 1: expected <!-- time -->about 2 min<!-- /time --> in the header, once")
	}
	header := nb.Cells[0]
	header.Source = timeMark.ReplaceAllLiteralString(header.Source, "<!-- time -->"+text+"<!-- /time -->")
	return nil
}

// Header is what a notebook's first cell says of it, for an index.
type Header struct {
	Title    string // "2 · A PINN from scratch"
	Goal     string // its one sentence
	Time     string // "about 2 min"
	Explains string // which table or figure
}

// Header reads the first cell.
func (nb *Notebook) Header() Header {
	var h Header
	if len(nb.Cells) == 0 {
		return h
	}
	text := nb.Cells[0].Source
	h.Time = strings.TrimSuffix(strings.TrimPrefix(timeMark.FindString(text), "<!-- time -->"), "<!-- /time -->")
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		paragraph = strings.Join(strings.Fields(paragraph), " ")
		if title, ok := strings.CutPrefix(paragraph, "# "); ok {
			h.Title = title
		} else if h.Goal == "" {
			h.Goal = paragraph
		}
	}
	for line := range strings.Lines(text) {
		if _, explains, ok := strings.Cut(line, "**Explains:**"); ok {
			h.Explains = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(explains), "\\"))
		}
	}
	return h
}
