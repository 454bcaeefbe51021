// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package data_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"

	"pinn.example/repro/data"
)

// The published files are pinned: each embedded CSV of a paper is listed in
// SHA256SUMS with its hash, and nothing else is listed.
func TestPublishedFilesNeverChange(t *testing.T) {
	sums, err := fs.ReadFile(data.Files(), "SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(sums)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			t.Fatalf("SHA256SUMS: malformed line %q", line)
		}
		want[name] = sum
	}
	got := 0
	err = fs.WalkDir(data.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(name, "/") {
			return err
		}
		got++
		raw, err := fs.ReadFile(data.Files(), name)
		if err != nil {
			return err
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(raw)); sum != want[name] {
			t.Errorf("%s: sha256 is %s, SHA256SUMS has %q: published values never change", name, sum, want[name])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got != len(want) {
		t.Errorf("%d files are embedded, SHA256SUMS lists %d", got, len(want))
	}
}

// The counts are those of the printed tables. Table 2: 3 betas x 5 ranks x
// 4 baselines x 2 errors = 120, and 3 betas x 2 rank rules x 2 errors = 12.
// Table 3: 7 models. Table 4: 3 equations x 6 methods. HyperPINN: 11 numbers
// in Table 1 and 7 in section 3.2.
func TestPublishedIsComplete(t *testing.T) {
	values, err := data.Published()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	ids := map[string]bool{}
	for _, v := range values {
		count[v.Paper+"/"+v.Table]++
		if ids[v.ID] {
			t.Errorf("id %s is given twice", v.ID)
		}
		ids[v.ID] = true
		if n := strings.Count(v.ID, "/"); n != 4 {
			t.Errorf("id %s has %d slashes, want 4", v.ID, n)
		}
		if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) || v.Source == "" || v.Unit == "" {
			t.Errorf("%s: value %v, source %q, unit %q", v.ID, v.Value, v.Source, v.Unit)
		}
	}
	for table, want := range map[string]int{
		"hyper-lr-pinn/table2": 132, "hyper-lr-pinn/table3": 7, "hyper-lr-pinn/table4": 18,
		"hyperpinn/table1": 11, "hyperpinn/lorenz_text": 7,
		"p2inn/table2+15": 48, "p2inn/table3": 4, "p2inn/table8": 8, "p2inn/table9": 8,
		"p2inn/table11": 42, "p2inn/table16": 6, "p2inn/table18": 20,
	} {
		if count[table] != want {
			t.Errorf("%s has %d numbers, want %d", table, count[table], want)
		}
		delete(count, table)
	}
	if len(count) > 0 {
		t.Errorf("unexpected tables: %v", count)
	}
}

func TestFind(t *testing.T) {
	// Table 3 prints "~351", the only approximate number.
	v, err := data.Find("hyper-lr-pinn/table3/Ours (Hyper-LR-PINN) rank Adaptive/# Parameters/count")
	if err != nil {
		t.Fatal(err)
	}
	if v.Value != 351 || !v.Approx || v.Text != "~351" || v.Std != nil {
		t.Errorf("got %+v, want 351, approximate, printed as ~351, without s.d.", v)
	}
	// P2INN, Table 15: PINN on convection, abs error .0183 (.0012); the
	// slash of pi/2 is escaped.
	v, err = data.Find("p2inn/table2+15/Convection range 1-5, IC N(pi,(pi%2F2)^2)/PINN/abs_err")
	if err != nil {
		t.Fatal(err)
	}
	if v.Value != .0183 || v.Std == nil || *v.Std != .0012 || v.Approx {
		t.Errorf("got %+v, want .0183 with s.d. .0012", v)
	}
	for id, want := range map[string]string{
		"hyper-lr-pinn/table4/Convection/Theirs/rel_err": "hyper-lr-pinn/table4/Convection/Ours/rel_err",
		"nonsense": "hyperpinn/table1",
	} {
		_, err = data.Find(id)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%q): error %v does not name %s", id, err, want)
		}
	}
}

// H01–H32, P01–P14, D1–D30 and P1–P10, each once and in order.
func TestClaimsAndDiscrepancies(t *testing.T) {
	claims, err := data.Claims()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range claims {
		ids = append(ids, c.ID)
		if c.Text == "" || c.Experiment == "" {
			t.Errorf("%s: empty text or experiment: %+v", c.ID, c)
		}
	}
	checkIDs(t, ids, "H%02d", 32, "P%02d", 14)

	ds, err := data.Discrepancies()
	if err != nil {
		t.Fatal(err)
	}
	ids = nil
	for _, d := range ds {
		ids = append(ids, d.ID)
		if d.What == "" || d.Where == "" {
			t.Errorf("%s: empty what or where: %+v", d.ID, d)
		}
	}
	checkIDs(t, ids, "D%d", 30, "P%d", 10)
}

func checkIDs(t *testing.T, got []string, format1 string, n1 int, format2 string, n2 int) {
	t.Helper()
	var want []string
	for i := range n1 {
		want = append(want, fmt.Sprintf(format1, i+1))
	}
	for i := range n2 {
		want = append(want, fmt.Sprintf(format2, i+1))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("ids are %v, want %v", got, want)
	}
}
