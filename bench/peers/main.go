// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command peers times a training step of the HyperPINN on Burgers' equation, at the
// paper's sizes, beside the same step written in PyTorch and in JAX: 32 ν of 64
// collocation points, drawn anew at every step by each framework's own generator,
// 100 data points at each ν, and Adam. Each of the two has a row as a first version
// would be, with nested reverse mode for u_t, u_x and u_xx, and one with the fastest
// of its own ways that we found. A row is refused before it is timed where its
// answer is not ours from the same weights, ν and points: in float64 its loss,
// gradient or three steps of Adam, by more than 1e-10 of an array's largest entry;
// in float32, which is timed, its loss or gradient, by more than 1e-5. Then the rows
// take turns, so that what else the machine does meets all of them alike; quote the
// ratios. `make bench-peers` makes the Python environment in .tools/peers (Linux on
// x86-64, Python 3.11 to 3.13; a download of 2.5 GB, since PyPI's PyTorch loads CUDA's
// libraries even where there is no GPU), binds all to the same two processors
// (PEERS_CPUS=0 for one), and runs
//
//	peers -rounds 10
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/gomlx/compute"

	"pinn.example/repro/backend"
	"pinn.example/repro/train"
)

// Limits of a row's deviation from our answer in float64.
const (
	tolerance64 = 1e-10
	tolerance32 = 1e-5 // of terms and gradients: Adam's quotients magnify rounding where a gradient is small
)

// The rows beside ours: a script of this folder, and which of its variants.
var peers = []struct{ name, script, variant string }{
	{"PyTorch, nested grad", "torch_peer.py", "nested"},
	{"PyTorch, torch.func, compiled", "torch_peer.py", "compiled"},
	{"JAX, nested grad", "jax_peer.py", "nested"},
	{"JAX, jvp of grad, scan", "jax_peer.py", "forward"},
}

func main() {
	python := flag.String("python", ".tools/peers/bin/python", "interpreter that has bench/peers/requirements.txt")
	scripts := flag.String("scripts", filepath.Join("bench", "peers"), "folder of the peers' scripts")
	rounds := flag.Int("rounds", 10, "turns that each row takes")
	seconds := flag.Float64("seconds", 2, "length of a turn, about")
	out := flag.String("o", filepath.Join("out", "peers.json"), "file for the timings")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *python, *scripts, *rounds, *seconds, *out); err != nil {
		fmt.Fprintf(os.Stderr, "peers: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, python, scripts string, rounds int, seconds float64, out string) error {
	if rounds < 1 || !(seconds > 0) {
		return fmt.Errorf("%d rounds of %g s; give at least one of a positive length", rounds, seconds)
	}
	b, err := backend.Open("")
	if err != nil {
		return err
	}
	defer b.Finalize()
	p, err := burgers(32, 64)
	if err != nil {
		return err
	}
	task := p.Task()
	scratch, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	t := newTwin(task)
	c := checker{inputs: t.inputs(), scratch: scratch, scripts: scripts, python: python}
	if c.want, err = t.answer(b.Compute, "float64"); err != nil {
		return err
	}

	r := report{Backend: b.Info.String(), CPU: b.Info.CPU, Threads: runtime.NumCPU()}
	ours, err := c.ours(ctx, b.Compute, task, t)
	if err != nil {
		return fmt.Errorf("ours: %w", err)
	}
	defer ours.close()
	r.Rows = append(r.Rows, ours)
	for _, p := range peers {
		fmt.Fprintf(os.Stderr, "peers: checking %s\n", p.name)
		row, err := c.peer(ctx, p.script, p.variant)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		row.Name = p.name
		if err != nil {
			row.Refused = err.Error()
		} else {
			defer row.close()
		}
		r.Rows = append(r.Rows, row)
	}
	if err := r.time(ctx, rounds, seconds); err != nil {
		return err
	}
	r.summarise()
	fmt.Print(r)
	if err := r.save(out); err != nil {
		return err
	}
	if i := slices.IndexFunc(r.Rows, func(row *row) bool { return row.Refused != "" }); i >= 0 {
		return fmt.Errorf("%s was refused: %s", r.Rows[i].Name, r.Rows[i].Refused)
	}
	return nil
}

// checker holds rows against our answer.
type checker struct {
	inputs, want             map[string]train.Array
	scratch, scripts, python string
}

// check notes how far an answer is from ours, or returns why the row is refused.
func (c checker) check(r *row, dtype string, got map[string]train.Array) error {
	want, tolerance := c.want, tolerance64
	if dtype == "float32" {
		want, tolerance = maps.Clone(want), tolerance32
		maps.DeleteFunc(want, func(name string, _ train.Array) bool { return strings.HasPrefix(name, "stepped/") })
	}
	where, most := deviation(got, want)
	if !(most <= tolerance) {
		return fmt.Errorf("%s differs in %s by %.2g of its largest entry; at most %g is let through", where, dtype, most, tolerance)
	}
	if r.Deviation == nil {
		r.Deviation = map[string]float64{}
	}
	r.Deviation[dtype] = most
	return nil
}

// ours is the row of package train: its float64 is what the others are held against.
func (c checker) ours(ctx context.Context, b compute.Backend, task train.Task, tw twin) (*row, error) {
	r := &row{Name: "ours", Version: "GoMLX"}
	got, err := tw.gradient(b, "float32")
	if err == nil {
		err = c.check(r, "float32", got)
	}
	if err != nil {
		return nil, err
	}
	const last = 1 << 30
	t, err := train.NewTrainer(b, task, train.Settings{Steps: last, LearningRate: learningRate, HistoryEvery: last})
	if err != nil {
		return nil, err
	}
	tasks, states := []train.Task{task}, []train.State{train.Initial(task)}
	r.run = func(n int) (err error) {
		states[0].Steps, states[0].History = last-n, train.History{}
		states, err = t.Run(ctx, tasks, states, train.Options{})
		return err
	}
	r.close = t.Finalize
	return r, nil
}

// peer checks a peer in both types, and leaves it open in float32. It returns a row
// in any case.
func (c checker) peer(ctx context.Context, script, variant string) (*row, error) {
	r := &row{}
	for _, dtype := range []string{"float64", "float32"} {
		given, found := filepath.Join(c.scratch, "twin.npz"), filepath.Join(c.scratch, "answer.npz")
		f, err := os.Create(given)
		if err == nil {
			err = errors.Join(train.WriteNPZ(f, c.inputs, dtype), f.Close())
		}
		if err != nil {
			return r, err
		}
		p, err := startPeer(ctx, c.python, filepath.Join(c.scripts, script), variant, given, found)
		if err != nil {
			return r, err
		}
		data, err := os.ReadFile(found)
		var got map[string]train.Array
		if err == nil {
			got, err = train.ReadNPZ(data)
		}
		if err == nil {
			err = c.check(r, dtype, got)
		}
		if err != nil || dtype == "float64" {
			p.close()
		}
		if err != nil {
			return r, err
		}
		r.Version, r.run, r.close = p.version, p.steps, p.close
	}
	return r, nil
}
