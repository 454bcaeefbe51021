// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"pinn.example/repro/data"
	"pinn.example/repro/reproduce/report"
)

// Provenance is what a report says of the command that made it.
type Provenance struct {
	// Command is the command line.
	Command string
	// Started is when it started.
	Started time.Time
}

// Report renders experiments from what is in the store.
func (s *Session) Report(ctx context.Context, experiments []Experiment, p Preset, from Provenance) (*report.Report, error) {
	discrepancies, err := data.Discrepancies()
	if err != nil {
		return nil, err
	}
	r := &report.Report{
		Title: "Hyper-LR-PINN and HyperPINN, reproduced", Preset: p.Name, Command: from.Command,
		Papers: []report.Paper{{
			ID:    "hyper-lr-pinn",
			Title: "Hypernetwork-based Meta-Learning for Low-Rank Physics-Informed Neural Networks",
			Cite:  "Cho, Lee, Rim, Park. NeurIPS 2023, arXiv 2310.09528",
			URL:   "https://arxiv.org/abs/2310.09528",
		}, {
			ID:    "hyperpinn",
			Title: "HyperPINN: Learning parameterized differential equations with physics-informed hypernetworks",
			Cite:  "Belbute-Peres, Chen, Sha. 2021, arXiv 2111.01008",
			URL:   "https://arxiv.org/abs/2111.01008",
		}},
		Discrepancies: discrepancies,
	}
	runs, err := Runs(experiments, p)
	if err != nil {
		return nil, err
	}
	if err := s.findAll(runs); err != nil {
		return nil, err
	}
	for _, e := range experiments {
		if e.render == nil {
			continue
		}
		out, err := e.render(ctx, s, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		r.Tables = append(r.Tables, out.Tables...)
		r.Figures = append(r.Figures, out.Figures...)
	}
	if r.Claims, err = s.claims(p); err != nil {
		return nil, err
	}
	if r.Manifest, err = s.manifest(runs, p, from); err != nil {
		return nil, err
	}
	if r.Summary, err = s.summary(runs, p); err != nil {
		return nil, err
	}
	if !from.Started.IsZero() {
		r.Generated = time.Now().UTC().Format(time.RFC3339)
	}
	return r, nil
}

// summary says in words what was run and what is wrong with it.
func (s *Session) summary(runs []*Run, p Preset) ([]string, error) {
	done, wall := 0, 0.
	var spurious []string
	for _, r := range runs {
		record, err := s.Find(r)
		if err != nil {
			return nil, err
		}
		if record == nil {
			continue
		}
		done++
		wall += record.Manifest.WallSeconds
		flagged, train, grid := 0, 0., 0.
		for _, ev := range record.Metrics.Evaluations {
			if ev.Spurious {
				flagged++
				train, grid = max(train, ev.ResidualTrain), max(grid, ev.ResidualGrid)
			}
		}
		if flagged > 0 {
			at := ""
			if n := len(record.Metrics.Evaluations); n > 1 {
				at = fmt.Sprintf(" at %d of %d μ", flagged, n)
			}
			spurious = append(spurious, fmt.Sprintf("%s%s (mean square residual up to %.2g on the training points, %.2g on the grid)", r.Label, at, train, grid))
		}
	}
	text := []string{fmt.Sprintf("Preset %s (%s): %d of %d runs are in the store; they took %s.",
		p.Name, p.Purpose, done, len(runs), (time.Duration(wall) * time.Second).String())}
	if p.Smoke {
		text = append(text, "This preset only walks every path: its numbers mean nothing and have no verdicts.")
	}
	if len(spurious) > 0 {
		const named = 3
		line := fmt.Sprintf("%d of these are spurious: they satisfy the equation at the training points and not between them: %s", len(spurious), strings.Join(spurious[:min(named, len(spurious))], "; "))
		if n := len(spurious) - named; n > 0 {
			line += fmt.Sprintf("; and %d more, which the tables flag", n)
		}
		text = append(text, line+".")
	}
	return text, nil
}

// manifest says how the report was made.
func (s *Session) manifest(runs []*Run, p Preset, from Provenance) ([]report.Fact, error) {
	facts := []report.Fact{{Name: "git commit", Value: gitCommit()}, {Name: "go.sum SHA-256", Value: fileHash("go.sum")}}
	v := versions()
	for _, name := range slices.Sorted(maps.Keys(v)) {
		facts = append(facts, report.Fact{Name: name, Value: v[name]})
	}
	// One line for each different backend among the runs, usually one.
	backends := map[string]int{}
	wall, compile, peak, sittings := 0., 0., 0., 0
	for _, r := range runs {
		record, err := s.Find(r)
		if err != nil {
			return nil, err
		}
		if record == nil {
			continue
		}
		m := record.Manifest
		b := m.Backend
		backends[strings.TrimSpace(fmt.Sprintf("%s; %s; %s %s %s", b, b.CPU, b.Plugin, b.Version, b.PluginSHA256))]++
		wall += m.WallSeconds
		compile += m.CompileSeconds
		peak = max(peak, m.PeakMemoryMB)
		sittings += m.Sittings
	}
	for _, b := range slices.Sorted(maps.Keys(backends)) {
		facts = append(facts, report.Fact{Name: "backend", Value: fmt.Sprintf("%s (%d runs)", b, backends[b])})
	}
	seeds := make([]string, len(p.Seeds))
	for i, seed := range p.Seeds {
		seeds[i] = fmt.Sprint(seed)
	}
	facts = append(
		facts,
		report.Fact{Name: "dtype", Value: "float32"},
		report.Fact{Name: "seeds", Value: "initial weights " + strings.Join(seeds, ", ") + "; points: the authors' (NumPy seed 0)"},
		report.Fact{Name: "XLA_FLAGS", Value: orNone(os.Getenv("XLA_FLAGS"))},
		report.Fact{Name: "training wall time", Value: (time.Duration(wall) * time.Second).String()},
		report.Fact{Name: "compile time", Value: fmt.Sprintf("%.1f s", compile)},
		report.Fact{Name: "peak memory while training", Value: fmt.Sprintf("%.0f MB", peak)},
		report.Fact{Name: "peak memory of this command", Value: fmt.Sprintf("%.0f MB", peakMemoryMB())},
		report.Fact{Name: "sittings", Value: fmt.Sprint(sittings)},
	)
	if !from.Started.IsZero() {
		facts = append(facts, report.Fact{Name: "wall time of this command", Value: time.Since(from.Started).Round(time.Second).String()})
	}
	return facts, nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// gitCommit is the checked-out commit, marked where files differ from it.
func gitCommit() string {
	commit, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown (no git)"
	}
	s := strings.TrimSpace(string(commit))
	if dirty, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output(); err == nil && len(dirty) > 0 {
		sum := sha256.Sum256(dirty)
		diff, err := exec.Command("git", "diff", "HEAD").Output()
		if err == nil {
			sum = sha256.Sum256(diff)
		}
		s += " with changes (diff " + hex.EncodeToString(sum[:6]) + ")"
	}
	return s
}

func fileHash(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}
