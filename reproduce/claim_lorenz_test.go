// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"slices"
	"testing"

	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// lorenzResult is what a record of a network on the Lorenz system says.
type lorenzResult struct {
	far      float64 // mean squared error over 25 s
	mistakes int     // test trajectories that end elsewhere
	field    float64 // error of the right-hand side
	missing  bool
}

// printedLorenz are the paper's errors, and mistakes as its text has them.
func printedLorenz(net int) lorenzResult {
	return []lorenzResult{
		hyperNet: {far: 17.5, mistakes: 5, field: .05},
		smallNet: {far: 39.4, mistakes: 30, field: .3},
		largeNet: {far: 20.6, mistakes: 12, field: .1},
	}[net]
}

// plantLorenz puts records of the three networks into a session.
func plantLorenz(s *Session, p Preset, of func(net, seed int) lorenzResult, change func(all []pinn.Rollout) []pinn.Rollout) {
	cases := lorenzData(p).Test()
	for net, n := range lorenzNets {
		for seed, r := range n.trained(p) {
			x := of(net, seed)
			if x.missing {
				continue
			}
			var all []pinn.Rollout
			for i, c := range cases {
				squared := func(total float64) []float64 { return []float64{0, total / 4, 3 * total / 4} }
				roll := pinn.Rollout{Mu: c.Mu, Start: c.Start, Truth: string(pde.AttractorChaos), Learnt: string(pde.AttractorChaos), Errors: []pinn.HorizonError{
					// Who reads another horizon finds the order turned around.
					{Seconds: 1, Squared: squared(1 / x.far)}, {Seconds: 5, Squared: squared(10 / x.far)}, {Seconds: 25, Squared: squared(0)},
				}}
				if i >= len(cases)/2 {
					roll.Errors[2].Squared = squared(2 * x.far) // the mean over all is far
				}
				if i < x.mistakes {
					roll.Learnt = string(pde.AttractorPlus)
				}
				all = append(all, roll)
			}
			if change != nil {
				all = change(all)
			}
			s.keep(&store.Record{
				Name: r.Name(), Metrics: store.Metrics{Rollouts: all},
				History: train.History{Probes: []string{pinn.FieldProbe}, Rows: []train.Row{
					{Step: 0, Probes: []float64{1}}, {Step: p.Lorenz.Steps, Probes: []float64{x.field}},
				}},
			})
		}
	}
}

var lorenzClaims = map[string]func() ClaimTest{
	"P09": lorenzRanges, "P10": lorenzCount, "P11": lorenzTimes,
	"P12": unseenTrajectories, "P13": aggregateErrors, "P14": mistakenBehaviour,
}

// P09 to P14, all of which the printed numbers satisfy.
func TestLorenzClaims(t *testing.T) {
	all := func(v Verdict) map[string]Verdict {
		want := map[string]Verdict{}
		for id := range lorenzClaims {
			want[id] = v
		}
		return want
	}
	for _, c := range []struct {
		name     string
		change   func(x *lorenzResult, net, seed int)
		preset   func(p *Preset)
		rollouts func(all []pinn.Rollout) []pinn.Rollout
		want     map[string]Verdict // reproduced where there is none
		says     map[string]string
	}{
		{name: "printed", says: map[string]string{
			"P09": "15 of 15 networks",
			"P11": "25 s in steps of 0.01 s, integrated at the relative tolerance 1e-12",
			"P13": "HyperPINN 17.5 (17.5), Small multistep NN 39.4 (39.4), Large multistep NN 20.6 (20.6); the noise floor, which the true equations have at SciPy's default tolerance: 46.", // 3·15.5, pde.LorenzTight
			"P14": "Small multistep NN, mistaken: median 0.3,",
		}},
		// Ours is 16.0: 10 % of it are 1.6.
		{name: "in the margin", change: func(x *lorenzResult, net, _ int) {
			if net == hyperNet {
				x.far = 16
			}
		}},
		{name: "past the margin", change: func(x *lorenzResult, net, _ int) {
			if net == hyperNet {
				x.far = 15.8
			}
		}, want: map[string]Verdict{"P13": SameConclusion}},
		// The mean is 15, twice the standard deviation of 1.58 reaches 17.5.
		{name: "scattered", change: func(x *lorenzResult, net, seed int) {
			if net == hyperNet {
				x.far = 13 + float64(seed)
			}
		}},
		{name: "large above small", change: func(x *lorenzResult, net, _ int) {
			if net != hyperNet {
				x.far = 60 - x.far
			}
		}, want: map[string]Verdict{"P13": SameConclusion}},
		{name: "HyperPINN above large", change: func(x *lorenzResult, net, _ int) {
			if net == hyperNet {
				x.far = 21
			}
		}, want: map[string]Verdict{"P13": Differs}},
		{name: "on two seeds of five", change: func(x *lorenzResult, net, seed int) {
			if net == hyperNet && seed < 2 {
				x.far = 21
			}
		}, want: map[string]Verdict{"P13": Differs}},
		{name: "HyperPINN failed", change: func(x *lorenzResult, net, _ int) {
			if net == hyperNet {
				x.field = .95
			}
		}, want: map[string]Verdict{"P13": Differs, "P14": Differs}, says: map[string]string{"P13": "of 15 networks 5 failed"}},
		{name: "small failed", change: func(x *lorenzResult, net, _ int) {
			if net == smallNet {
				x.field = 1.2
			}
		}},
		{name: "large failed", change: func(x *lorenzResult, net, _ int) {
			if net == largeNet {
				x.field = 1.2
			}
		}, want: map[string]Verdict{"P13": SameConclusion}},
		{name: "large mistakes rarely", change: func(x *lorenzResult, net, _ int) { x.mistakes = []int{4, 30, 9}[net] }, want: map[string]Verdict{"P14": Differs}},
		{name: "small mistakes rarely", change: func(x *lorenzResult, net, _ int) { x.mistakes = []int{4, 9, 30}[net] }, want: map[string]Verdict{"P14": Differs}},
		{name: "HyperPINN mistakes more than half as many", change: func(x *lorenzResult, net, _ int) { x.mistakes = []int{7, 30, 12}[net] }, want: map[string]Verdict{"P14": Differs}},
		{name: "half as many", change: func(x *lorenzResult, net, _ int) { x.mistakes = []int{6, 30, 12}[net] }},
		{name: "no mistakes", change: func(x *lorenzResult, _, _ int) { x.mistakes = 0 }, want: map[string]Verdict{"P14": Differs}},
		{name: "four seeds", preset: func(p *Preset) { p.Lorenz.Seeds = p.Lorenz.Seeds[:4] }, want: map[string]Verdict{"P13": Reduced, "P14": Reduced}, says: map[string]string{"P14": "4 of 5 seeds"}},
		{name: "few steps", preset: func(p *Preset) { p.Lorenz.Steps = 49_999 }, want: all(Reduced), says: map[string]string{"P11": "49999 of 50000 steps"}},
		{name: "few settings", preset: func(p *Preset) { p.Lorenz.Settings = 29 }, want: all(Reduced), says: map[string]string{"P10": "2900 of 3000 trajectories; 0 of 15"}},
		{name: "other settings", preset: func(p *Preset) { p.Lorenz.Settings, p.Lorenz.Starts = 50, 60 }, want: map[string]Verdict{"P10": Differs}},
		{
			name: "a seed without the large network", change: func(x *lorenzResult, net, seed int) { x.missing = net == largeNet && seed == 0 },
			want: map[string]Verdict{"P13": Reduced, "P14": Reduced}, says: map[string]string{"P12": "12 of 12 networks"},
		},
		{name: "no small network", change: func(x *lorenzResult, net, _ int) { x.missing = net == smallNet }, want: all(NotRun)},
		{
			name: "99 trajectories", rollouts: func(all []pinn.Rollout) []pinn.Rollout { return all[1:] }, want: map[string]Verdict{"P12": Differs},
			says: map[string]string{"P12": "0 of 15 networks"},
		},
		{name: "tested from elsewhere", rollouts: func(all []pinn.Rollout) []pinn.Rollout {
			all[7].Start = []float64{1, 1, 1}
			return all
		}, want: map[string]Verdict{"P12": Differs}},
		{name: "not integrated", rollouts: func([]pinn.Rollout) []pinn.Rollout { return nil }, want: map[string]Verdict{"P12": Differs, "P13": Differs, "P14": Differs}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			if c.preset != nil {
				c.preset(&p)
			}
			s := newSession(t, t.TempDir())
			plantLorenz(s, p, func(net, seed int) lorenzResult {
				x := printedLorenz(net)
				if c.change != nil {
					c.change(&x, net, seed)
				}
				return x
			}, c.rollouts)
			for id, test := range lorenzClaims {
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
func TestLorenzClaimsOfSmoke(t *testing.T) {
	p, err := FindPreset("smoke")
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, t.TempDir())
	plantLorenz(s, p, func(net, _ int) lorenzResult { return printedLorenz(net) }, nil)
	for id := range lorenzClaims {
		wantClaim(t, judged(t, s, p, id), NoVerdict)
	}
}

// What P09 to P12 read of the data.
func TestLorenzSettings(t *testing.T) {
	inside := [][]float64{{10, 0, 2. / 3}, {10, 28, 8. / 3}}
	for _, c := range []struct {
		mus, starts [][]float64
		want        bool
	}{
		{inside, [][]float64{{-10, 0, 10}}, true},
		{[][]float64{{9, 1, 1}}, nil, false},
		{[][]float64{{10, 28.1, 1}}, nil, false},
		{[][]float64{{10, 1, .6}}, nil, false},
		{inside, [][]float64{{0, -10.1, 0}}, false},
	} {
		if inLorenzRanges(c.mus, c.starts) != c.want {
			t.Errorf("%v from %v are in the paper's ranges: %t", c.mus, c.starts, !c.want)
		}
	}
	for _, c := range []struct {
		starts [][]float64
		want   bool
	}{
		{[][]float64{{-9.9, 9.9, 0}, {9.8, -9.9, 9.9}, {0, 0, -9.9}}, true},
		{[][]float64{{-9.9, 9.9, 0}, {9.8, -9.9, 9.9}}, false}, // z from 0 on
		{nil, false},
	} {
		if fills(c.starts) != c.want {
			t.Errorf("%v fill the range: %t", c.starts, !c.want)
		}
	}
	for _, c := range []struct {
		data pde.LorenzData
		want bool
	}{{pde.LorenzData{}, true}, {pde.LorenzData{Horizon: 20}, false}, {pde.LorenzData{Step: .02}, false}} {
		if hasTimes(c.data) != c.want {
			t.Errorf("%+v has the paper's times: %t", c.data, !c.want)
		}
	}
	cases := []pde.LorenzCase{{Mu: []float64{10, 1, 1}, Start: []float64{1, 2, 3}}}
	for _, c := range []struct {
		mus, starts [][]float64
		want        bool
	}{
		{inside, [][]float64{{3, 2, 1}}, true},
		{[][]float64{{10, 1, 1}}, nil, false},
		{nil, [][]float64{{3, 2, 1}, {1, 2, 3}}, false},
	} {
		if areUnseen(cases, c.mus, c.starts) != c.want {
			t.Errorf("a case is unseen where %v from %v was trained on: %t", c.mus, c.starts, !c.want)
		}
	}

	// The starts are those of the whole trajectories.
	d := pde.LorenzData{Settings: 2, Starts: 3, Horizon: .05}.WithDefaults()
	states, dims, err := d.States()
	if err != nil {
		t.Fatal(err)
	}
	starts, err := trainingStarts(d)
	if err != nil || len(starts) != 6 || distinct(starts) != 6 {
		t.Fatalf("%d starts: %v", len(starts), err)
	}
	for i, start := range starts {
		if at := i * len(d.Times()) * dims[2]; !slices.Equal(start, states[at:at+3]) {
			t.Errorf("start %d is %v, want %v", i, start, states[at:at+3])
		}
	}
	if distinct([][]float64{{1, 2, 3}, {1, 2, 3}}) != 1 {
		t.Error("two equal rows differ")
	}
}
