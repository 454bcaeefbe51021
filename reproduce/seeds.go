// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"encoding/json"
	"fmt"

	"pinn.example/repro/reproduce/store"
)

// seedErrors are the errors that runs have in a store, to be compared over seeds.
type seedErrors struct {
	from   *store.Store
	names  map[string][]string  // of the records that differ in the seed alone, by [anySeed]
	errors map[string][]float64 // of the records that were read, by name
}

// newSeedErrors reads the heads of a store's records.
func newSeedErrors(from *store.Store) (*seedErrors, error) {
	heads, err := from.Heads()
	if err != nil {
		return nil, err
	}
	s := &seedErrors{from: from, names: map[string][]string{}, errors: map[string][]float64{}}
	for _, h := range heads {
		of, err := anySeed(h.Name, h.Config)
		if err != nil {
			return nil, err
		}
		s.names[of] = append(s.names[of], h.Name)
	}
	return s, nil
}

// of are the errors of a record's run under all seeds that the store has it under, by
// evaluation.
func (s *seedErrors) of(record *store.Record) ([][]float64, error) {
	values := make([][]float64, len(relErrors(record)))
	of, err := anySeed(record.Name, record.Config)
	if err != nil {
		return nil, err
	}
	for _, name := range s.names[of] {
		errors, ok := s.errors[name]
		if !ok {
			other, err := s.from.Get(name)
			if err != nil {
				return nil, err
			}
			if other != nil {
				errors = relErrors(other)
			}
			s.errors[name] = errors
		}
		if len(errors) != len(values) {
			continue
		}
		for i, rel := range errors {
			values[i] = append(values[i], rel)
		}
	}
	return values, nil
}

// anySeed is a record's configuration but for the seed and, with it, the parent and
// what else was drawn under it.
func anySeed(name string, config json.RawMessage) (string, error) {
	var c store.Config
	if err := json.Unmarshal(config, &c); err != nil {
		return "", fmt.Errorf("reproduce: record %s: %w", name, err)
	}
	if c.Points.Seed == c.Seed {
		c.Points.Seed = 0
	}
	c.Seed, c.Parent = 0, ""
	data, err := c.Canonical()
	return string(data), err
}
