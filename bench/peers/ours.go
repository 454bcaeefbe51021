// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"pinn.example/repro/backend"
	"pinn.example/repro/train"
)

// serveOurs is our row. It runs in a process like the peers' and talks like them, so
// that its memory is counted as theirs: its answer goes to the file found, its version
// and the end of each turn to out.
func serveOurs(ctx context.Context, s step, found string, in io.Reader, out io.Writer) error {
	b, err := backend.Open("")
	if err != nil {
		return err
	}
	defer b.Finalize()
	t, err := newTwin(s, b.Compute)
	if err != nil {
		return err
	}
	answer, err := t.gradient(b.Compute, "float32")
	if err != nil {
		return err
	}
	if err := writeNPZ(found, answer, "float32"); err != nil {
		return err
	}
	fmt.Fprintln(out, ready+"GoMLX")

	task, err := s.task(b.Compute)
	if err != nil {
		return err
	}
	const last = 1 << 30
	trainer, err := train.NewTrainer(b.Compute, task, train.Settings{Steps: last, LearningRate: s.rate, HistoryEvery: last})
	if err != nil {
		return err
	}
	defer trainer.Finalize()
	states := []train.State{train.Initial(task)}
	turns := bufio.NewScanner(in)
	for turns.Scan() {
		n, err := strconv.Atoi(turns.Text())
		if err != nil {
			return fmt.Errorf("a turn of %q steps", turns.Text())
		}
		states[0].Steps, states[0].History = last-n, train.History{}
		if states, err = trainer.Run(ctx, []train.Task{task}, states, train.Options{}); err != nil {
			return err
		}
		fmt.Fprintln(out, "done")
	}
	return turns.Err()
}

func writeNPZ(path string, arrays map[string]train.Array, dtype string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(train.WriteNPZ(f, arrays, dtype), f.Close())
}

func readNPZ(path string) (map[string]train.Array, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return train.ReadNPZ(data)
}
