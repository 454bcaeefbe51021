// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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

// fields are the leaves of a config.json by their dotted names.
type fields map[string]string

// differences are in the order of their fields' names.
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

// fieldsOf flattens a config.json; a list is one field. Numbers stay as they are
// spelt.
func fieldsOf(config []byte) (fields, error) {
	f := fields{}
	return f, f.add("", config)
}

func (f fields) add(prefix string, object []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return fmt.Errorf("config.json: %w", err)
	}
	for name, value := range members {
		if value[0] != '{' {
			f[prefix+name] = string(value)
		} else if err := f.add(prefix+name+".", value); err != nil {
			return err
		}
	}
	return nil
}
