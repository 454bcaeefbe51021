// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"pinn.example/repro/train"
)

// Partial is an unfinished run that this process holds the lock of.
type Partial struct {
	dir  string
	lock *flock.Flock

	// State is the last checkpoint; nil where there is none.
	State *train.State
	// WallSeconds and Sittings are those of the sittings before this one.
	WallSeconds float64
	Sittings    int
}

// ErrBusy is what Begin returns while another process trains the run.
var ErrBusy = errors.New("store: another process is training this run")

// Begin takes the lock of an unfinished run and reads its checkpoint. A
// checkpoint that can't be read, or that does not match the checksum beside it,
// counts as none: the run then starts over.
func (s *Store) Begin(c Config) (*Partial, error) {
	p, err := s.begin(c.Name())
	if err != nil {
		return nil, err
	}
	// Under the lock nobody else writes here: what is half written was left by a
	// process that was killed.
	if left, err := filepath.Glob(filepath.Join(p.dir, ".new-*")); err == nil {
		for _, file := range left {
			os.Remove(file)
		}
	}
	data, err := os.ReadFile(filepath.Join(p.dir, "checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		p.lock.Close()
		return nil, fmt.Errorf("store: %w", err)
	}
	if head, state, err := readCheckpoint(data); err == nil {
		p.State, p.WallSeconds, p.Sittings = state, head.WallSeconds, head.Sittings
	}
	return p, nil
}

// begin takes the lock of an unfinished run.
func (s *Store) begin(name string) (*Partial, error) {
	dir := filepath.Join(s.dir, "partial", name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("store: %w", noRoom(s.dir, err))
	}
	// The operating system drops the lock with the process, however that ends.
	p := &Partial{dir: dir, lock: flock.New(filepath.Join(dir, "lock"))}
	ok, err := p.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("store: locking %s: %w", name, noRoom(s.dir, err))
	}
	if !ok {
		return nil, ErrBusy
	}
	return p, nil
}

// readCheckpoint returns what Checkpoint wrote, or an error where it is damaged.
func readCheckpoint(data []byte) (checkpointHead, *train.State, error) {
	var head checkpointHead
	line, body, ok := bytes.Cut(data, []byte("\n"))
	if !ok || json.Unmarshal(line, &head) != nil {
		return head, nil, errors.New("the line of its checksum can't be read")
	}
	if head.sum(body) != head.SHA256 {
		return head, nil, errors.New("it does not match its checksum")
	}
	state, err := train.DecodeState(body)
	return head, &state, err
}

// checkpointHead is the first line of a checkpoint, before the state.
type checkpointHead struct {
	SHA256      string  `json:"sha256"`
	WallSeconds float64 `json:"wall_s"`
	Sittings    int     `json:"sittings"`
}

// sum is the checksum of a checkpoint: of the times in its head and of its state.
func (h checkpointHead) sum(body []byte) string {
	return hash(append(fmt.Appendf(nil, "%g %d\n", h.WallSeconds, h.Sittings), body...))
}

// Checkpoint replaces the run's checkpoint. wall is the time of this sitting so
// far, in seconds.
func (p *Partial) Checkpoint(state train.State, dtype string, wall float64) error {
	var body bytes.Buffer
	if err := state.Encode(&body, dtype); err != nil {
		return err
	}
	head := checkpointHead{WallSeconds: p.WallSeconds + wall, Sittings: p.Sittings + 1}
	head.SHA256 = head.sum(body.Bytes())
	line, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	data := append(append(line, '\n'), body.Bytes()...)
	if err := writeAtomic(filepath.Join(p.dir, "checkpoint"), data); err != nil {
		return fmt.Errorf("store: writing a checkpoint: %w", err)
	}
	return nil
}

// Close drops the lock; the checkpoint stays.
func (p *Partial) Close() error { return p.lock.Close() }

// Done drops the lock and the checkpoint, once the record is written.
func (p *Partial) Done() error {
	err := os.RemoveAll(p.dir)
	if cerr := p.lock.Close(); err == nil {
		err = cerr
	}
	return err
}
