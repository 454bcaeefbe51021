// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Train returns the record of a run: from the run store where it is finished, else
// it trains the run, and what that starts from, with the loss curve and the time left
// shown live. Then it says in one line what came out; the line is the same whether the
// run was trained or found.
//
// Interrupting the cell writes a checkpoint; the next run of the cell goes on from
// there.
func Train(run *reproduce.Run) *store.Record {
	record := Record(run)
	Markdown("%s", outcome(run, record))
	return record
}

// TrainAll is Train for several runs. It shows a line for each.
func TrainAll(runs ...*reproduce.Run) []*store.Record {
	records := make([]*store.Record, len(runs))
	lines := make([]string, len(runs))
	for i, run := range runs {
		records[i] = Record(run)
		lines[i] = "- " + outcome(run, records[i])
	}
	Markdown("%s", strings.Join(lines, "\n"))
	return records
}

// Record is Train without the line that says what came out.
func Record(run *reproduce.Run) *store.Record {
	s := session()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	view := newProgress(run.Label)
	s.Progress = func(_ *reproduce.Run, p train.Progress) { view.update(p) }
	record, err := s.Do(ctx, run)
	for errors.Is(err, store.ErrBusy) && ctx.Err() == nil {
		view.wait()
		record, err = s.Do(ctx, run)
	}
	view.live.clear()
	if reproduce.Interrupted(err) {
		err = fmt.Errorf("interrupted%s; a checkpoint is written: run the cell again to go on from there", view.at())
	}
	Check(err)
	return record
}

// outcome says what came out of a run, in one line of Markdown.
func outcome(run *reproduce.Run, record *store.Record) string {
	parts := []string{fmt.Sprintf("**%s**: %d parameters, %d steps", run.Label, record.Metrics.Parameters, run.Config.Train.Steps)}
	if rows := record.History.Rows; len(rows) > 0 && rows[len(rows)-1].Terms != nil {
		parts = append(parts, fmt.Sprintf("loss %.3g", rows[len(rows)-1].Total()))
	}
	if n := len(record.Metrics.Evaluations); n > 0 {
		var error, trivial float64
		spurious := 0
		for _, e := range record.Metrics.Evaluations {
			error += e.Test.RelL2 / float64(n)
			trivial += e.TrivialTest.RelL2 / float64(n)
			if e.Spurious {
				spurious++
			}
		}
		parts = append(parts, fmt.Sprintf("rel L2 error %.3g (best constant: %.3g)", error, trivial))
		if n > 1 {
			parts[len(parts)-1] += fmt.Sprintf(", mean over %d settings", n)
		}
		if spurious > 0 {
			parts = append(parts, "**spurious**: the equation holds at the training points and not between them")
		}
	}
	return strings.Join(parts, "; ")
}

// Seconds is how long a run trained, on the machine that trained it, without
// compilation.
func Seconds(record *store.Record) time.Duration {
	return time.Duration((record.Manifest.WallSeconds - record.Manifest.CompileSeconds) * float64(time.Second))
}
