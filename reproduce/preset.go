// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Preset scales the experiments; the code is the same in all of them.
type Preset struct {
	Name string
	// Purpose is one line for a person.
	Purpose string
	// Smoke presets walk every path and give no verdicts.
	Smoke bool
	// Seeds of the initial weights of Hyper-LR-PINN on convection (Table 2), and
	// BaselineSeeds of what it is compared with there.
	Seeds, BaselineSeeds []int64
	// Phase1Steps and Phase2Steps on the training range β = 30 … 40.
	Phase1Steps, Phase2Steps int
	// WideBetas are the training β of the wide range [1, 20], WideSteps the steps of
	// Phase 1 on them (Figures 4 and 6), and WideSeeds which of Seeds it is trained for,
	// from the first on: the figures draw the first, the claims on its ranks read all.
	WideBetas []float64
	WideSteps int
	WideSeeds []int64
	// PINNSteps are the steps of the vanilla PINN.
	PINNSteps int
	// Ranks of the low-rank baselines of Table 2.
	Ranks []int
	// BaselineSteps are the steps of a low-rank baseline at one β: from scratch,
	// in all stages of a curriculum, and in fine-tuning.
	BaselineSteps int
	// MAMLSteps and ReptileSteps are the outer steps of the meta-learners.
	MAMLSteps, ReptileSteps int
	// General scales Table 4, Reaction the reaction tables, Many Figure 5, Epochs
	// Figure 6, Waves Figure 7, Failure the failure modes and Ablation what is left
	// out or in.
	General  General
	Reaction Reaction
	Many     Many
	Epochs   Epochs
	Waves    Waves
	Failure  Failure
	Ablation Ablation
	// Burgers and Lorenz scale the second paper.
	Burgers Burgers
	Lorenz  Lorenz
	// Beyond scales what goes beyond the papers.
	Beyond Beyond
}

// General scales Table 4: the CDR family with β, ν, ρ in 1 … 5.
type General struct {
	// Seeds of the networks that are trained for one setting, and of all else.
	Seeds, MetaSeeds []int64
	// Ones are the settings 1 … 5 of the rows with one parameter; the row with all
	// three is averaged over (n, n, n) for n in Ones, or over all 125 if All.
	Ones []float64
	All  bool
	// Train are the values of each parameter that Phase 1, PINN-P, MAML and
	// Reptile are trained on in the row with all three; with one it is 1 … 5.
	Train []float64
	// Steps of a network for one setting, of each slab of the PINN-S2S, of PINN-P,
	// of Phases 1 and 2, and outer steps of the meta-learners.
	Steps, SlabSteps, PINNPSteps, Phase1Steps, Phase2Steps, MAMLSteps, ReptileSteps int
	// PINNPWidths are the widths of PINN-P: 50, and P2INN's 150 (D29).
	PINNPWidths []int
	// Others adds the rows of P2INN's tables for the other members of the family.
	Others bool
}

// Reaction scales the tables of reaction and reaction-diffusion at ρ ≥ 5
// (appendix N).
type Reaction struct {
	Seeds []int64
	Ranks []int
	// Train are the ρ of Phase 1 and of the meta-learners, Report those reported.
	Train, Report []float64
	// Phase1Steps as named; Steps of all that is trained for one ρ; outer steps of
	// the meta-learners.
	Phase1Steps, Steps, MAMLSteps, ReptileSteps int
}

// Many scales Figure 5: Phase 2 at many unseen β.
type Many struct {
	// Seeds are which of the preset's are trained, from the first on: the figure's curve
	// is of that, the claims read all.
	Seeds []int64
	// Betas are the unseen β of the first seed, OtherBetas of each further one.
	Betas, OtherBetas []float64
	Steps             int
}

// of are the unseen β of a seed.
func (m Many) of(seed int64) []float64 {
	if seed == m.Seeds[0] {
		return m.Betas
	}
	return m.OtherBetas
}

// Epochs scales Figure 6: steps until the mean error is below .05.
type Epochs struct {
	// Seeds as in [Many].
	Seeds []int64
	Betas []float64
	// Cap is the number of steps after which a run that has not come there is
	// called censored.
	Cap int
}

// Waves scales Figure 7 and appendix T: the Helmholtz equation.
type Waves struct {
	Seeds []int64
	// Phase1Steps as named; Steps of the networks trained for one a.
	Phase1Steps, Steps int
	// Report are the a at which all methods are compared.
	Report []float64
}

// Failure scales the error of the vanilla PINN against steps (claims H02, H03).
type Failure struct {
	Seeds       []int64
	Betas, Rhos []float64
	Steps       int
}

// Ablation scales what is left out of the method, or put into it.
type Ablation struct {
	// Seeds of the variants that have a Phase 1 of their own, and QuerySeeds of those
	// that start from Table 2's.
	Seeds, QuerySeeds []int64
	// Phase1Steps and Phase2Steps of each variant, DenseSteps of the small nets.
	Phase1Steps, Phase2Steps, DenseSteps int
	// EqualCompute trains the baselines of rank 30 as long as Phase 1 and Phase 2
	// together.
	EqualCompute bool
	// PointSeeds are those of Phase 1 on other collocation points; the largest set
	// of points has Seeds.
	PointSeeds []int64
}

// Burgers scales HyperPINN on Burgers' equation.
type Burgers struct {
	Seeds []int64
	Steps int
	// A step draws Settings values of ν, and Points collocation points for each.
	Settings, Points int
	// ChoiceSteps are those of each variant of what the paper leaves open, ChoiceSeeds
	// its seeds, and ChoiceNets how many networks have them: the HyperPINN alone, the
	// small PINN too, or all three.
	ChoiceSteps int
	ChoiceSeeds []int64
	ChoiceNets  int
}

// Lorenz scales HyperPINN on the Lorenz system.
type Lorenz struct {
	Seeds []int64
	Steps int
	// Settings of the parameters and Starts at each make the training data.
	Settings, Starts int
	// Batch is the number of pairs of each setting in a step.
	Batch int
}

// Beyond scales what goes beyond the papers.
type Beyond struct {
	// Iterations of Levenberg–Marquardt in Phase 2, DenseIterations those on a network
	// with thousands of parameters, of which one takes fifty times as long.
	Iterations, DenseIterations int
	// SmallSteps are those of Adam on a network of some 400 parameters, which LM is held
	// against.
	SmallSteps int
	// FirstPhases is how many ways to train Phase 1 are compared: the published and the
	// robust one, or all four.
	FirstPhases int
	// Rescues is how many of the ways to keep queries from being lost are compared: that
	// with nothing against it and fresh points, or all.
	Rescues int
	// Far are the β of queries outside of Figure 5's.
	Far []float64
	// Ranks and Points are those at which the error is told.
	Ranks, Points []int
}

// beyondIterations were chosen on seed 10, which is not reported: its errors at β = 30, 35
// and 40 are below .001 from there on.
const beyondIterations = 400

// The paper's own settings: epochs from the authors' README and checkpoint
// names, the wide range from section 4.2.2. What is not published is proposed
// where it stands in hyper-lr-pinn/settings.csv: the PINN's epochs are P2INN's
// default, the meta-learners' those of Phase 1.
const (
	paperPhase1Steps   = 20_000
	paperPhase2Steps   = 10_000
	paperPINNSteps     = 20_000
	paperBaselineSteps = 10_000
	paperMetaSteps     = 20_000
	paperGeneralSteps  = 20_000
	paperSlabSteps     = 2_000 // the same in all ten slabs together
)

// HyperPINN's data on the Lorenz system (its appendix A.6), and the steps from which
// on its networks count as trained: it prints none, so that these are ours, set
// before the first run.
const (
	lorenzSettings = 30
	lorenzStarts   = 100
	hyperPINNSteps = 50_000
)

// paperRanks are those of Table 2's baselines.
var paperRanks = []int{10, 20, 30, 40, 50}

// Presets lists the presets from the smallest to the largest. They, like the
// rules of [Judge], were set before the first run that they judge.
func Presets() []Preset {
	one, two, three, five := []int64{0}, []int64{0, 1}, []int64{0, 1, 2}, []int64{0, 1, 2, 3, 4}
	return []Preset{
		{
			Name: "smoke", Purpose: "minutes: every path, no verdicts", Smoke: true,
			Seeds: one, BaselineSeeds: one,
			Phase1Steps: 40, Phase2Steps: 40, PINNSteps: 40,
			WideBetas: []float64{1, 10, 20}, WideSteps: 40, WideSeeds: one,
			Ranks: []int{30}, BaselineSteps: 40, MAMLSteps: 4, ReptileSteps: 4,
			General: General{
				Seeds: one, MetaSeeds: one, Ones: []float64{3}, Train: []float64{1, 5},
				Steps: 20, SlabSteps: 2, PINNPSteps: 10, Phase1Steps: 10, Phase2Steps: 20, MAMLSteps: 2, ReptileSteps: 2,
				PINNPWidths: []int{50},
			},
			Reaction: Reaction{
				Seeds: one, Ranks: []int{30}, Train: []float64{5, 7}, Report: []float64{5},
				Phase1Steps: 10, Steps: 20, MAMLSteps: 2, ReptileSteps: 2,
			},
			Many:     Many{Seeds: one, Betas: []float64{29.5, 41}, Steps: 20},
			Epochs:   Epochs{Seeds: one, Betas: []float64{1, 1.5}, Cap: 20},
			Waves:    Waves{Seeds: one, Phase1Steps: 10, Steps: 20, Report: []float64{2.5}},
			Failure:  Failure{Seeds: one, Betas: []float64{1}, Rhos: []float64{5}, Steps: 20},
			Ablation: Ablation{Seeds: one, QuerySeeds: one, Phase1Steps: 10, Phase2Steps: 20, DenseSteps: 20, PointSeeds: one},
			Burgers:  Burgers{Seeds: one, Steps: 10, Settings: 2, Points: 8, ChoiceSteps: 5, ChoiceSeeds: one, ChoiceNets: 1},
			Lorenz:   Lorenz{Seeds: one, Steps: 10, Settings: 2, Starts: 2, Batch: 8},
			Beyond:   Beyond{Iterations: 4, DenseIterations: 2, SmallSteps: 10, FirstPhases: 2, Rescues: len(rescueWays), Far: []float64{50}, Ranks: []int{20}, Points: []int{100}},
		},
		{
			Name: "quick", Purpose: "at most 30 minutes on 2 cores: the headline cells at full scale, the rest reduced",
			Seeds: one, BaselineSeeds: one,
			Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps, PINNSteps: paperPINNSteps,
			WideBetas: []float64{2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, WideSteps: 3_000, WideSeeds: one,
			Ranks: []int{30}, BaselineSteps: 1_000, MAMLSteps: 200, ReptileSteps: 100,
			General: General{
				Seeds: one, MetaSeeds: one, Ones: []float64{3}, Train: []float64{1, 5},
				Steps: 500, SlabSteps: 50, PINNPSteps: 200, Phase1Steps: 200, Phase2Steps: 500, MAMLSteps: 50, ReptileSteps: 30,
				PINNPWidths: []int{50},
			},
			Reaction: Reaction{
				Seeds: one, Ranks: []int{30}, Train: []float64{5, 6, 7}, Report: []float64{5},
				Phase1Steps: 200, Steps: 500, MAMLSteps: 50, ReptileSteps: 30,
			},
			Many:     Many{Seeds: one, Betas: spaced(26.125, 43.625, 15), Steps: 500},
			Epochs:   Epochs{Seeds: one, Betas: []float64{1, 5.5, 10, 14.5, 20}, Cap: 1_000},
			Waves:    Waves{Seeds: one, Phase1Steps: 300, Steps: 2_000, Report: []float64{2.5}},
			Failure:  Failure{Seeds: one, Betas: []float64{10, 30}, Rhos: []float64{5}, Steps: 2_000},
			Ablation: Ablation{Seeds: one, QuerySeeds: one, Phase1Steps: 200, Phase2Steps: 500, DenseSteps: 1_000, PointSeeds: one},
			Burgers:  Burgers{Seeds: one, Steps: 5_000, Settings: 32, Points: 64, ChoiceSteps: 300, ChoiceSeeds: one, ChoiceNets: 1},
			Lorenz:   Lorenz{Seeds: one, Steps: 5_000, Settings: lorenzSettings, Starts: lorenzStarts, Batch: 128},
			Beyond:   Beyond{Iterations: beyondIterations, DenseIterations: 20, SmallSteps: 2_000, FirstPhases: 2, Rescues: 2, Far: []float64{15, 50}, Ranks: []int{20}, Points: []int{100}},
		},
		{
			Name: "laptop", Purpose: "overnight on 2 cores: everything but the largest sweeps",
			Seeds: five, BaselineSeeds: three,
			Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps, PINNSteps: paperPINNSteps,
			WideBetas: integers(1, 20), WideSteps: paperPhase1Steps, WideSeeds: five,
			Ranks: paperRanks, BaselineSteps: paperBaselineSteps, MAMLSteps: 5_000, ReptileSteps: 10_000,
			General: General{
				Seeds: three, MetaSeeds: one, Ones: integers(1, 5), Train: []float64{1, 3, 5},
				Steps: 10_000, SlabSteps: 1_000, PINNPSteps: 10_000, Phase1Steps: 10_000, Phase2Steps: 10_000, MAMLSteps: 2_000, ReptileSteps: 2_000,
				PINNPWidths: []int{50},
			},
			Reaction: Reaction{
				Seeds: one, Ranks: []int{10, 30, 50}, Train: integers(5, 10), Report: []float64{5, 6, 7},
				Phase1Steps: paperPhase1Steps, Steps: paperPhase2Steps, MAMLSteps: 2_000, ReptileSteps: 2_000,
			},
			Many:     Many{Seeds: five, Betas: unseenBetas(), OtherBetas: everyTenth(unseenBetas()), Steps: 5_000},
			Epochs:   Epochs{Seeds: five, Betas: halves(1, 20), Cap: 10_000},
			Waves:    Waves{Seeds: three, Phase1Steps: 10_000, Steps: 10_000, Report: []float64{2.5, 2.65, 3}},
			Failure:  Failure{Seeds: five, Betas: []float64{1, 10, 20, 30, 35, 40, 45}, Rhos: []float64{2, 4, 5, 7}, Steps: 20_000},
			Ablation: Ablation{Seeds: one, QuerySeeds: five, Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps, DenseSteps: paperPINNSteps, EqualCompute: true, PointSeeds: two},
			Burgers:  Burgers{Seeds: five, Steps: 50_000, Settings: 32, Points: 64, ChoiceSteps: 10_000, ChoiceSeeds: three, ChoiceNets: 3},
			Lorenz:   Lorenz{Seeds: five, Steps: 50_000, Settings: lorenzSettings, Starts: lorenzStarts, Batch: 128},
			Beyond:   Beyond{Iterations: beyondIterations, DenseIterations: 100, SmallSteps: 20_000, FirstPhases: 4, Rescues: len(rescueWays), Far: farBetas(), Ranks: []int{5, 10, 15, 20, 25, 30, 40}, Points: []int{50, 100, 200, 500, 2000}},
		},
		{
			Name: "paper", Purpose: "all of it, all seeds",
			Seeds: five, BaselineSeeds: five,
			Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps, PINNSteps: paperPINNSteps,
			WideBetas: integers(1, 20), WideSteps: paperPhase1Steps, WideSeeds: five,
			Ranks: paperRanks, BaselineSteps: paperBaselineSteps, MAMLSteps: paperMetaSteps, ReptileSteps: paperMetaSteps,
			General: General{
				Seeds: five, MetaSeeds: five, Ones: integers(1, 5), All: true, Train: integers(1, 5),
				Steps: paperGeneralSteps, SlabSteps: paperSlabSteps, PINNPSteps: paperGeneralSteps, Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps,
				MAMLSteps: paperMetaSteps, ReptileSteps: paperMetaSteps,
				PINNPWidths: []int{50, 150}, Others: true,
			},
			Reaction: Reaction{
				Seeds: five, Ranks: paperRanks, Train: integers(5, 10), Report: []float64{5, 6, 7},
				Phase1Steps: paperPhase1Steps, Steps: paperPhase2Steps, MAMLSteps: paperMetaSteps, ReptileSteps: paperMetaSteps,
			},
			Many:     Many{Seeds: five, Betas: unseenBetas(), OtherBetas: unseenBetas(), Steps: paperPhase2Steps},
			Epochs:   Epochs{Seeds: five, Betas: halves(1, 20), Cap: 20_000},
			Waves:    Waves{Seeds: five, Phase1Steps: paperPhase1Steps, Steps: paperPINNSteps, Report: []float64{2.5, 2.65, 2.7, 2.75, 2.8, 2.85, 3}},
			Failure:  Failure{Seeds: five, Betas: []float64{1, 5, 10, 20, 30, 35, 40, 45}, Rhos: integers(1, 10), Steps: 100_000},
			Ablation: Ablation{Seeds: five, QuerySeeds: five, Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps, DenseSteps: paperPINNSteps, EqualCompute: true, PointSeeds: five},
			Burgers:  Burgers{Seeds: five, Steps: 100_000, Settings: 32, Points: 64, ChoiceSteps: 50_000, ChoiceSeeds: five, ChoiceNets: 3},
			Lorenz:   Lorenz{Seeds: five, Steps: 200_000, Settings: lorenzSettings, Starts: lorenzStarts, Batch: 128},
			Beyond:   Beyond{Iterations: beyondIterations, DenseIterations: 200, SmallSteps: 50_000, FirstPhases: 4, Rescues: len(rescueWays), Far: farBetas(), Ranks: []int{5, 10, 15, 20, 25, 30, 40}, Points: []int{50, 100, 200, 500, 2000}},
		},
	}
}

// PresetNames lists the presets' names.
func PresetNames() []string {
	var names []string
	for _, p := range Presets() {
		names = append(names, p.Name)
	}
	return names
}

// FindPreset returns a preset by name; an unknown name is an error that lists
// the known ones.
func FindPreset(name string) (Preset, error) {
	for _, p := range Presets() {
		if p.Name == name {
			return p, nil
		}
	}
	return Preset{}, fmt.Errorf("unknown preset %q; known are %s", name, strings.Join(PresetNames(), ", "))
}

func integers(from, to int) []float64 {
	var xs []float64
	for i := from; i <= to; i++ {
		xs = append(xs, float64(i))
	}
	return xs
}

// halves are from, from + ½, …, to.
func halves(from, to float64) []float64 { return spaced(from, to, int(2*(to-from))+1) }

// spaced are n numbers at equal distances from one to the other.
func spaced(from, to float64, n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = from + (to-from)*float64(i)/float64(n-1)
	}
	return xs
}

// unseenBetas are the 150 β of Figure 5. The paper does not list them; 25 to 45 by
// 1/8 without the 11 training values are exactly 150, on both sides of [30, 40] as
// its text demands.
func unseenBetas() []float64 {
	return slices.DeleteFunc(spaced(25, 45, 161), func(beta float64) bool {
		return beta >= 30 && beta <= 40 && beta == math.Trunc(beta)
	})
}

// everyTenth are the first of xs, the eleventh, ….
func everyTenth(xs []float64) []float64 {
	var some []float64
	for i := 0; i < len(xs); i += 10 {
		some = append(some, xs[i])
	}
	return some
}

// farBetas are β outside of Figure 5's 25 to 45.
func farBetas() []float64 {
	return slices.DeleteFunc(spaced(2.5, 100, 40), func(beta float64) bool { return beta >= nearest && beta <= farthest })
}

// reduced says in which way steps are below the paper's; it is empty where they
// are not.
func reduced(steps, paper int) string {
	if steps >= paper {
		return ""
	}
	return fmt.Sprintf("%d of %d steps", steps, paper)
}
