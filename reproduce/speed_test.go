// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"strings"
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Counted by hand. A hidden layer is multiplied with 2,456 rows: 1,000 collocation
// points in two channels, 256 initial points and 2·100 at the boundary; forward,
// and backward to weights and to inputs. The first layer has rows of 2 in place of
// 50, no gradient to inputs, and one row for the derivative channel, which is the
// same at all points. The last one has 50 in place of 2,500, and its value at the
// collocation points is in no loss, since the residual has derivatives alone.
//
// Phase 2 is a dense net of four hidden layers, and at the collocation points and for
// the conditions forms W = U diag(s) V of 50³ in three layers, and its gradient to the
// diagonal by one more product of that size.
func TestProductsOfAStep(t *testing.T) {
	st, err := convectionStudy(Presets()[0])
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, t.TempDir())
	counts, tasks, err := s.products(st)
	if err != nil {
		t.Fatal(err)
	}
	const rows = 2*1000 + 256 + 2*100
	dense := func(hidden int) int {
		return 3*rows*((hidden-1)*2500+50) + 2*((rows-1000)*100+100) - 3*1000*50
	}
	want := [3]int{dense(4) + 2*3*2*50*50*50, dense(5), dense(4)}
	for i, n := range want {
		if counts[i] != n {
			t.Errorf("%s: %d products, want %d", tasks[i].Label, counts[i], n)
		}
	}
	// The formula of H24 is for a point and channel: near the count, but for what
	// the first and the last layer don't do.
	if formula := denseWork(2, 50, 5) * rows; math.Abs(float64(formula-counts[timedPINN])) > .005*float64(formula) {
		t.Errorf("the PINN takes %d products, by H24's formula %d", counts[timedPINN], formula)
	}
}

// plantSpeed puts runs into the store that take these times a step, and whose error
// is below .1 from reached steps on (0 is never) and never below .05.
func plantSpeed(t *testing.T, s *Session, p Preset, on func(method, seed int) backend.Info, seconds func(method, seed int) float64, reached func(method, seed int) int) {
	t.Helper()
	st, err := convectionStudy(p)
	if err != nil {
		t.Fatal(err)
	}
	for i, method := range speedMethods(st) {
		for _, beta := range table2Betas {
			for seed, r := range method.at(p, beta) {
				history := train.History{Terms: []string{pinn.ResidualTerm}, Probes: []string{pinn.RelProbe}}
				for step := 0; step <= 1000; step += 100 {
					e := .5
					if n := reached(i, seed); n > 0 && step >= n {
						e = .08
					}
					history.Rows = append(history.Rows, train.Row{Step: step, Probes: []float64{e}})
				}
				put(t, s, r, &store.Record{
					History:  history,
					Manifest: store.Manifest{StepsPerSecond: 1 / seconds(i, seed), Backend: on(i, seed)},
					Metrics: store.Metrics{Evaluations: []pinn.Evaluation{{
						Mu: []float64{beta, 0, 0}, Test: metric.Errors{RelL2: .08}, TrivialTest: metric.Errors{RelL2: trivialError},
					}}},
				})
			}
		}
	}
	for _, seed := range p.Seeds {
		put(t, s, st.phase1(seed), &store.Record{Manifest: store.Manifest{StepsPerSecond: 100, Backend: backend.Info{Name: "xla:cpu", CPU: "this one", Threads: 2}}})
	}
}

func here1(int, int) backend.Info { return backend.Info{Name: "xla:cpu", CPU: "this one", Threads: 1} }

// A step of Phase 2 takes 2 ms, of the PINN 3 ms; at .1 they are after 100 and 400
// steps, that is .2 s and 1.2 s. Phase 1 took 20,000 steps of 10 ms on two threads:
// 400 s, which saving 1 s each 400 queries repay.
func TestSpeedTables(t *testing.T) {
	p := claimPreset(t)
	s := newSession(t, t.TempDir())
	elsewhere := func(method, seed int) backend.Info {
		if method == timedPINN && seed == 4 {
			return backend.Info{Name: "xla:cpu", CPU: "another", Threads: 1}
		}
		return here1(method, seed)
	}
	plantSpeed(t, s, p, elsewhere,
		func(method, seed int) float64 {
			if method == timedPINN && seed == 4 {
				return 1 // of the other machine
			}
			return []float64{.002, .003, .0025}[method]
		},
		func(method, _ int) int { return []int{100, 400, 0}[method] })
	out, err := renderSpeed(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Tables) != 2 || len(out.Figures) != 1 {
		t.Fatalf("%d tables and %d figures, want 2 and 1", len(out.Tables), len(out.Figures))
	}
	for id, want := range map[string]float64{
		"Phase 2, full rank/training/step_time":             2,
		"PINN/training/step_time":                           3,
		"PINN of the same depth/training/step_time":         2.5,
		"Phase 2, full rank/beside the PINN/step_time":      2. / 3,
		"PINN/training/trained_values":                      10_401,
		"Phase 2, full rank/training/trained_values":        351,
		"beta=35;rel_err=0.1/PINN/steps":                    400,
		"beta=35;rel_err=0.1/Phase 2, full rank/steps":      100,
		"beta=35;rel_err=0.1/PINN over Phase 2/time":        6,
		"beta=35;rel_err=0.1/Phase 1/queries that repay it": 400,
	} {
		c := cellNamed(t, out.Tables, "hyper-lr-pinn/speed/"+id)
		if c.Ours == nil || relativeDistance(*c.Ours, want) > 1e-9 {
			t.Errorf("%s is %v, want %g", id, c.Ours, want)
		}
	}
	for id, want := range map[string]string{
		"beta=30;rel_err=0.05/PINN/steps":                    "not reached",
		"beta=30;rel_err=0.05/PINN over Phase 2/time":        "neither comes there",
		"beta=30;rel_err=0.05/Phase 1/queries that repay it": "never",
	} {
		if c := cellNamed(t, out.Tables, "hyper-lr-pinn/speed/"+id); c.OursText != want || c.Ours != nil {
			t.Errorf("%s is %v %q, want %q", id, c.Ours, c.OursText, want)
		}
	}
	if note := out.Tables[0].Note; !strings.Contains(note, "this one") || !strings.Contains(note, "times of 1 other machines or formulations") || !strings.Contains(note, "takes 0.77 of the PINN's") {
		t.Errorf("the note is %q", note)
	}
	if c := cellNamed(t, out.Tables, "hyper-lr-pinn/speed/PINN/training/step_time"); len(c.Values) != 3*4 {
		t.Errorf("%d times of the PINN, want those of 4 seeds at 3 β on this machine", len(c.Values))
	}
}

// Without runs the operations are still counted.
func TestSpeedWithoutRuns(t *testing.T) {
	p := claimPreset(t)
	out, err := renderSpeed(t.Context(), newSession(t, t.TempDir()), p)
	if err != nil || len(out.Tables) != 1 || len(out.Figures) != 0 {
		t.Fatalf("%d tables, %d figures, %v; want one table", len(out.Tables), len(out.Figures), err)
	}
	if c := cellNamed(t, out.Tables, "hyper-lr-pinn/speed/PINN/training/step_time"); c.Ours != nil || c.Reason != "not run" {
		t.Errorf("the time is %v, %q", c.Ours, c.Reason)
	}
	if c := cellNamed(t, out.Tables, "hyper-lr-pinn/speed/PINN/training/multiplications"); c.Ours == nil {
		t.Error("the multiplications are missing")
	}
}

// H09 by what is in the store.
func TestFasterTraining(t *testing.T) {
	times := func(phase2, vanilla float64) func(int, int) float64 {
		return func(method, _ int) float64 { return []float64{phase2, vanilla, vanilla}[method] }
	}
	steps := func(phase2, vanilla int) func(int, int) int {
		return func(method, _ int) int { return []int{phase2, vanilla, vanilla}[method] }
	}
	for _, c := range []struct {
		name    string
		seconds func(method, seed int) float64
		reached func(method, seed int) int
		on      func(method, seed int) backend.Info
		preset  func(p *Preset)
		want    Verdict
		says    string
	}{
		{name: "printed", seconds: times(1, 4), reached: steps(100, 100), want: Reproduced, says: "time of a step: median 4"},
		{name: "a quarter faster", seconds: times(2.1, 2.6), reached: steps(100, 1000), want: Differs, says: "time of a step: median 1.238"},
		// The way is longer: as many steps for more of them.
		{name: "steps alone", seconds: times(1, 4), reached: steps(800, 100), want: SameConclusion},
		{name: "PINN never comes there", seconds: times(1, 4), reached: steps(100, 0), want: Reproduced},
		{name: "neither comes there", seconds: times(1, 4), reached: steps(0, 0), want: SameConclusion},
		{name: "two seeds of five are slower", seconds: func(method, seed int) float64 {
			if seed < 2 {
				return 1
			}
			return []float64{1, 5, 5}[method]
		}, reached: steps(100, 100), want: Differs},
		// Times of different machines say nothing about the methods.
		{name: "another machine", seconds: times(1, 4), reached: steps(100, 100), on: func(method, _ int) backend.Info {
			return backend.Info{Name: "xla:cpu", CPU: "this one", Threads: 1 + method}
		}, want: NotRun},
		{name: "one seed", seconds: times(1, 4), reached: steps(100, 100), preset: func(p *Preset) { p.Seeds = p.Seeds[:1] }, want: Reduced, says: "1 of 5 seeds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			if c.preset != nil {
				c.preset(&p)
			}
			if c.on == nil {
				c.on = here1
			}
			s := newSession(t, t.TempDir())
			plantSpeed(t, s, p, c.on, c.seconds, c.reached)
			wantClaim(t, found(t, s, p, fasterTraining()), c.want, c.says)
		})
	}
	wantClaim(t, found(t, newSession(t, t.TempDir()), claimPreset(t), fasterTraining()), NotRun)
}

// Times of another way to write the same sums say nothing about the methods; a replica
// that was timed like the other method's runs does.
func TestFasterTrainingByReplicas(t *testing.T) {
	p := claimPreset(t)
	seconds := func(method, _ int) float64 { return []float64{1, 4, 4}[method] }
	reached := func(int, int) int { return 100 }
	mixed, again := newSession(t, t.TempDir()), newSession(t, t.TempDir())
	plantSpeed(t, mixed, p, func(method, seed int) backend.Info {
		info := here1(method, seed)
		if method == timedPhase2 {
			info.CPU = "another"
		}
		return info
	}, seconds, reached)
	wantClaim(t, found(t, mixed, p, fasterTraining()), NotRun)

	plantSpeed(t, again, p, here1, seconds, reached)
	st, err := convectionStudy(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, beta := range table2Betas {
		for _, r := range speedMethods(st)[timedPhase2].at(p, beta) {
			name := r.Name()
			record, err := again.Store.Get(name)
			if err != nil || record == nil {
				t.Fatal(record, err)
			}
			to := store.Place{Name: name, Replica: record.Manifest.Fingerprint().String()}
			if err := mixed.Store.Copy(again.Store, store.Place{Name: name}, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantClaim(t, found(t, mixed, p, fasterTraining()), Reproduced, "time of a step: median 4")
	// So do those of a store that is reused.
	reusing, err := store.Open(t.TempDir(), mixed.Store.Dir())
	if err != nil {
		t.Fatal(err)
	}
	wantClaim(t, found(t, &Session{Store: reusing}, p, fasterTraining()), Reproduced, "time of a step: median 4")

	one, three := new(store.Record), new(store.Record)
	one.Manifest.Versions, three.Manifest.Versions = map[string]string{"formulation": "1"}, map[string]string{"formulation": "3"}
	if machineOf(one) == machineOf(three) {
		t.Error("records of two formulations count as timed alike")
	}
}
