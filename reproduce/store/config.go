// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// Config is everything that decides a run's outcome, the machine apart. Its hash
// is the run's name.
type Config struct {
	// Method is the kind of run, such as "hyper-lr-pinn/phase1".
	Method string `json:"method"`
	// Version of the code that runs the method; it is raised by hand when
	// results change.
	Version int `json:"version"`
	// Problem is the problem's ID.
	Problem string `json:"problem"`
	// Mus are the parameter settings that are trained on.
	Mus [][]float64 `json:"mus"`
	// Points says which points are drawn.
	Points pde.Sample `json:"points"`
	// Setup holds what else decides the loss, as a JSON-encodable struct; nil where
	// problem and points are all.
	Setup any `json:"setup,omitempty"`
	// Model holds the method's own settings, as a JSON-encodable struct.
	Model any `json:"model,omitempty"`
	// Train holds the optimizer's settings, defaults filled in.
	Train train.Settings `json:"train"`
	// Seed of the random streams.
	Seed int64 `json:"seed"`
	// Parent is the name of the run that this one starts from.
	Parent string `json:"parent,omitempty"`
	// Graph is the hash of the loss's own graph, for a problem or model that
	// lives outside this module; see train.GraphHash.
	Graph string `json:"graph,omitempty"`
}

// Canonical returns the bytes that the name is the hash of: JSON with sorted
// keys.
func (c Config) Canonical() ([]byte, error) {
	c.Train = c.Train.WithDefaults()
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("store: encoding a run's configuration: %w", err)
	}
	sortKeys(data)
	return data, nil
}

// sortKeys sorts the keys of the value that compact JSON begins with, and of all
// objects in it, in place, and returns the value's length. Numbers stay as they are
// spelt: a float64 would merge seeds beyond 2⁵³. (Decoding into a map and encoding
// that once more gives the same bytes in three times the time.)
func sortKeys(data []byte) int {
	i := 1
	switch data[0] {
	case '{':
		type member struct{ key, whole []byte }
		members := make([]member, 0, 16)
		for data[i] != '}' {
			start := i
			i += sortKeys(data[i:])
			key := data[start:i]
			i++ // the colon
			i += sortKeys(data[i:])
			members = append(members, member{key, data[start:i]})
			if data[i] == ',' {
				i++
			}
		}
		byKey := func(a, b member) int { return bytes.Compare(a.key[1:len(a.key)-1], b.key[1:len(b.key)-1]) }
		if !slices.IsSortedFunc(members, byKey) {
			slices.SortFunc(members, byKey)
			sorted := make([]byte, 0, i)
			for _, m := range members {
				sorted = append(append(sorted, m.whole...), ',')
			}
			copy(data[1:i], sorted[:len(sorted)-1])
		}
		return i + 1
	case '[':
		for data[i] != ']' {
			i += sortKeys(data[i:])
			if data[i] == ',' {
				i++
			}
		}
		return i + 1
	case '"':
		for ; data[i] != '"'; i++ {
			if data[i] == '\\' {
				i++ // of an escape
			}
		}
		return i + 1
	}
	for i < len(data) && data[i] != ',' && data[i] != '}' && data[i] != ']' {
		i++ // a number, true, false or null
	}
	return i
}

// Name returns the run's name: its method and 16 hex digits. It panics where the
// configuration holds a number that JSON can't (NaN), which [pde.Problem.Check]
// has refused before.
func (c Config) Name() string {
	data, err := c.Canonical()
	if err != nil {
		panic(err)
	}
	return nameOf(c.Method, data)
}

// nameOf makes a run's name from its method and its canonical configuration.
func nameOf(method string, canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return strings.ReplaceAll(method, "/", "-") + "-" + hex.EncodeToString(sum[:8])
}
