// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// golden values that testdata/numpy_points.py wrote with NumPy itself.
type numpyGolden struct {
	Uint32 map[string]numpySummary
	Points []struct {
		Collocation int
		Index, Test numpySummary
	}
}

type numpySummary struct {
	First, Last []int
	Sum         int
	SHA256      string
}

func loadNumpyGolden(t *testing.T) numpyGolden {
	t.Helper()
	var golden numpyGolden
	readJSON(t, "testdata/numpy_points.json", &golden)
	return golden
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// check compares every number of a list through its hash, and says where the
// ends differ.
func (want numpySummary) check(t *testing.T, name string, got []int) {
	t.Helper()
	text := make([]string, len(got))
	sum := 0
	for i, v := range got {
		text[i] = strconv.Itoa(v)
		sum += v
	}
	hash := sha256.Sum256([]byte(strings.Join(text, ",")))
	if hex.EncodeToString(hash[:]) == want.SHA256 {
		return
	}
	n := len(want.First)
	t.Errorf("%s: NumPy has %v … %v with sum %d, got %v … %v with sum %d",
		name, want.First, want.Last, want.Sum, got[:n], got[len(got)-n:], sum)
	if slices.Equal(got[:n], want.First) {
		t.Errorf("%s: the beginning agrees", name)
	}
}

func TestNumpyUint32(t *testing.T) {
	for seed, want := range loadNumpyGolden(t).Uint32 {
		s, err := strconv.ParseUint(seed, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		r := newNumpyRandom(uint32(s))
		draws := make([]int, 1300) // more than two states of 624 words
		for i := range draws {
			draws[i] = int(r.uint32())
		}
		want.check(t, "seed "+seed, draws)
	}
}

// MT19937's reference value: the 10,000th output under the default seed 5489 is
// 4123659995 (ISO C++, [rand.predef]).
func TestMersenneTwisterReference(t *testing.T) {
	r := newNumpyRandom(5489)
	for range 9999 {
		r.uint32()
	}
	if got := r.uint32(); got != 4123659995 {
		t.Errorf("the 10,000th output is %d, want 4123659995", got)
	}
}
