// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"
)

// ErrBusy is what Begin returns while another process trains the run.
var ErrBusy = errors.New("store: another process is training this run")

// tryLock takes a lock or says at once that it is taken. A variable for the tests.
var tryLock = (*flock.Flock).TryLock

// lock takes the lock of the run that dir is the folder of, ErrBusy where another
// process has it. The lock is nil on a file system without locks: it saves work, and
// nothing rests on it (see the package's doc).
func lock(dir string) (*flock.Flock, error) {
	path := filepath.Join(dir, "lock")
	for range 100 {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		// Open for writing: an exclusive lock on NFS needs it.
		l := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
		ok, err := tryLock(l)
		switch {
		case errors.Is(err, os.ErrNotExist): // the folder was removed just now: the run is done
			continue
		case noLocks(err):
			return nil, nil
		case err != nil:
			return nil, err
		case !ok:
			return nil, ErrBusy
		}
		// Whoever had it before may have removed it with the folder: then another
		// process finds no lock, and makes its own.
		mine, err := l.Stat()
		if err == nil {
			var there os.FileInfo
			if there, err = os.Stat(path); err == nil && os.SameFile(mine, there) {
				return l, nil
			}
		}
		l.Close()
		if err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ESTALE) {
			return nil, err
		}
	}
	return nil, ErrBusy
}

// noLocks reports whether an error says that a file system has no locks.
func noLocks(err error) bool {
	for _, none := range []error{syscall.ENOSYS, syscall.EOPNOTSUPP, syscall.ENOTSUP, syscall.ENOLCK} {
		if errors.Is(err, none) {
			return true
		}
	}
	return false
}

// Sign is a sign of life of the process that trains a run: another one after each of
// its checkpoints. Signs are only compared with each other, never with a clock.
func (s *Store) Sign(name string) string {
	sign := ""
	for _, file := range []string{"lock", "checkpoint"} {
		if info, err := os.Stat(filepath.Join(s.dir, "partial", name, file)); err == nil {
			sign += fmt.Sprintf("%s %d %d\n", file, info.Size(), info.ModTime().UnixNano())
		}
	}
	return sign
}
