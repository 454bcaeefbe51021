// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import "github.com/gofrs/flock"

// WithoutLocks has the file system say of every lock what err says, until the function
// that it returns is called.
func WithoutLocks(err error) (restore func()) {
	was := tryLock
	tryLock = func(*flock.Flock) (bool, error) { return false, err }
	return func() { tryLock = was }
}
