// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pinn.example/repro/train"
)

// formatHistory writes a history as CSV: step, total, terms, then probes marked
// by a leading "probe:". What was not measured, or is no number, is empty.
// Numbers have 9 digits: exact in float32.
func formatHistory(h train.History) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := append([]string{"step", "total"}, h.Terms...)
	for _, p := range h.Probes {
		head = append(head, "probe:"+p)
	}
	_ = w.Write(head)
	number := func(x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return strconv.FormatFloat(x, 'g', 9, 64)
	}
	for _, row := range h.Rows {
		line := []string{strconv.Itoa(row.Step), number(row.Total())}
		for i := range h.Terms {
			if row.Terms == nil {
				line = append(line, "")
				continue
			}
			line = append(line, number(row.Terms[i]))
		}
		for i := range h.Probes {
			if row.Probes == nil {
				line = append(line, "")
				continue
			}
			line = append(line, number(row.Probes[i]))
		}
		_ = w.Write(line)
	}
	w.Flush()
	return b.Bytes()
}

// parseHistory reads what formatHistory wrote. A report reads thousands of histories,
// so that only the head, whose names may be quoted, is read as CSV, and the numbers
// of many rows share memory. (With encoding/csv for the rows it took twice the time.)
func parseHistory(data []byte) (train.History, error) {
	head := csv.NewReader(bytes.NewReader(data))
	names, err := head.Read()
	if err != nil || len(names) < 2 || !slices.Equal(names[:2], []string{"step", "total"}) {
		return train.History{}, errors.New("the head is not that of a history")
	}
	var h train.History
	for _, name := range names[2:] {
		if probe, ok := strings.CutPrefix(name, "probe:"); ok {
			h.Probes = append(h.Probes, probe)
		} else {
			h.Terms = append(h.Terms, name)
		}
	}
	body := string(data[head.InputOffset():])
	if n := strings.Count(body, "\n"); n > 0 {
		h.Rows = make([]train.Row, 0, n)
	}
	var numbers slab
	fields := make([]string, len(names))
	for line := range strings.Lines(body) {
		if !split(fields, strings.TrimSuffix(line, "\n")) {
			return train.History{}, fmt.Errorf("a row has not %d fields: %.80q", len(names), line)
		}
		var row train.Row
		if row.Step, err = strconv.Atoi(fields[0]); err != nil {
			return train.History{}, err
		}
		if row.Terms, err = numbers.parse(fields[2 : 2+len(h.Terms)]); err != nil {
			return train.History{}, err
		}
		if row.Probes, err = numbers.parse(fields[2+len(h.Terms):]); err != nil {
			return train.History{}, err
		}
		h.Rows = append(h.Rows, row)
	}
	return h, nil
}

// split cuts a line at its commas into as many fields as there are places.
func split(fields []string, line string) bool {
	for i := range fields {
		field, rest, more := strings.Cut(line, ",")
		if more == (i == len(fields)-1) {
			return false
		}
		fields[i], line = field, rest
	}
	return true
}

// slab is where the numbers of many rows lie.
type slab []float64

// parse reads the numbers of a row's terms or probes; nil where there are none.
func (s *slab) parse(fields []string) ([]float64, error) {
	if !slices.ContainsFunc(fields, func(f string) bool { return f != "" }) {
		return nil, nil
	}
	n := len(fields)
	if len(*s) < n {
		*s = make(slab, max(n, 1024))
	}
	xs := (*s)[:n:n]
	*s = (*s)[n:]
	for i, f := range fields {
		if f == "" {
			xs[i] = math.NaN()
			continue
		}
		var err error
		if xs[i], err = strconv.ParseFloat(f, 64); err != nil {
			return nil, err
		}
	}
	return xs, nil
}
