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

// checkpointTries is how often a checkpoint whose folder was removed is written again,
// more than there are processes with one run.
const checkpointTries = 100

// Partial is an unfinished run that this process trains.
type Partial struct {
	dir  string
	lock *flock.Flock // nil where there is none

	// State is the last checkpoint; nil where there is none.
	State *train.State
	// WallSeconds and Sittings are those of the sittings before this one.
	WallSeconds float64
	Sittings    int
}

// Begin takes the lock of an unfinished run and reads its checkpoint. A
// checkpoint that can't be read, or that does not match the checksum beside it,
// counts as none: the run then starts over.
func (s *Store) Begin(c Config) (*Partial, error) {
	p, err := s.begin(c.Name())
	if err != nil {
		return nil, err
	}
	return p, p.read()
}

// BeginBeside is Begin without the lock, for a run whose process holds it and gives
// no [Store.Sign] of life any more: it may be stopped, or the lock that of a machine
// that is gone. Should it live after all, both write the same.
func (s *Store) BeginBeside(c Config) (*Partial, error) {
	p := &Partial{dir: filepath.Join(s.dir, "partial", c.Name())}
	return p, p.read()
}

// read reads the checkpoint that a run goes on from.
func (p *Partial) read() error {
	data, err := os.ReadFile(filepath.Join(p.dir, "checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		p.Close()
		return fmt.Errorf("store: %w", err)
	}
	if head, state, err := readCheckpoint(data); err == nil {
		p.State, p.WallSeconds, p.Sittings = state, head.WallSeconds, head.Sittings
	}
	return nil
}

// begin takes the lock of an unfinished run.
func (s *Store) begin(name string) (*Partial, error) {
	dir := filepath.Join(s.dir, "partial", name)
	l, err := lock(dir)
	if errors.Is(err, ErrBusy) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("store: locking %s: %w", name, noRoom(s.dir, err))
	}
	return &Partial{dir: dir, lock: l}, nil
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
	file := filepath.Join(p.dir, "checkpoint")
	err = writeAtomic(file, data)
	// Other processes that trained the run too may end first, and each removes its folder.
	for tries := 0; tries < checkpointTries && errors.Is(err, fs.ErrNotExist); tries++ {
		if err = os.MkdirAll(p.dir, 0o755); err == nil {
			err = writeAtomic(file, data)
		}
	}
	if err != nil {
		return fmt.Errorf("store: writing a checkpoint: %w", err)
	}
	return nil
}

// Close drops the lock; the checkpoint stays.
func (p *Partial) Close() error {
	if p.lock == nil {
		return nil
	}
	return p.lock.Close()
}

// Done drops the lock and the checkpoint, once the record is written: whoever takes
// the lock then finds the record.
func (p *Partial) Done() error {
	err := os.Remove(filepath.Join(p.dir, "checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	// The lock's file is closed before it is removed: NFS would keep it under another
	// name, and the folder with it.
	if cerr := p.Close(); err == nil {
		err = cerr
	}
	// What can't be removed, or is written again by a process that trained the run
	// too, is cleaned up when the store is next opened.
	_ = os.RemoveAll(p.dir)
	return err
}
