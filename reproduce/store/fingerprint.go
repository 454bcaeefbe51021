// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fingerprint is what, beside its configuration, decides the bits of a run: two runs
// of one name and one fingerprint have the same.
type Fingerprint struct {
	// Facts are the backend, its plugin, version and device, the processor and the
	// number of threads, XLA's flags, how many runs were trained together, the versions
	// of Go, of the modules that compute and of the formulation, and the weights that
	// the run started from. What is not known has
	// no entry.
	Facts map[string]string
}

// Fingerprint is that of the platform that a record was trained on.
func (m Manifest) Fingerprint() Fingerprint {
	b := m.Backend
	facts := maps.Clone(m.Versions)
	if facts == nil {
		facts = map[string]string{}
	}
	batch := "" // alone, as most are
	if m.Batch > 1 {
		batch = fmt.Sprint(m.Batch)
	}
	for name, value := range map[string]string{
		"backend": b.Name, "plugin": b.PluginSHA256, "version": b.Version, "device": b.Device, "processor": b.CPU,
		"threads": fmt.Sprint(b.Threads), "flags": strings.Join(b.Flags, " "), "batch": batch,
		// The same run from other weights is another result. A prefix tells them apart.
		"start": m.ParentWeights[:min(len(m.ParentWeights), 12)],
	} {
		facts[name] = value
	}
	maps.DeleteFunc(facts, func(_, value string) bool { return value == "" })
	return Fingerprint{facts}
}

// String is the fingerprint's hash in 12 hex digits.
func (f Fingerprint) String() string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f.Facts)) {
		fmt.Fprintf(&text, "%q %q\n", name, f.Facts[name])
	}
	return hash([]byte(text.String()))[:12]
}

// Changes lists the facts that are others in another fingerprint, such as
// "threads 1 → 2".
func (f Fingerprint) Changes(other Fingerprint) []string {
	names := map[string]bool{}
	for _, facts := range []map[string]string{f.Facts, other.Facts} {
		for name := range facts {
			names[name] = true
		}
	}
	of := func(f Fingerprint, name string) string {
		if value := f.Facts[name]; value != "" {
			return value
		}
		return "none"
	}
	var changes []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if a, b := of(f, name), of(other, name); a != b {
			changes = append(changes, name+" "+a+" → "+b)
		}
	}
	return changes
}
