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

// process is a peer that has answered and waits for its turns: it is sent a number
// of steps on a line, and answers with a line when they are done.
type process struct {
	version string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	errors  bytes.Buffer
}

// startPeer starts a script on the inputs in the file given, and returns when its
// answer lies in the file found.
func startPeer(ctx context.Context, python, script, variant, given, found string) (*process, error) {
	p := &process{command: exec.CommandContext(ctx, python, script, variant, given, found)}
	p.command.Stderr = &p.errors
	p.command.Env = append(
		os.Environ(),
		fmt.Sprintf("OMP_NUM_THREADS=%d", runtime.NumCPU()),
		"TORCHINDUCTOR_CACHE_DIR="+filepath.Join(filepath.Dir(given), "inductor"), // every compilation is cold
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
	if p.version, err = p.line(); err != nil {
		return nil, err
	}
	return p, nil
}

// line reads a line of the peer's output. Where there is none it returns the last
// line of what the peer complained of.
func (p *process) line() (string, error) {
	if p.out.Scan() {
		return p.out.Text(), nil
	}
	p.close()
	lines := strings.Split(strings.TrimSpace(p.errors.String()), "\n")
	return "", fmt.Errorf("%s ended: %s", filepath.Base(p.command.Args[1]), lines[len(lines)-1])
}

func (p *process) steps(n int) error {
	if _, err := fmt.Fprintln(p.in, n); err != nil {
		return err
	}
	_, err := p.line()
	return err
}

// close ends the peer.
func (p *process) close() {
	_ = p.in.Close()
	_ = p.command.Wait() // a peer that has failed has said so
}
