// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

func (w *ProcessWorker) logFile(r *Run) string { return filepath.Join(w.Logs, r.Name()+".log") }

// keep writes the log of a run that failed, and returns its error with where
// that is.
func (w *ProcessWorker) keep(r *Run, err error) error {
	if w.Logs == "" {
		return err
	}
	text := fmt.Sprintf("run     %s\nname    %s\nfailed  %s\nwhy     %v\nworker  %s\n\n%s",
		r.Label, r.Name(), time.Now().Format(time.RFC3339), err, strings.Join(w.Command, " "), w.said.String())
	werr := os.MkdirAll(w.Logs, 0o755)
	if werr == nil {
		werr = os.WriteFile(w.logFile(r), []byte(text), 0o644)
	}
	if werr != nil {
		return fmt.Errorf("%w; its log can't be written: %w", err, werr)
	}
	return fmt.Errorf("%w; its log is %s", err, w.logFile(r))
}

// forget removes the log of an earlier failure of a run that is trained now, and
// the folder with its last log.
func (w *ProcessWorker) forget(r *Run) {
	if w.Logs != "" && os.Remove(w.logFile(r)) == nil {
		os.Remove(w.Logs)
	}
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	data []byte
}

// tailBytes hold the stack of a crash with some hundred threads.
const tailBytes = 1 << 20

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, p...)
	if n := len(t.data); n > 2*tailBytes { // not at each write: that would move all of it
		t.data = append([]byte(nil), t.data[n-tailBytes:]...)
	}
	return len(p), nil
}

func (t *tail) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.ToValidUTF8(t.data[max(0, len(t.data)-tailBytes):], nil))
}

// crash matches the first line of what a process says when it crashes: Go's, and
// that of the libraries below XLA.
var crash = regexp.MustCompile(`^(panic: |fatal error: |SIG[A-Z]+: |F[0-9]{4} |terminate called )|Check failed: `)

// lastWords is the line that says best why a process ended: the first of a crash,
// else the last of all.
func (t *tail) lastWords() string {
	words := ""
	for line := range strings.Lines(t.String()) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		words = line
		if crash.MatchString(line) {
			break
		}
	}
	if runes := []rune(words); len(runes) > 200 {
		words = string(runes[:200]) + "…"
	}
	return words
}
