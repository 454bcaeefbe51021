// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pinn.example/repro/reproduce/store"
)

// Difference is a field of config.json in which a run differs from a record.
// Fields of what it starts from begin with "parent.".
type Difference struct {
	Field string `json:"field"`
	// Was is the record's value and Is the run's, as JSON; empty for no such field.
	Was string `json:"was,omitempty"`
	Is  string `json:"is,omitempty"`
}

// String is such as "train.steps 40 → 20000".
func (d Difference) String() string {
	return fmt.Sprintf("%s %s → %s", d.Field, shown(d.Was), shown(d.Is))
}

// shown shortens a value to what fits in a line: a long one to its ends.
func shown(value string) string {
	const most, ends = 32, 14
	text := []rune(strings.Trim(value, `"`))
	switch {
	case len(text) == 0:
		return "none"
	case len(text) > most:
		return string(text[:ends]) + "…" + string(text[len(text)-ends:])
	}
	return string(text)
}

// identity reports whether the field says which query is asked for, and not how
// it is answered.
func (d Difference) identity() bool { return d.Field == "mus" || d.Field == "seed" }

// neighbours finds the record that is nearest to a run.
type neighbours struct {
	configs map[string]fields   // of records and planned runs, by name
	records map[string][]string // names by method, in order
}

// fields are the leaves of a config.json by their dotted names.
type fields map[string]string

func newNeighbours(heads []store.Head, runs []*Run) (*neighbours, error) {
	n := &neighbours{configs: map[string]fields{}, records: map[string][]string{}}
	for _, h := range heads {
		f, err := fieldsOf(h.Config)
		if err != nil {
			return nil, fmt.Errorf("reproduce: record %s: %w", h.Name, err)
		}
		n.configs[h.Name] = f
		n.records[f["method"]] = append(n.records[f["method"]], h.Name)
	}
	for _, r := range runs {
		config, err := r.Config.Canonical()
		if err != nil {
			return nil, err
		}
		if n.configs[r.Name()], err = fieldsOf(config); err != nil {
			return nil, err
		}
	}
	// What a run starts from says more than its name.
	expanded := map[string]fields{}
	for name, f := range n.configs {
		expanded[name] = n.expand(f)
	}
	n.configs = expanded
	return n, nil
}

// expand replaces the name of a parent that is known by the parent's fields.
func (n *neighbours) expand(f fields) fields {
	parent, ok := n.configs[strings.Trim(f["parent"], `"`)]
	if !ok {
		return f
	}
	f = maps.Clone(f)
	delete(f, "parent")
	for field, value := range n.expand(parent) {
		f["parent."+field] = value
	}
	return f
}

// of returns the record of the same method that differs from r in the fewest
// fields, and these; of several, the one that answers the same query.
func (n *neighbours) of(r *Run) (name string, differs []Difference) {
	own := n.configs[r.Name()]
	asksOther := func(differs []Difference) int {
		if slices.ContainsFunc(differs, Difference.identity) {
			return 1
		}
		return 0
	}
	for _, record := range n.records[own["method"]] {
		d := differences(n.configs[record], own)
		if name == "" || len(d) < len(differs) || len(d) == len(differs) && asksOther(d) < asksOther(differs) {
			name, differs = record, d
		}
	}
	return name, differs
}

func differences(was, is fields) []Difference {
	var differs []Difference
	for field, value := range is {
		if was[field] != value {
			differs = append(differs, Difference{field, was[field], value})
		}
	}
	for field, value := range was {
		if _, ok := is[field]; !ok {
			differs = append(differs, Difference{field, value, ""})
		}
	}
	// What a run starts from has its seed: once is enough.
	differs = slices.DeleteFunc(differs, func(d Difference) bool {
		own, ok := strings.CutPrefix(d.Field, "parent.")
		return ok && own == "seed" && was[own] == d.Was && is[own] == d.Is
	})
	slices.SortFunc(differs, func(a, b Difference) int { return strings.Compare(a.Field, b.Field) })
	return differs
}

// fieldsOf flattens a config.json; a list is one field.
func fieldsOf(config []byte) (fields, error) {
	decoder := json.NewDecoder(bytes.NewReader(config))
	decoder.UseNumber() // numbers stay as they are spelt
	var m map[string]any
	if err := decoder.Decode(&m); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	f := fields{}
	var add func(prefix string, m map[string]any) error
	add = func(prefix string, m map[string]any) error {
		for name, value := range m {
			if inner, ok := value.(map[string]any); ok {
				if err := add(prefix+name+".", inner); err != nil {
					return err
				}
				continue
			}
			leaf, err := json.Marshal(value)
			if err != nil {
				return fmt.Errorf("config.json: %w", err)
			}
			f[prefix+name] = string(leaf)
		}
		return nil
	}
	return f, add("", m)
}
