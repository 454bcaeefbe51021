// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// P01: a front forms at ν = .001 and none at .1.
func TestShockForms(t *testing.T) {
	for _, c := range []struct {
		sharp, smooth float64
		want          Verdict
	}{
		{.001, .1, Reproduced},
		{.1, .001, Differs},
		{.001, .001, Differs}, // not smooth
		{.1, .1, Differs},     // no front
		// To first order in ν the slope is off in proportion to it: by 5.6 % at .001,
		// while a slope of 1/2ν = 167 is still steep.
		{.003, .1, Differs},
	} {
		f, err := shockForms(c.sharp, c.smooth)
		if err != nil {
			t.Fatal(err)
		}
		if f.verdict != c.want {
			t.Errorf("ν = %g and %g: %q, want %q: %s", c.sharp, c.smooth, f.verdict, c.want, f.reason)
		}
	}
	// −sin(πx) is steepest at t = 0 where ν is large, with the slope π: the quotient
	// over the step h = .002 beside 0 falls short of it by (πh)²/6 = 6.6e-6 of it.
	if got, err := steepest(10); err != nil || math.Abs(got/math.Pi-1+6.6e-6) > 1e-7 {
		t.Errorf("the steepest slope at ν = 10 is %g, want π: %v", got, err)
	}
	// A front at rest between ±1 is −tanh(x/2ν): over h = 2ν beside 0 its quotient is
	// tanh(1)/h. The sine's crests, which are all but 1 when they meet, leave most.
	whole := math.Tanh(1) / .002
	if got, err := steepest(.001); err != nil || got < .95*whole || got > whole {
		t.Errorf("the steepest slope at ν = .001 is %g: %v", got, err)
	}
	if _, err := shockForms(-1, .1); err == nil {
		t.Error("ν = −1 has a front")
	}
}

// burgersResult is what a record of a network on Burgers' equation says.
type burgersResult struct {
	mse, largest     float64 // over all ν, and at ν = .003
	rel              float64
	spurious         bool
	main, all, hyper float64 // µs
	cpu              string
	threads          int
	missing          bool
}

// printedBurgers are Table 1's numbers, with largest errors as Figure 1 suggests.
func printedBurgers(net int) burgersResult {
	return []burgersResult{
		hyperNet: {mse: 1.9e-5, largest: .1, rel: .008, main: 86, hyper: 158},
		smallNet: {mse: 3e-4, largest: .7, rel: .033, all: 92},
		largeNet: {mse: 2.3e-5, largest: .1, rel: .009, all: 158},
	}[net]
}

// plantBurgers puts records of the three networks into a session.
func plantBurgers(t *testing.T, s *Session, p Preset, of func(net, seed int) burgersResult, at func() [][]float64) {
	t.Helper()
	for net, n := range burgersNets {
		runs, err := n.trained(p)
		if err != nil {
			t.Fatal(err)
		}
		for seed, r := range runs {
			x := of(net, seed)
			if x.missing {
				continue
			}
			var evaluations []pinn.Evaluation
			mus := at()
			for i, mu := range mus {
				ev := pinn.Evaluation{Mu: mu, Spurious: x.spurious, Test: metric.Errors{RelL2: x.rel}, TrivialTest: metric.Errors{RelL2: 1}}
				ev.Grid.MSE = x.mse * 2 * float64(i) / float64(len(mus)-1) // its mean is mse
				ev.Grid.Max = 10 - 10*x.largest                            // who reads another ν finds the opposite
				if i == 1 {
					ev.Grid.Max = x.largest // .001 + .099/49 = .00302
				}
				evaluations = append(evaluations, ev)
			}
			micros := map[string]float64{microsDispatch: 21}
			for name, v := range map[string]float64{microsMain: x.main, microsAll: x.all, microsHyper: x.hyper} {
				if v > 0 {
					micros[name] = v
				}
			}
			s.keep(&store.Record{
				Name: r.Name(), Metrics: store.Metrics{Evaluations: evaluations},
				Manifest: store.Manifest{Micros: micros, Backend: backend.Info{Name: "xla", CPU: "processor" + x.cpu, Threads: 1 + x.threads}},
			})
		}
	}
}

var burgersClaims = map[string]func() ClaimTest{
	"P02": viscosities, "P03": dataPoints, "P04": hyperPINNBelowBoth,
	"P05": learnsTheShock, "P06": predictionTimes, "P07": generationTime,
}

// P02 to P07, all of which the printed numbers satisfy.
func TestBurgersClaims(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(x *burgersResult, net, seed int)
		preset func(p *Preset)
		at     func() [][]float64
		want   map[string]Verdict // reproduced where there is none
		says   map[string]string
	}{
		{name: "printed", says: map[string]string{
			"P02": "15 of 15 networks",
			"P04": "of 750 networks 0 failed and 0 are spurious", // 3·5·50
			"P05": "at ν = 0.00302",
			"P06": "xla on processor, 1 of its threads a run), not of the paper's V100, and a call without arithmetic takes 21 µs",
			"P07": "median 1.837", // 158/86
		}},
		{name: "Large PINN above Small", change: func(x *burgersResult, net, _ int) {
			if net == largeNet {
				x.mse = 4e-4
			}
		}, want: map[string]Verdict{"P04": SameConclusion}},
		{name: "HyperPINN above Large", change: func(x *burgersResult, net, _ int) {
			if net == hyperNet {
				x.mse = 2.5e-5
			}
		}, want: map[string]Verdict{"P04": Differs}},
		{name: "HyperPINN above both", change: func(x *burgersResult, net, _ int) {
			if net == hyperNet {
				x.mse, x.largest = 5e-4, .9
			}
		}, want: map[string]Verdict{"P04": Differs, "P05": Differs}},
		{name: "HyperPINN as Large", change: func(x *burgersResult, net, _ int) {
			if net == hyperNet {
				x.mse = 2.3e-5
			}
		}, want: map[string]Verdict{"P04": Differs}},
		{name: "one seed of five is above", change: func(x *burgersResult, net, seed int) {
			if net == hyperNet && seed < 1 {
				x.mse = 1
			}
		}},
		{name: "two seeds of five are", change: func(x *burgersResult, net, seed int) {
			if net == hyperNet && seed < 2 {
				x.mse = 1
			}
		}, want: map[string]Verdict{"P04": Differs}},
		{name: "HyperPINN failed", change: func(x *burgersResult, net, _ int) {
			if net == hyperNet {
				x.rel = .95
			}
		}, want: map[string]Verdict{"P04": Differs, "P05": Differs}, says: map[string]string{"P04": "250 failed", "P05": "of 10 networks 5 failed"}},
		{name: "HyperPINN spurious", change: func(x *burgersResult, net, _ int) {
			x.spurious = net == hyperNet
		}, want: map[string]Verdict{"P04": Differs, "P05": Differs}, says: map[string]string{"P04": "250 are spurious"}},
		// To fail is what is claimed of it.
		{name: "Small PINN failed", change: func(x *burgersResult, net, _ int) {
			if net == smallNet {
				x.rel = 1
			}
		}},
		{name: "Large PINN failed", change: func(x *burgersResult, net, _ int) {
			if net == largeNet {
				x.rel = 1
			}
		}, want: map[string]Verdict{"P04": SameConclusion}},
		{name: "both learn the shock, one better", change: func(x *burgersResult, net, _ int) {
			if net == smallNet {
				x.largest = .3
			}
		}, want: map[string]Verdict{"P05": SameConclusion}},
		{name: "both as well", change: func(x *burgersResult, net, _ int) {
			if net == smallNet {
				x.largest = .2
			}
		}, want: map[string]Verdict{"P05": Differs}},
		{name: "on both sides of .5", change: func(x *burgersResult, net, _ int) { x.largest = []float64{.4, .5, .1}[net] }},
		{name: "both beyond", change: func(x *burgersResult, net, _ int) { x.largest = []float64{.5, 1.1, .1}[net] }, want: map[string]Verdict{"P05": SameConclusion}},
		// .9·158/86 is 1.653.
		{name: "Large PINN's time", change: func(x *burgersResult, net, _ int) {
			if net == largeNet {
				x.all = 1.65 * 86
			}
		}, want: map[string]Verdict{"P06": SameConclusion}},
		{name: "Large PINN's time, in the margin", change: func(x *burgersResult, net, _ int) {
			if net == largeNet {
				x.all = 1.66 * 86
			}
		}},
		{name: "main network no faster", change: func(x *burgersResult, net, _ int) {
			if net == smallNet {
				x.all = 86
			}
		}, want: map[string]Verdict{"P06": Differs}},
		{name: "Large PINN's time twice", change: func(x *burgersResult, net, _ int) {
			if net == largeNet {
				x.all *= 2
			}
		}, want: map[string]Verdict{"P06": SameConclusion}},
		{name: "generating costs more", change: func(x *burgersResult, _, _ int) { x.hyper *= 1.11 }, want: map[string]Verdict{"P07": SameConclusion}},
		{name: "generating costs as much", change: func(x *burgersResult, _, _ int) { x.hyper = x.main }, want: map[string]Verdict{"P07": Differs}},
		{name: "two machines", change: func(x *burgersResult, net, _ int) {
			if net == largeNet {
				x.cpu = " of another"
			}
		}, want: map[string]Verdict{"P06": NotRun}},
		{name: "more threads", change: func(x *burgersResult, net, _ int) {
			if net == largeNet {
				x.threads = 1
			}
		}, says: map[string]string{"P06": "xla on processor, 1 of its threads a run; xla on processor, 2 of its threads a run"}},
		{name: "not timed", change: func(x *burgersResult, _, _ int) { x.main, x.hyper = 0, 0 }, want: map[string]Verdict{"P06": NotRun, "P07": NotRun}},
		{
			name: "four seeds", preset: func(p *Preset) { p.Burgers.Seeds = p.Burgers.Seeds[:4] },
			want: map[string]Verdict{"P04": Reduced, "P05": Reduced, "P06": Reduced, "P07": Reduced}, says: map[string]string{"P06": "4 of 5 seeds"},
		},
		// How long was trained changes no time.
		{
			name: "few steps", preset: func(p *Preset) { p.Burgers.Steps = 49_999 },
			want: map[string]Verdict{"P02": Reduced, "P03": Reduced, "P04": Reduced, "P05": Reduced}, says: map[string]string{"P03": "49999 of 50000 steps"},
		},
		{
			name: "a seed without Small PINN", change: func(x *burgersResult, net, seed int) { x.missing = net == smallNet && seed == 2 },
			want: map[string]Verdict{"P04": Reduced, "P05": Reduced, "P06": Reduced}, says: map[string]string{"P02": "12 of 12 networks"},
		},
		{
			name: "no Large PINN", change: func(x *burgersResult, net, _ int) { x.missing = net == largeNet },
			want: map[string]Verdict{"P02": NotRun, "P03": NotRun, "P04": NotRun, "P06": NotRun},
		},
		{
			name: "tested elsewhere", at: func() [][]float64 { return append(burgersTestMus(), []float64{.2}) },
			want: map[string]Verdict{"P02": Differs},
		},
		{name: "tested on a part", at: func() [][]float64 { return burgersTestMus()[:40] }, want: map[string]Verdict{"P02": Differs}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			if c.preset != nil {
				c.preset(&p)
			}
			if c.at == nil {
				c.at = burgersTestMus
			}
			s := newSession(t, t.TempDir())
			plantBurgers(t, s, p, func(net, seed int) burgersResult {
				x := printedBurgers(net)
				if c.change != nil {
					c.change(&x, net, seed)
				}
				return x
			}, c.at)
			for id, test := range burgersClaims {
				want, ok := c.want[id]
				if !ok {
					want = Reproduced
				}
				wantClaim(t, found(t, s, p, test()), want, c.says[id])
			}
		})
	}
}

// The smoke preset walks every path and decides nothing.
func TestBurgersClaimsOfSmoke(t *testing.T) {
	p, err := FindPreset("smoke")
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, t.TempDir())
	plantBurgers(t, s, p, func(net, _ int) burgersResult { return printedBurgers(net) }, burgersTestMus)
	for id := range burgersClaims {
		wantClaim(t, judged(t, s, p, id), NoVerdict)
	}
}

// What P02 and P03 read of a training.
func TestBurgersSettings(t *testing.T) {
	mu := func(r *train.Redraw) train.Task {
		return train.Task{Data: []train.Datum{{Name: pinn.MuDatum, Redraw: r}}}
	}
	for i, c := range []struct {
		task train.Task
		want bool
	}{
		{mu(&train.Redraw{Every: 1, Low: []float64{.001}, High: []float64{.1}}), true},
		{mu(&train.Redraw{Every: 2, Low: []float64{.001}, High: []float64{.1}}), false},
		{mu(&train.Redraw{Every: 1, Low: []float64{.01}, High: []float64{.1}}), false},
		{mu(&train.Redraw{Every: 1, Low: []float64{.001}, High: []float64{.2}}), false},
		{mu(nil), false},
		{train.Task{}, false},
	} {
		if drawsNu(c.task) != c.want {
			t.Errorf("training %d draws ν from the paper's range: %t", i, !c.want)
		}
	}

	points, err := pde.Burgers{}.Points(pde.Sample{Set: "drawn", Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	at := points.Conditions[0].At
	with := func(at [][]float64) pde.Points { return pde.Points{Conditions: []pde.Condition{{At: at}}} }
	for i, c := range []struct {
		points pde.Points
		want   bool
	}{
		{points, true},
		{with(at[1:]), false},         // 49 initial ones
		{with(at[:len(at)-1]), false}, // 49 on the sides
		{with(append(at[1:len(at):len(at)], []float64{.5, .5})), false}, // one inside
		{with(nil), false},
	} {
		if hasDataPoints(c.points, printedInitial, printedBoundary) != c.want {
			t.Errorf("points %d are 50 and 50: %t", i, !c.want)
		}
	}
}
