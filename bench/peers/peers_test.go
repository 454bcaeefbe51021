// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/train"
)

// obedient stands in for a peer: its answer lies in $ANSWER.
const obedient = `echo "Using stand-in."; cp "$ANSWER" "$4"; echo "ready stand-in 1.0"; while read -r n; do echo done; done`

// startStandIn checks a peer that gives this answer.
func startStandIn(t *testing.T, script string, want, answer map[string]train.Array) (*row, error) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "stand-in.npz")
	f, err := os.Create(file)
	if err == nil {
		err = errors.Join(train.WriteNPZ(f, answer, "float64"), f.Close())
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "peer.sh"), []byte(script), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("ANSWER", file)
	c := checker{step: "pinn", want: want, scratch: dir, scripts: dir, python: "sh"}
	r, err := c.peer(context.Background(), peerRow{name: "stand-in", script: "peer.sh", variant: "forward", unit: 1})
	return r, err
}

// TestRefusal: a peer with our answer takes its steps; one with another is refused
// in the type whose limit it exceeds, by the name of what differs.
func TestRefusal(t *testing.T) {
	want := map[string]train.Array{}
	for _, name := range []string{"residual", "data", "gradient/hyper0/w", "stepped/hyper0/w"} {
		want[name] = train.Array{Dims: []int{2}, Data: []float64{.5, -2}}
	}
	for _, c := range []struct{ what, name, says string }{
		{"our answer", "", ""},
		{"a gradient that is off by 1e-9", "gradient/hyper0/w", "gradient/hyper0/w differs in float64 by 1e-09"},
		{"other steps of Adam", "stepped/hyper0/w", "stepped/hyper0/w differs in float64"},
		{"a missing term", "data", "data differs in float64 by +Inf"},
	} {
		answer := maps.Clone(want)
		switch {
		case c.what == "a missing term":
			delete(answer, c.name)
		case c.name != "":
			answer[c.name] = train.Array{Dims: []int{2}, Data: []float64{.5, -2 - 2e-9}}
		}
		r, err := startStandIn(t, obedient, want, answer)
		if c.says != "" {
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: error %v does not say %q", c.what, err, c.says)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if err := r.process.steps(64); err != nil || r.Version != "stand-in 1.0" {
			t.Errorf("%s of version %q: %v", c.what, r.Version, err)
		}
		r.process.close()
	}
}

// TestFloat32HasItsOwnLimit: rounding passes in float32, and more does not.
func TestFloat32HasItsOwnLimit(t *testing.T) {
	one := func(x float64) map[string]train.Array {
		return map[string]train.Array{"residual": {Dims: []int{1}, Data: []float64{x}}}
	}
	c := checker{want: one(1)}
	c.want["stepped/hyper0/w"] = train.NewArray(1) // not looked at
	if err := c.check(&row{}, "float32", one(1+5e-6)); err != nil {
		t.Error(err)
	}
	if err := c.check(&row{}, "float32", one(1+2e-5)); err == nil {
		t.Error("2e-5 passed")
	}
}

// TestFailingPeer: what a peer complains of last is the reason.
func TestFailingPeer(t *testing.T) {
	_, err := startStandIn(t, "echo first >&2; echo 'No module named torch' >&2; exit 1", nil, nil)
	if err == nil || !strings.HasSuffix(err.Error(), "peer.sh ended: No module named torch") {
		t.Errorf("error %v", err)
	}
}

// TestRowsTakeTurns: ours, a peer, ours and so on, a refused row left out.
func TestRowsTakeTurns(t *testing.T) {
	var turns []string
	named := func(name string) *row {
		return &row{Name: name, unit: 1, take: func(int) error { turns = append(turns, name); return nil }}
	}
	r := stepReport{Rows: []*row{named("ours"), {Name: "wrong", Refused: "it differs"}, named("peer")}}
	if err := r.time(context.Background(), 3, 1e-9); err != nil {
		t.Fatal(err)
	}
	if timed := turns[len(turns)-6:]; !slices.Equal(timed, []string{"ours", "peer", "ours", "peer", "ours", "peer"}) {
		t.Errorf("the rows went %v", timed)
	}
	if len(r.Rows[1].Millis) != 0 || len(r.Rows[2].Millis) != 3 {
		t.Errorf("%d times of the refused row and %d of the peer, want 0 and 3", len(r.Rows[1].Millis), len(r.Rows[2].Millis))
	}
}

// A machine that slows to a third in the middle of the second round: the median of
// the ratios is still 2, where the ratio of the medians would be 2/3.
func Example() {
	r := &stepReport{Title: "A step", Rows: []*row{
		{Name: "ours", Version: "GoMLX", Deviation: map[string]float64{"float32": 2e-6}, Millis: []float64{1, 3, 3}, PeakMB: 200},
		{Name: "peer", Version: "peer 1.0", Deviation: map[string]float64{"float64": 1e-13, "float32": 1e-6}, Millis: []float64{2, 2, 6}, PeakMB: 400},
		{Name: "wrong", Version: "wrong 0.1", Refused: "data differs"},
	}}
	r.summarise()
	fmt.Print(r)
	// Output:
	// A step
	//                                  version                 ms/step   × ours  range            peak MB  deviation in float64, float32
	//   ours                           GoMLX                      3.00     1.00  1.00–3.00            200  0e+00, 2e-06
	//   peer                           peer 1.0                   2.00     2.00  2.00–6.00            400  1e-13, 1e-06
	//   wrong                          wrong 0.1             refused: data differs
	//   ours is 2 times as fast as the best of the others, peer
}

// TestAgainst: a step whose speed beside most other rows has fallen by more than 15 % is
// a regression; one row that has become faster itself is none.
func TestAgainst(t *testing.T) {
	timed := func(ratios ...float64) *report {
		rows := []*row{{Name: "ours", Ratio: 1}}
		for i, ratio := range ratios {
			rows = append(rows, &row{Name: fmt.Sprintf("peer %d", i), Ratio: ratio})
		}
		return &report{Date: "2026-01-02", Steps: []*stepReport{{Name: "pinn", Rows: rows}}}
	}
	before := timed(2, 4, 10)
	for _, c := range []struct {
		what   string
		now    *report
		slower int
		says   string
	}{
		{"the same", timed(2, 4, 10), 0, "pinn: 1.00 of its speed on 2026-01-02 beside 3 other rows\n"},
		{"a seventh slower", timed(1.72, 3.44, 8.6), 0, "pinn: 0.86 of"},
		{"a fifth slower", timed(1.6, 3.2, 8), 1, "pinn: REGRESSION: 0.80 of its speed on 2026-01-02"},
		{"one peer twice as fast", timed(1, 4, 10), 0, "pinn: 1.00 of"},
		{"a refused row", timed(0, 4, 10), 0, "pinn: 1.00 of its speed on 2026-01-02 beside 2 other rows\n"},
		{"nothing in common", timed(), 0, "pinn: nothing to hold it against\n"},
	} {
		if says, slower := c.now.against(before); slower != c.slower || !strings.HasPrefix(says, c.says) {
			t.Errorf("%s: %d slower, %q; want %d, %q", c.what, slower, says, c.slower, c.says)
		}
	}
}

// TestReportComesBack: what is saved is read again, and a file that is none is named.
func TestReportComesBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "peers.json")
	r := &report{CPU: "a processor", Steps: []*stepReport{{Name: "pinn", Rows: []*row{{Name: "ours", Ratio: 1, PeakMB: 250}}}}}
	if err := r.save(file); err != nil {
		t.Fatal(err)
	}
	if again, err := readReport(file); err != nil || again.CPU != r.CPU || again.row("pinn", "ours").PeakMB != 250 || again.row("pinn", "theirs") != nil {
		t.Errorf("%+v, %v", again, err)
	}
	if err := os.WriteFile(file, []byte("no"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := readReport(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v", err)
	}
}
