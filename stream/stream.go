// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package stream makes random draws functions of what they are for.
//
// A draw is f(seed, role, layer, step), never of the order in which a program
// happens to ask: two runs that differ in length, precision or method start
// from the same numbers, 10,000 steps are a prefix of 20,000, and a resumed run
// needs no stored generator.
//
//	r := stream.New(1, "weights", 2, 0) // the weights of layer 2 under seed 1
//	x := r.NormFloat64()
package stream

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// New returns the generator of one purpose. role is a word for what is drawn
// ("collocation", "weights", "batch"); layer and step tell draws of one role
// apart and are 0 where they have no meaning.
//
// The generator is ChaCha8 (math/rand/v2, whose output is fixed by the Go
// compatibility promise), seeded by the SHA-256 of the key. Generators of
// different keys are independent for every practical purpose, neighbouring
// seeds included.
func New(seed int64, role string, layer, step int) *rand.Rand {
	return rand.New(rand.NewChaCha8(sha256.Sum256([]byte(key(seed, role, layer, step)))))
}

// key spells the purpose. The role is quoted, so that no two purposes share a
// spelling; the version is raised if the spelling ever changes.
func key(seed int64, role string, layer, step int) string {
	return fmt.Sprintf("stream/1 seed=%d role=%q layer=%d step=%d", seed, role, layer, step)
}

// Key returns the key of a counter-based generator for one purpose, for draws
// that a device makes at every step.
func Key(seed int64, role string) [2]uint32 {
	sum := sha256.Sum256([]byte(key(seed, role, 0, 0)))
	return [2]uint32{binary.BigEndian.Uint32(sum[:]), binary.BigEndian.Uint32(sum[4:])}
}
