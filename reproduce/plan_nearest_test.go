// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// The nearest record is found by numbers, and told by names: both count the same
// differences, whatever fields there are.
func TestApartCountsDifferences(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 0))
	n, err := newNeighbours(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	some := func() fields {
		f := fields{}
		for _, name := range []string{"seed", "parent.seed", "mus", "parent.mus", "train.steps", "parent.parent.seed"} {
			if draw.IntN(5) > 0 {
				f[name] = fmt.Sprint(draw.IntN(3))
			}
		}
		return f
	}
	for range 2000 {
		was, is := some(), some()
		differs := differences(was, is)
		want := 2 * len(differs)
		if slices.ContainsFunc(differs, Difference.identity) {
			want++
		}
		if got := apart(n.leaves(was), n.leaves(is)); got != want {
			t.Fatalf("%v and %v are %d apart, want %d for %v", was, is, got, want, differs)
		}
	}
}
