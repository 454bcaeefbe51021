// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// process is a row's program that has answered and waits for its turns: it is sent a number
// of steps on a line, and answers with a line when they are done.
type process struct {
	version string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	errors  bytes.Buffer
}

// ready begins the line that says that a process has answered; its version follows.
const ready = "ready "

// startProcess starts a row's program, and returns when its answer lies in its file.
func startProcess(ctx context.Context, scratch string, command ...string) (*process, error) {
	p := &process{command: exec.CommandContext(ctx, command[0], command[1:]...)}
	p.command.Stderr = &p.errors
	p.command.Env = append(
		os.Environ(),
		fmt.Sprintf("OMP_NUM_THREADS=%d", runtime.NumCPU()),
		"TORCHINDUCTOR_CACHE_DIR="+filepath.Join(scratch, "inductor"), // every compilation is cold
	)
	in, err := p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewScanner(out)
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("%w; make bench-peers sets it up", err)
	}
	for { // a framework may greet first
		line, err := p.line()
		if err != nil {
			return nil, err
		}
		var ok bool
		if p.version, ok = strings.CutPrefix(line, ready); ok {
			return p, nil
		}
	}
}

// line reads a line of the peer's output. Where there is none it returns the last
// line of what the peer complained of.
func (p *process) line() (string, error) {
	if p.out.Scan() {
		return p.out.Text(), nil
	}
	p.close()
	lines := strings.Split(strings.TrimSpace(p.errors.String()), "\n")
	return "", fmt.Errorf("%s ended: %s", filepath.Base(p.command.Args[min(1, len(p.command.Args)-1)]), lines[len(lines)-1])
}

func (p *process) steps(n int) error {
	if _, err := fmt.Fprintln(p.in, n); err != nil {
		return err
	}
	_, err := p.line()
	return err
}

// peakMB is the most memory that the process has had so far, 0 where the system
// doesn't say.
func (p *process) peakMB() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kB); n == 1 {
			return kB / 1024
		}
	}
	return 0
}

// close ends the process.
func (p *process) close() {
	_ = p.in.Close()
	_ = p.command.Wait() // a peer that has failed has said so
}
