// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"errors"
	"fmt"
	"syscall"
)

// FullError says that what was to be written found no room: the disk is full, or
// a quota or a limit of size is reached. Records and checkpoints that are there
// stay as they are.
type FullError struct {
	Dir string
	Err error
}

func (e *FullError) Error() string {
	return fmt.Sprintf("no room in %s: %v; free some space, then the same command goes on from the last checkpoint", e.Dir, reason(e.Err))
}

func (e *FullError) Unwrap() error { return e.Err }

// noRoom turns the errors of a full disk into a *FullError and leaves others.
func noRoom(dir string, err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return &FullError{dir, err}
		}
	}
	return err
}
