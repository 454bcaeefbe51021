// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bench

import (
	"math"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

func multiplications(t *testing.T, task train.Task, queries int) int {
	t.Helper()
	found, err := train.Products(traintest.Open(t), task, queries)
	if err != nil {
		t.Fatal(err)
	}
	return train.Multiplications(found)
}

// made is what a benchmark trains.
func made(t *testing.T, make maker) []train.Task {
	t.Helper()
	tasks, _, err := make(traintest.Open(t))
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

// ofRun is the task of a run.
func ofRun(t *testing.T, experiment, method string, says ...string) train.Task {
	t.Helper()
	r, err := find(experiment, method, says...)
	if err != nil {
		t.Fatal(err)
	}
	task, err := r.Untrained(traintest.Open(t))
	if err != nil {
		t.Fatal(err)
	}
	return task
}

// The PINN 2-50-50-50-50-50-1 on convection, counted by hand. Values are pushed through
// the net at 1,000 collocation points, 256 initial points and 2·100 at the boundary, and
// u_t + βu_x at the first 1,000: 2,456 rows. A layer is a product forward, one back to its
// weights and one back to its inputs.
func TestProductsOfThePINN(t *testing.T) {
	const rows, hidden = 2*1000 + 256 + 2*100, 4
	// The points have no gradient, and the derivative of the first layer, w_t + βw_x, is
	// one row for all points: w itself, times a constant vector.
	const first = 2 * (1456 + 1) * 2 * 50
	// The residual does not read u at the collocation points.
	const end = 3 * (rows - 1000) * 50 * 1
	const want = first + hidden*3*rows*50*50 + end
	if got := multiplications(t, ofRun(t, "speed", "pinn", "beta=30"), 1); got != want {
		t.Errorf("%d multiplications, by hand %d", got, want)
	}
	large := ofRun(t, "speed", "pinn", "beta=30")
	found, err := train.Products(traintest.Open(t), large, 1)
	if err != nil {
		t.Fatal(err)
	}
	if p := found[0]; p.Multiplications() != 1000*50*50 { // a channel at the collocation points
		t.Errorf("the largest product is %+v", p)
	}
}

// Queries don't mix: Phase 2 at 7 β takes seven times the products of one.
func TestProductsOfQueries(t *testing.T) {
	task := made(t, scaled{net: "Phase2", axis: "queries", value: 1}.make)[0]
	one := multiplications(t, task, 1)
	if got := multiplications(t, task, 7); got != 7*one {
		t.Errorf("7 queries take %d multiplications, one %d", got, one)
	}
}

// In Phase 1, β = 30 … 40 share the end layers and the bases, and have a W = U diag(s) V
// each. A hidden layer is multiplied with 11·2,456 rows of 50, and W is formed, at the
// collocation points and for the conditions, in one product forward and two backward, to
// U and to V; the
// first layer is the same at all β but for the derivative, w_t + βw_x. The penalty takes
// the Gram matrix of six bases, forward and backward to both sides. The hypernetwork has
// layers 3-50-50-50 and three heads 50-50, and no gradient to β.
func TestProductsOfPhase1(t *testing.T) {
	const mus, rows, square = 11, 2*1000 + 256 + 2*100, 50 * 50
	layers := 3 * 3 * mus * rows * square
	forms := 2 * 3 * 3 * mus * 50 * square
	penalty := 3 * 6 * 50 * square
	end := 3 * mus * (rows - 1000) * 50
	start := 2 * (1456 + mus) * 2 * 50
	hyper := 3*mus*(2+3)*square + 2*mus*3*50
	want := layers + forms + penalty + end + start + hyper
	if got := multiplications(t, ofRun(t, "table2", "hyper-lr-pinn/phase1", "beta=30"), 1); got != want {
		t.Errorf("%d multiplications, by hand %d", got, want)
	}
}

// What an outer step of a meta-learner is made of: ten steps at one μ in Reptile; in MAML
// without the gradient through the inner one, a step at θ and one at θ' for each of 3 μ.
// With it, there are more.
func TestProductsOfMetaLearners(t *testing.T) {
	tasks := made(t, scaled{net: "PINN", axis: "points", value: 1000}.make)
	one := multiplications(t, tasks[0], 1)
	if got := multiplications(t, ofRun(t, "table4", "reptile", "(convection,"), 1); got != 10*one {
		t.Errorf("Reptile takes %d multiplications, ten steps %d", got, 10*one)
	}
	setup, err := convection(1000)
	if err != nil {
		t.Fatal(err)
	}
	maml := baselines.MAML{On: baselines.PINN{Setup: setup}, Mus: [][]float64{{30, 0, 0}, {31, 0, 0}, {32, 0, 0}}, FirstOrder: true}
	if got := multiplications(t, maml.Task(), 1); got != 3*2*one {
		t.Errorf("MAML of first order takes %d multiplications, six steps %d", got, 6*one)
	}
	maml.FirstOrder = false
	if got := multiplications(t, maml.Task(), 1); got <= 3*2*one {
		t.Errorf("MAML takes %d multiplications, no more than of first order", got)
	}
}

// The points of the curves at the papers' sizes are what the experiments train.
func TestScaleStartsFromTheExperiments(t *testing.T) {
	hash := func(task train.Task) string {
		h, err := train.GraphHash(traintest.Open(t), task, "float32")
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	for _, c := range []struct {
		points     []scaled
		experiment train.Task
	}{
		{[]scaled{{"Phase1", "points", 1000}, {"Phase1", "width", 50}}, ofRun(t, "table2", "hyper-lr-pinn/phase1", "beta=30")},
		{[]scaled{{"PINN", "points", 1000}, {"PINN", "width", 50}}, ofRun(t, "speed", "pinn", "beta=30")},
		{[]scaled{{"Phase2", "queries", 1}, {"Phase2Sliced", "rank", 50}}, ofRun(t, "table2", "hyper-lr-pinn/phase2", "beta=30")},
	} {
		for _, p := range c.points {
			if hash(made(t, p.make)[0]) != hash(c.experiment) {
				t.Errorf("%+v is not %s", p, c.experiment.Label)
			}
		}
	}
	if n := len(made(t, scaled{"Phase2", "queries", 5}.make)); n != 5 {
		t.Errorf("%d tasks, want 5", n)
	}
	masked, sliced := made(t, scaled{"Phase2Masked", "rank", 10}.make)[0], made(t, scaled{"Phase2Sliced", "rank", 10}.make)[0]
	if want := 201 + 3*10; masked.Count() != want || sliced.Count() != want { // of both end layers, and the ranks
		t.Errorf("%d trained values masked and %d sliced, want %d", masked.Count(), sliced.Count(), want)
	}
}

func TestPointIsChecked(t *testing.T) {
	for _, s := range []string{"", "Phase2/queries=2", "net=Phase2/queries=0", "net=Phase2/queries=two", "net=Phase2/width=10", "net=Phase3/queries=1", "net=Phase2"} {
		if _, err := parsePoint(s); err == nil || !strings.Contains(err.Error(), "net=Phase2/queries=100") {
			t.Errorf("%q gave %v, want an error that shows how", s, err)
		}
	}
	if _, _, err := (scaled{"Phase2Masked", "rank", 51}).make(nil); err == nil {
		t.Error("rank 51 of a width of 50 was taken")
	}
	if _, err := find("table2", "hyper-lr-pinn/phase2", "no such rank"); err == nil || !strings.Contains(err.Error(), "full rank") {
		t.Errorf("an unknown run gave %v, want the labels that there are", err)
	}
}

// The loop that is timed computes the product as often as it is told to, each from what
// the one before left: with a at the left, b at the right, the first entry of a becomes
// .001·(ab)₀₀ from time to time.
func TestRepeatedProductIsComputedAnew(t *testing.T) {
	be := traintest.Open(t)
	if !be.Capabilities().Operations[compute.OpTypeDynamicUpdateSlice] {
		t.Skip("the pure-Go backend runs no loop: it computes one product a dispatch")
	}
	p := train.Product{LHS: []int{2, 2}, RHS: []int{2, 2}, LHSContracting: []int{1}, RHSContracting: []int{0}}
	a, b := []float64{1, 2, 3, 4}, []float64{5, 6, 7, 8}
	exec, err := NewExec(be, func(count, lhs, rhs *Node) *Node { return repeated(p, count, lhs, rhs) })
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Finalize()
	want, sums := []float64{}, append([]float64{}, a...)
	for range 3 {
		m := [4]float64{sums[0]*b[0] + sums[1]*b[2], sums[0]*b[1] + sums[1]*b[3], sums[2]*b[0] + sums[3]*b[2], sums[2]*b[1] + sums[3]*b[3]}
		want = append(want, m[0]+m[1]+m[2]+m[3])
		sums[0] = 1e-3 * m[0]
	}
	for i, sum := range want {
		tensor := func(x []float64) any { return train.Array{Dims: []int{2, 2}, Data: x}.Tensor(dtypes.Float32) }
		out, err := exec.Call1(int32(i+1), tensor(a), tensor(b))
		if err != nil {
			t.Fatal(err)
		}
		got, err := train.FromTensor(out)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Data[0]-sum) > 1e-5*sum { // float32
			t.Errorf("after %d products the sum is %g, want %g", i+1, got.Data[0], sum)
		}
	}
}
