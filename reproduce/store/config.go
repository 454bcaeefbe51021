// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
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
	// Once through a map: keys sorted, whatever the order of the struct's fields.
	// Numbers stay as they are spelt: a float64 would merge seeds beyond 2⁵³.
	var m map[string]any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&m); err != nil {
		return nil, fmt.Errorf("store: encoding a run's configuration: %w", err)
	}
	return json.Marshal(m)
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
