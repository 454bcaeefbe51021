// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"strconv"
	"testing"

	"pinn.example/repro/train"
)

// sampleHistory is like that of a run: three terms at every tenth step, and three
// probes at every hundredth.
func sampleHistory(rows int) train.History {
	r := rand.New(rand.NewPCG(3, 0))
	numbers := func() []float64 { return []float64{r.Float64(), 1e-12 * r.Float64(), 1e9 * r.Float64()} }
	h := train.History{Terms: []string{"residual", "initial", "boundary"}, Probes: []string{"rel_l2", "abs, mean", "residual"}}
	for i := range rows {
		row := train.Row{Step: 10 * i, Terms: numbers()}
		if i%10 == 0 {
			row.Probes = numbers()
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// What is read is what the CSV file says to another reader.
func TestHistoryIsCSV(t *testing.T) {
	data := formatHistory(sampleHistory(500))
	got, err := parseHistory(data)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(records) != 1+500 || len(got.Rows) != 500 {
		t.Fatalf("%d rows are read, the file has %d and a head, %v", len(got.Rows), len(records)-1, err)
	}
	for i, row := range got.Rows {
		fields := records[1+i]
		if step := strconv.Itoa(row.Step); step != fields[0] {
			t.Fatalf("row %d has step %s, want %s", i, step, fields[0])
		}
		numbers := append(append([]float64{}, row.Terms...), row.Probes...)
		for j, x := range numbers {
			if want, err := strconv.ParseFloat(fields[2+j], 64); err != nil || x != want {
				t.Fatalf("row %d, number %d is %g, want %s", i, j, x, fields[2+j])
			}
		}
		if rest := fields[2+len(numbers):]; len(rest) > 0 && (len(rest) != 3 || rest[0]+rest[1]+rest[2] != "") {
			t.Fatalf("row %d lacks the probes %v", i, rest)
		}
	}
	// Appending to one row must not write into the next.
	first, second := got.Rows[0].Terms, got.Rows[0].Probes[0]
	_ = append(first, -1)
	if got.Rows[0].Probes[0] != second {
		t.Error("the numbers of a row share room")
	}
}

func TestHistoryRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":               "",
		"another head":          "epoch,total,residual\n1,2,3\n",
		"half a head":           "step\n1\n",
		"an open quote":         "step,total,\"residual\n1,2,3\n",
		"a row cut off":         "step,total,residual\n1,2,3\n2,1\n",
		"a row too long":        "step,total,residual\n1,2,3,4\n",
		"an empty row":          "step,total,residual\n1,2,3\n\n2,1,1\n",
		"a step that is none":   "step,total,residual\n1.5,2,3\n",
		"a term that is none":   "step,total,residual\n1,2,three\n",
		"a probe that is none":  "step,total,residual,probe:rel_l2\n1,2,3,-\n",
		"a number out of range": "step,total,residual\n1,2,1e999\n",
	} {
		if h, err := parseHistory([]byte(text)); err == nil {
			t.Errorf("%s is read as %+v", name, h)
		}
	}
}

// A report reads thousands of histories: the numbers of many rows share memory. With
// encoding/csv a row took 4 pieces: its fields, their text, and one for the terms
// and for the probes. A slab of 1,024 numbers is 300 rows' here.
func TestHistoryPieces(t *testing.T) {
	pieces := func(rows int) float64 {
		data := formatHistory(sampleHistory(rows))
		return testing.AllocsPerRun(5, func() {
			if _, err := parseHistory(data); err != nil {
				t.Fatal(err)
			}
		})
	}
	if perRow := (pieces(2000) - pieces(1000)) / 1000; perRow > .01 {
		t.Errorf("a row takes %g pieces of memory, want 1/300", perRow)
	}
}

func BenchmarkParseHistory(b *testing.B) {
	data := formatHistory(sampleHistory(2000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseHistory(data); err != nil {
			b.Fatal(err)
		}
	}
}
