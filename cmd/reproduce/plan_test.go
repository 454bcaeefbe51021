// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
)

// A plan is printed within a second and leaves nothing behind.
func TestPlan(t *testing.T) {
	dir := t.TempDir()
	start := time.Now()
	r := ok(t, dir, "plan", "--preset", "paper")
	if took := time.Since(start); took > 3*time.Second { // the other packages' tests run at the same time
		t.Errorf("it took %s", took)
	}
	for _, want := range []string{"Phase 1 on beta=30…40 (11), seed 4", "missing", "hyper-lr-pinn/table2", "preset paper: ", "0 in the store", "data/budget.csv"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("the plan does not say %q:\n%s", want, r.stdout)
		}
	}
	if r.stderr != "" || len(snapshot(t, dir)) != 1 {
		t.Errorf("plan says %q on stderr and leaves %v", r.stderr, snapshot(t, dir))
	}
	if one := ok(t, dir, "plan", "table3").stdout; strings.Contains(one, "Phase 2") || !strings.Contains(one, "Phase 1") {
		t.Errorf("the plan of Table 3, which needs Phase 1 alone:\n%s", one)
	}
}

func TestPlanOfBadInput(t *testing.T) {
	for args, want := range map[string]string{
		"plan table9":                `"table9"`,
		"plan --preset fast":         `"fast"`,
		"plan --backend abacus":      `"abacus"`,
		"plan --budget 2x":           "--budget",
		"plan --budget 0s":           "more than no time",
		"run --budget -2h":           "--budget",
		"run --budget=-2h":           "more than no time",
		"plan --reuse none":          "no run store",
		"report --budget 2h":         "--budget",
		"plan --budget 2h --out out": "--out",
	} {
		dir := t.TempDir()
		r := invoke(t, dir, strings.Fields(args)...)
		if r.code != program.ExitBadInput || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, want) {
			t.Errorf("%s: exit code %d, want one line with %q\n%s%s", args, r.code, want, r.stdout, r.stderr)
		}
		if left := snapshot(t, dir); len(left) != 1 {
			t.Errorf("%s leaves %v", args, left)
		}
	}
}

// As JSON the plan has each run once, and times that add up.
func TestPlanAsJSON(t *testing.T) {
	r := ok(t, t.TempDir(), "plan", "--json", "--preset", "laptop", "--budget", "30m")
	var plan reproduce.Plan
	decoder := json.NewDecoder(strings.NewReader(r.stdout))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&plan); err != nil {
		t.Fatalf("%v:\n%s", err, r.stdout)
	}
	left := 0
	names := map[string]bool{}
	for _, run := range plan.Runs {
		names[run.Name] = true
		if run.NotRun {
			left++
		}
		if run.State != reproduce.Missing || run.Seconds <= 0 || run.Source != reproduce.FromTable || run.Reason == "" {
			t.Errorf("a run is %+v", run)
		}
	}
	if len(names) != len(plan.Runs) || left == 0 || left == len(plan.Runs) {
		t.Errorf("%d names of %d runs, %d not run", len(names), len(plan.Runs), left)
	}
	sum := 0.
	for _, e := range plan.Experiments {
		sum += e.Seconds
	}
	if plan.BudgetSeconds == nil || *plan.BudgetSeconds != 1800 || plan.Seconds > 1800 || sum-plan.Seconds > .01 || plan.Seconds-sum > .01 {
		t.Errorf("%g s in all, %g s by experiment, of %v", plan.Seconds, sum, plan.BudgetSeconds)
	}
}

// What a budget chooses is trained and nothing else, what it leaves out is said,
// and a later command trains that. When all is there, run is quick.
func TestBudget(t *testing.T) {
	needsXLA(t)
	dir := t.TempDir()
	// By the table Phase 1 takes 2.9 s, and each Phase 2 from it 1.2 s.
	first := ok(t, dir, "run", "--preset", "smoke", "--budget", "5s", "--workers", "0", "fig5")
	if !strings.Contains(first.stdout, "0 runs found, 2 trained, 0 failed") || !strings.Contains(first.stdout, "2 of ") {
		t.Errorf("within 5 s it says\n%s", first.stdout)
	}
	if n := strings.Count(first.stderr, "not run: Phase 2"); n != 4 {
		t.Errorf("%d of 4 runs are said to be not run:\n%s", n, first.stderr)
	}
	plan := ok(t, dir, "plan", "--preset", "smoke", "fig5").stdout
	if !strings.Contains(plan, "in the store") || !strings.Contains(plan, "6 runs, 2 in the store, 4 to train") {
		t.Errorf("what is left is planned as\n%s", plan)
	}
	if rest := ok(t, dir, "run", "--preset", "smoke", "fig5").stdout; !strings.Contains(rest, "2 runs found, 4 trained, 0 failed") {
		t.Errorf("without a budget it says\n%s", rest)
	}
	before := snapshot(t, filepath.Join(dir, "runs", "runs"))

	start := time.Now()
	cmd := command(t, dir, "run", "--preset", "smoke", "fig5")
	again := finish(t, cmd)
	wall, work := time.Since(start), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
	if again.code != 0 || !strings.Contains(again.stdout, "6 runs found, 0 trained, 0 failed") {
		t.Errorf("when all is there: exit code %d\n%s%s", again.code, again.stdout, again.stderr)
	}
	// A machine that does something else at the same time takes longer.
	if wall > 2*time.Second && work > 2*time.Second {
		t.Errorf("when all is there it takes %s, %s of it work; want at most 2 s", wall, work)
	}
	if after := snapshot(t, filepath.Join(dir, "runs", "runs")); len(after) != len(before) {
		t.Error("when all is there, the records change")
	}
	if plan := ok(t, dir, "plan", "--preset", "smoke", "fig5").stdout; !strings.Contains(plan, "6 runs, 6 in the store, 0 to train in about 0 s") {
		t.Errorf("when all is there, the plan is\n%s", plan)
	}
}
