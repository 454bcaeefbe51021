// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package stream

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"testing"
)

func Example() {
	first := New(7, "weights", 1, 0)
	fmt.Println(first.IntN(1000), first.IntN(1000), first.IntN(1000))

	// Asking for something else in between changes nothing.
	New(7, "weights", 2, 0).IntN(1000)
	again := New(7, "weights", 1, 0)
	fmt.Println(again.IntN(1000), again.IntN(1000), again.IntN(1000))
	// Output:
	// 59 206 899
	// 59 206 899
}

// The golden hash is that of
//
//	printf '%s' 'stream/1 seed=-3 role="a \"b\"" layer=4 step=5' | sha256sum
//
// and the golden draws are the first outputs of Go's ChaCha8 under the seed 1
// key. A change of either changes every run of the project.
func TestGolden(t *testing.T) {
	sum := sha256.Sum256([]byte(key(-3, `a "b"`, 4, 5)))
	if got, want := hex.EncodeToString(sum[:]), "b59586768c04c7473b771b8320f0a26851c1909a86882a9c95f88d55ecb6aa79"; got != want {
		t.Errorf("hash of key %q is %s, want %s", key(-3, `a "b"`, 4, 5), got, want)
	}

	r := New(1, "collocation", 0, 0)
	want := [4]uint64{0xb882497908ddd518, 0xf9cc2dedb68176c6, 0x5d8acfd7193435be, 0xbf0c592286739e4d}
	for i := range want {
		if got := r.Uint64(); got != want[i] {
			t.Errorf("draw %d is %#x, want %#x", i, got, want[i])
		}
	}
}

func TestKeysAreDistinct(t *testing.T) {
	seen := map[uint64]string{}
	add := func(seed int64, role string, layer, step int) {
		k := key(seed, role, layer, step)
		draw := New(seed, role, layer, step).Uint64()
		if other, ok := seen[draw]; ok {
			t.Errorf("keys %s and %s draw the same", k, other)
		}
		seen[draw] = k
	}
	for seed := int64(-2); seed <= 2; seed++ {
		for _, role := range []string{"", "weights", "batch", "batch layer=1", `batch" layer=1`} {
			for layer := range 3 {
				for step := range 3 {
					add(seed, role, layer, step)
				}
			}
		}
	}
	add(math.MaxInt64, "weights", 0, math.MaxInt)
	add(math.MinInt64, "weights", 0, math.MaxInt)
}

// Streams of neighbouring keys must be uncorrelated: the correlation of n
// independent uniform pairs has standard deviation 1/√n, and 5 of those are
// passed by chance once in two million.
func TestNeighboursAreUncorrelated(t *testing.T) {
	const n = 20000
	neighbours := map[string][2]func() float64{
		"seed":  {New(1, "batch", 0, 0).Float64, New(2, "batch", 0, 0).Float64},
		"layer": {New(1, "batch", 0, 0).Float64, New(1, "batch", 1, 0).Float64},
		"step":  {New(1, "batch", 0, 0).Float64, New(1, "batch", 0, 1).Float64},
	}
	for name, draw := range neighbours {
		sum := 0.0
		for range n {
			sum += (draw[0]() - 0.5) * (draw[1]() - 0.5)
		}
		if r := 12 * sum / n; math.Abs(r) > 5/math.Sqrt(n) {
			t.Errorf("streams that differ by %s have correlation %.3g", name, r)
		}
	}
}
