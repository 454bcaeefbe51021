// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"math"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// lorenzField is the right-hand side on graphs, of states [..., 3].
func lorenzField(mu []float64) func(s *Node) *Node {
	return func(s *Node) *Node {
		last := s.Rank() - 1
		component := func(i int) *Node { return SliceAxis(s, last, AxisRange(i, i+1)) }
		x, y, z := component(0), component(1), component(2)
		return Concatenate([]*Node{
			MulScalar(Sub(y, x), mu[0]),
			Sub(Mul(x, Sub(Scalar(s.Graph(), s.DType(), mu[1]), z)), y),
			Sub(Mul(x, y), MulScalar(z, mu[2])),
		}, last)
	}
}

// residuals of the trapezoid rule on pairs of states, [pair][component].
func trapezoid(t *testing.T, f func(s *Node) *Node, from, to [][]float64, dt float64) [][]float64 {
	t.Helper()
	b, err := compute.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	r := MustExecOnce(b, func(in []*Node) *Node { return TrapezoidResidual(f, in[0], in[1], dt) },
		tensors.FromValue(from), tensors.FromValue(to))
	return r.Value().([][]float64)
}

// Two terms by hand: with f(x) = 3x, from 1 to 2 in 1/2, it is 2 − ½ (3 + 6).
func TestTrapezoidResidualByHand(t *testing.T) {
	triple := func(x *Node) *Node { return MulScalar(x, 3) }
	r := trapezoid(t, triple, [][]float64{{1, 0}}, [][]float64{{2, 1}}, 0.5)
	if r[0][0] != 2-4.5 || r[0][1] != 2-1.5 {
		t.Errorf("residuals %v, want −2.5 and 0.5", r)
	}
}

// On a trajectory, with its own field, what is left is −dt²/12 times its third
// derivative, which sixth-order differences of the trajectory give: their error is
// below 1e-3 of it here. With another ρ the residual is an error of the field, and
// stays when dt falls.
func TestTrapezoidResidualIsTheRulesError(t *testing.T) {
	mu, start := []float64{10, 21.7, 5. / 3}, []float64{-8, 7, 3.5}
	const h = 1e-3
	states, err := Lorenz{}.Trajectory(mu, start, every(2001, 1/h), LorenzTight)
	if err != nil {
		t.Fatal(err)
	}
	// The third derivative to sixth order: coefficients of Fornberg (1988), table 1.
	third := func(i, k int) float64 {
		sum := 0.
		for j, c := range []float64{-61. / 30, 169. / 120, -3. / 10, 7. / 240} {
			sum += c * (states[i+j+1][k] - states[i-j-1][k])
		}
		return sum / (h * h * h)
	}
	for _, width := range []int{2, 4} { // dt in units of h; the middle is a state
		dt := float64(width) * h
		var from, to [][]float64
		var middles []int
		for i := 100; i < 1900; i += 90 {
			middles = append(middles, i)
			from, to = append(from, states[i-width/2]), append(to, states[i+width/2])
		}
		r := trapezoid(t, lorenzField(mu), from, to, dt)
		largest, off := 0., 0.
		for j, i := range middles {
			for k := range 3 {
				want := -dt * dt / 12 * third(i, k)
				largest = math.Max(largest, math.Abs(want))
				off = math.Max(off, math.Abs(r[j][k]-want))
			}
		}
		// The next term is dt²/40 of the fifth derivative beside the third: 1 % where
		// a turn takes 0.6 s with its harmonics.
		if largest < 1e-3 || off > 0.02*largest {
			t.Errorf("dt=%g: the residual differs by %.3g from the rule's error, which is up to %.3g", dt, off, largest)
		}
		wrong := trapezoid(t, lorenzField([]float64{10, 22.7, 5. / 3}), from, to, dt)
		for j, i := range middles {
			// y' has ρx: a ρ that is larger by 1 takes x from the second component.
			if x := states[i][0]; math.Abs(wrong[j][1]+x) > 0.01*20 {
				t.Errorf("dt=%g: with ρ + 1 the residual of y is %g, want −x = %g", dt, wrong[j][1], -x)
			}
		}
	}
}

func TestTrapezoidResidualPanics(t *testing.T) {
	b, err := compute.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	same := func(x *Node) *Node { return x }
	for _, c := range []struct {
		to   [][]float64
		dt   float64
		want string
	}{
		{[][]float64{{1, 2}, {3, 4}}, 0.1, "pde: expected two states of one shape"},
		{[][]float64{{1, 2}}, 0, "pde: expected a positive time step, got 0"},
		{[][]float64{{1, 2}}, math.NaN(), "pde: expected a positive time step, got NaN"},
	} {
		_, err := ExecOnce(b, func(in []*Node) *Node { return TrapezoidResidual(same, in[0], in[1], c.dt) },
			tensors.FromValue([][]float64{{1, 2}}), tensors.FromValue(c.to))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v does not say %q", err, c.want)
		}
	}
}
