// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"
	"strings"

	"pinn.example/repro/data"
	"pinn.example/repro/reproduce/report"
)

// ClaimTest decides a claim of a paper's prose ([data.Claims]) by what is in the
// store. It trains nothing. The rules, the first that applies deciding:
//
//   - The smoke preset gives no verdict on any claim.
//   - not run: the experiment that would check the claim is not in the code, or
//     no run of it is in the store.
//   - A claim that is arithmetic (sizes, operations) is decided on the shapes of
//     the models, one on what the authors did on what they published, and one on an
//     equation on its exact solution; none of them needs runs. A claim that is a
//     setting or a definition needs one seed.
//   - reduced: steps or parameters are below the paper's, fewer than five seeds
//     are in the store, or one that the preset asks for is missing. A run that
//     diverges leaves no record, so what survived must not stand for all. A figure
//     has one seed: a claim on it takes each seed of the preset that is in the store.
//   - reproduced: each of the claim's measures holds. A measure is one number a
//     seed, whose median is held against a limit; for a comparison ("more than")
//     it is the quartile on the side that speaks against the claim, so that three
//     seeds of four must agree.
//   - same conclusion: some measure fails, but those hold on which the paper
//     builds.
//   - differs: all else.
//
// A run has failed where its relative error on the test points is at least .95 of
// the best constant's: it has learnt next to nothing, and ratios between two such
// runs say nothing. A failed or spurious run stands at the bad end of its measure,
// unless the reason says why not. Reasons give medians, quartiles, and how many
// runs failed or are spurious.
//
// Like those of [Judge], limits are set before the first run that they judge.
type ClaimTest struct {
	// ID is the claim's, such as "H05".
	ID string
	// Rule says when the claim counts as reproduced, and why the limit is what it
	// is. The report shows it.
	Rule string

	find func(s *Session, p Preset) (finding, error)
}

// finding is what a test finds out.
type finding struct {
	verdict Verdict
	reason  string
	cells   []string // ids in the report
}

// ClaimTests lists the tests in the order of their claims. A claim without one is
// not run.
func ClaimTests() []ClaimTest {
	return []ClaimTest{
		trainedParameters(), pinnFailsOnConvection(), pinnFailsOnReaction(), onlyMethodThatResolves(), marginalDecrease(),
		orderOfMagnitudeOnReaction(), fullRankBaselines(), smallerThanPINN(), fasterTraining(), fixedBasisIsBetter(),
		orthogonalityIsEssential(), trainingParameters(), unseenParameters(), accurateAtUnseen(), aboveTraining(),
		pinnBeyondTraining(), bestOfRows(), learnedRanks(), diagonalsOverBeta(), figure6Parameters(),
		epochsToTargetDefined(), oneEpoch(), epochsOverBeta(), lessWork(), wavesInTenEpochs(),
		pinnOnWaves(), averagesOfRuns(), memory(), poorStarts(), smallNetsDoPoorly(),
		ranksVaryMore(), metaTraining(), shock(), viscosities(), dataPoints(),
		hyperPINNBelowBoth(), learnsTheShock(), predictionTimes(), generationTime(), similarSizes(),
		lorenzRanges(), lorenzCount(), lorenzTimes(), unseenTrajectories(), aggregateErrors(),
		mistakenBehaviour(),
	}
}

// claims judges every claim of both papers.
func (s *Session) claims(p Preset) ([]report.Claim, error) {
	all, err := data.Claims()
	if err != nil {
		return nil, err
	}
	judged := make([]report.Claim, len(all))
	for i, c := range all {
		if c.Experiment == "same" && i > 0 {
			c.Experiment = judged[i-1].Experiment // as the file's line above
		}
		if judged[i], err = s.claim(c, p); err != nil {
			return nil, err
		}
	}
	return judged, nil
}

// claim judges one claim.
func (s *Session) claim(c data.Claim, p Preset) (report.Claim, error) {
	f := finding{verdict: NotRun, reason: "no experiment for it is in the code yet"}
	if c.Experiment != "-" {
		f.reason += ": " + c.Experiment
	}
	tests := ClaimTests()
	if i := slices.IndexFunc(tests, func(t ClaimTest) bool { return t.ID == c.ID }); i >= 0 {
		var err error
		if f, err = tests[i].find(s, p); err != nil { // smoke walks this path too
			return report.Claim{}, fmt.Errorf("claim %s: %w", c.ID, err)
		}
		f.reason = strings.TrimSuffix(f.reason, ".") + ". Rule: " + tests[i].Rule
	}
	if p.Smoke {
		f.verdict, f.reason = NoVerdict, "the preset is too small for verdicts"
	}
	return report.Claim{Claim: c, Verdict: string(f.verdict), Reason: f.reason, Cells: f.cells}, nil
}
