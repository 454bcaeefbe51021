// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bench

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/gomlx/compute"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// BenchmarkPhase2Queries10 is Phase 2 at 10 β in one graph. A step is one of all of them.
func BenchmarkPhase2Queries10(b *testing.B) {
	steps(b, true, scaled{net: "Phase2", axis: "queries", value: 10}.make)
}

// BenchmarkPhase2Queries150 is Phase 2 at as many β as Figure 5 has.
func BenchmarkPhase2Queries150(b *testing.B) {
	steps(b, true, scaled{net: "Phase2", axis: "queries", value: 150}.make)
}

var point = flag.String("point", "", "the point of a scale curve to time, such as net=Phase2/queries=100")

// BenchmarkScale is a step of a network at another size, that of the flag -point:
//
//	net=Phase2/queries=N                        Phase 2 at N β in one graph
//	net=Phase1/points=N, net=PINN/points=N      N collocation points
//	net=Phase1/width=N, net=PINN/width=N        all layers N wide
//	net=Phase2Masked/rank=N                     Phase 2, all but N entries of each diagonal cut off
//	net=Phase2Sliced/rank=N                     the same with bases of N columns and rows
//
// All else is as in the papers: 11 β in Phase 1 and one elsewhere, 1,000 points, width
// and rank 50. A step of 10 queries is one of all of them.
func BenchmarkScale(b *testing.B) {
	if *point == "" {
		b.Skip("no -point; bench scale gives it all of them")
	}
	at, err := parsePoint(*point)
	if err != nil {
		b.Fatal(err)
	}
	b.Run(*point, func(b *testing.B) { steps(b, false, at.make) })
}

// scaled is a network at a size.
type scaled struct {
	net, axis string
	value     int
}

// parsePoint reads a point as BenchmarkScale documents it.
func parsePoint(s string) (scaled, error) {
	fail := fmt.Errorf("point %q; expected one such as net=Phase2/queries=100", s)
	net, rest, ok := strings.Cut(strings.TrimPrefix(s, "net="), "/")
	axis, number, ok2 := strings.Cut(rest, "=")
	value, err := strconv.Atoi(number)
	if !ok || !ok2 || err != nil || value < 1 || !strings.HasPrefix(s, "net=") {
		return scaled{}, fail
	}
	switch net + "/" + axis {
	case "Phase2/queries", "Phase1/points", "PINN/points", "Phase1/width", "PINN/width", "Phase2Masked/rank", "Phase2Sliced/rank":
		return scaled{net, axis, value}, nil
	}
	return scaled{}, fail
}

// make builds the tasks, one a query.
func (s scaled) make(compute.Backend) ([]train.Task, train.Settings, error) {
	points, width := 1000, 0
	switch s.axis {
	case "points":
		points = s.value
	case "width":
		width = s.value
	}
	settings := train.Settings{}
	setup, err := convection(points)
	if err != nil {
		return nil, settings, err
	}
	phase1 := lrpinn.Phase1{Setup: setup, Width: width}
	for beta := 30.; beta <= 40; beta++ { // section 4.2.1
		phase1.Mus = append(phase1.Mus, []float64{beta, 0, 0})
	}
	switch s.net {
	case "Phase1":
		return []train.Task{phase1.Task()}, settings, nil
	case "PINN":
		return []train.Task{baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}, Width: width}.Task()}, settings, nil
	case "Phase2":
		tasks := make([]train.Task, s.value)
		for i := range tasks {
			p2, err := phase2(phase1, queryBeta(i, s.value), fullRank, false)
			if err != nil {
				return nil, settings, err
			}
			tasks[i] = p2.Task()
		}
		return tasks, settings, nil
	}
	p2, err := phase2(phase1, 30, s.value, s.net == "Phase2Sliced")
	return []train.Task{p2.Task()}, settings, err
}

// convection is the problem of Table 2 on so many collocation points.
func convection(points int) (pinn.Setup, error) {
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		return pinn.Setup{}, err
	}
	return pinn.NewSetup(p, pde.Sample{Set: "drawn", Collocation: points})
}

// queryBeta is β of the i-th of n queries, in the range of Figure 5.
func queryBeta(i, n int) float64 {
	if n == 1 {
		return 30
	}
	return 25 + 20*float64(i)/float64(n-1)
}

// fullRank is the width.
const fullRank = 50

// phase2 is Phase 2 from untrained bases. The first so many entries of each diagonal are
// left, and the others masked or sliced away.
func phase2(phase1 lrpinn.Phase1, beta float64, rank int, sliced bool) (lrpinn.Phase2, error) {
	if rank > fullRank {
		return lrpinn.Phase2{}, errors.New("a rank is at most 50, the width")
	}
	p := lrpinn.Phase2{Setup: phase1.Setup, Mu: []float64{beta, 0, 0}, Rank: lrpinn.FullRank, Start: map[string]train.Array{}}
	if rank < fullRank && !sliced {
		p.Rank = lrpinn.AdaptiveRank
	}
	for _, w := range phase1.Task().Weights {
		a := w.Value
		if sliced && strings.HasSuffix(w.Name, "/u") { // [1, width, rank]
			a = train.NewArray(1, fullRank, rank)
			for i := range fullRank {
				copy(a.Data[i*rank:(i+1)*rank], w.Value.Data[i*fullRank:])
			}
		}
		if sliced && strings.HasSuffix(w.Name, "/v") { // [1, rank, width]
			a = train.Array{Dims: []int{1, rank, fullRank}, Data: w.Value.Data[:rank*fullRank]}
		}
		p.Start[w.Name] = a
	}
	for l := range p.Diagonals {
		s := train.NewArray(1, fullRank)
		if sliced {
			s = train.NewArray(1, rank)
		}
		for i := range rank {
			s.Data[i] = 1
		}
		p.Diagonals[l] = s
	}
	return p, nil
}
