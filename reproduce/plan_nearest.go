// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pinn.example/repro/reproduce/store"
)

// neighbours finds the record that is nearest to a run.
type neighbours struct {
	planned map[string]*Run        // by name
	configs map[string]fields      // of records, and of runs that were looked at, by name
	records map[string][]neighbour // by method, in order
	numbers map[string]int         // of the names and values of fields
}

// neighbour is a record.
type neighbour struct {
	name   string
	fields fields
	leaves []leaf
}

// leaf is a field by the numbers of its name and of its value, so that thousands
// of runs can be compared with thousands of records.
type leaf struct{ field, value int }

// Numbers of the fields that apart knows.
const (
	seedNumber = 1 + iota
	parentSeedNumber
	musNumber
)

func newNeighbours(heads []store.Head, runs []*Run) (*neighbours, error) {
	n := &neighbours{
		planned: map[string]*Run{}, configs: map[string]fields{}, records: map[string][]neighbour{},
		numbers: map[string]int{"seed": seedNumber, "parent.seed": parentSeedNumber, "mus": musNumber},
	}
	for _, h := range heads {
		f, err := fieldsOf(h.Config)
		if err != nil {
			return nil, fmt.Errorf("reproduce: record %s: %w", h.Name, err)
		}
		n.configs[h.Name] = f
	}
	for _, r := range runs {
		n.planned[r.Name()] = r
	}
	for _, h := range heads {
		f, err := n.expand(n.configs[h.Name])
		if err != nil {
			return nil, err
		}
		method := strings.Trim(f["method"], `"`)
		n.records[method] = append(n.records[method], neighbour{h.Name, f, n.leaves(f)})
	}
	return n, nil
}

// config returns the fields of a record or of a planned run; nil for another name.
func (n *neighbours) config(name string) (fields, error) {
	f, ok := n.configs[name]
	r := n.planned[name]
	if ok || r == nil {
		return f, nil
	}
	config, err := r.Config.Canonical()
	if err != nil {
		return nil, fmt.Errorf("reproduce: the configuration of %s: %w", r.Label, err)
	}
	if f, err = fieldsOf(config); err != nil {
		return nil, fmt.Errorf("reproduce: %s: %w", r.Label, err)
	}
	n.configs[name] = f
	return f, nil
}

// expand replaces the name of a parent that is known by the parent's fields: what
// a run starts from says more than its name.
func (n *neighbours) expand(f fields) (fields, error) {
	parent, err := n.config(strings.Trim(f["parent"], `"`))
	if err != nil || parent == nil {
		return f, err
	}
	if parent, err = n.expand(parent); err != nil {
		return nil, err
	}
	f = maps.Clone(f)
	delete(f, "parent")
	for field, value := range parent {
		f["parent."+field] = value
	}
	return f, nil
}

// leaves are fields as numbers, in the order of those of their names.
func (n *neighbours) leaves(f fields) []leaf {
	leaves := make([]leaf, 0, len(f))
	for field, value := range f {
		leaves = append(leaves, leaf{n.number(field), n.number(value)})
	}
	slices.SortFunc(leaves, func(a, b leaf) int { return a.field - b.field })
	return leaves
}

// number is the number of a name or value, from 1.
func (n *neighbours) number(s string) int {
	number, ok := n.numbers[s]
	if !ok {
		number = len(n.numbers) + 1
		n.numbers[s] = number
	}
	return number
}

// of returns the record of the same method that differs from r in the fewest
// fields, and these; of several, the one that answers the same query.
func (n *neighbours) of(r *Run) (name string, differs []Difference, err error) {
	records := n.records[r.Config.Method]
	if len(records) == 0 {
		return "", nil, nil
	}
	own, err := n.config(r.Name())
	if err != nil {
		return "", nil, err
	}
	if own, err = n.expand(own); err != nil {
		return "", nil, err
	}
	leaves := n.leaves(own)
	nearest, least := 0, apart(records[0].leaves, leaves)
	for i, record := range records[1:] {
		if d := apart(record.leaves, leaves); d < least {
			nearest, least = i+1, d
		}
	}
	return records[nearest].name, differences(records[nearest].fields, own), nil
}

// apart is twice the number of [differences], and one more where the query is
// another.
func apart(was, is []leaf) int {
	var own, parent [2]int // was and is, 0 for no such field
	count, identity := 0, 0
	for len(was) > 0 || len(is) > 0 {
		var field, w, i int
		if len(is) == 0 || len(was) > 0 && was[0].field <= is[0].field {
			field, w = was[0].field, was[0].value
		}
		if len(was) == 0 || len(is) > 0 && is[0].field <= was[0].field {
			field, i = is[0].field, is[0].value
		}
		if w != 0 {
			was = was[1:]
		}
		if i != 0 {
			is = is[1:]
		}
		if w == i {
			continue
		}
		count++
		switch field {
		case seedNumber:
			own, identity = [2]int{w, i}, 1
		case parentSeedNumber:
			parent = [2]int{w, i}
		case musNumber:
			identity = 1
		}
	}
	if parent == own && parent != [2]int{} {
		count-- // once is enough, see differences
	}
	return 2*count + identity
}
