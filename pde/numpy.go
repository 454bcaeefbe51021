// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

// numpyRandom is NumPy's legacy generator, numpy.random.RandomState: the
// Mersenne Twister MT19937 of Matsumoto and Nishimura (ACM TOMACS 8, 1998).
// NumPy has frozen its output (NEP 19), so the points that the authors drew
// with NumPy 1.22 can be drawn again here.
type numpyRandom struct {
	key      [mtWords]uint32
	position int
}

const (
	mtWords = 624 // words of state
	mtShift = 397 // distance of the recurrence
)

// newNumpyRandom is numpy.random.seed(seed): Knuth's initialisation, as in the
// 2002 version of MT19937 (TAOCP vol. 2, 3rd ed., p. 106, for the multiplier).
func newNumpyRandom(seed uint32) *numpyRandom {
	r := &numpyRandom{position: mtWords}
	r.key[0] = seed
	for i := 1; i < mtWords; i++ {
		r.key[i] = 1812433253*(r.key[i-1]^r.key[i-1]>>30) + uint32(i)
	}
	return r
}

// uint32 returns the next 32 random bits.
func (r *numpyRandom) uint32() uint32 {
	if r.position == mtWords {
		r.twist()
	}
	y := r.key[r.position]
	r.position++
	// Tempering.
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// twist makes the next 624 words: the high bit of one word and the low bits of
// the next, times a matrix over GF(2).
func (r *numpyRandom) twist() {
	for i := range mtWords {
		y := r.key[i]&0x80000000 | r.key[(i+1)%mtWords]&0x7fffffff
		next := r.key[(i+mtShift)%mtWords] ^ y>>1
		if y&1 == 1 {
			next ^= 0x9908b0df
		}
		r.key[i] = next
	}
	r.position = 0
}

// upTo returns an integer of [0, most]: bits under the smallest covering mask,
// drawn again while they are too large (NumPy's random_interval).
func (r *numpyRandom) upTo(most uint32) uint32 {
	mask := most
	for shift := 1; shift < 32; shift *= 2 {
		mask |= mask >> shift
	}
	for {
		if v := r.uint32() & mask; v <= most {
			return v
		}
	}
}

// choice is numpy.random.choice(n, k, replace=False) for k ≤ n < 2³²: the first
// k of a permutation, shuffled from the end (Fisher and Yates). It always
// shuffles all n, so the state it leaves does not depend on k.
func (r *numpyRandom) choice(n, k int) []int {
	index := make([]int, n)
	for i := range index {
		index[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := r.upTo(uint32(i))
		index[i], index[j] = index[j], index[i]
	}
	return index[:k]
}
