// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
	"errors"
	"fmt"
	"strings"
)

// Choice is the backend that Open would take, found without opening it: no plugin is
// loaded and no device used.
type Choice struct {
	// Name is one of Names.
	Name string
	// GPUs are those that "xla:cuda" would use, one process each; nil on the others.
	GPUs []GPU
}

// Choose says which backend Open would take.
func Choose(name string) (Choice, error) {
	r, err := parse(name)
	if err != nil {
		return Choice{}, err
	}
	var notes []string
	for _, candidate := range r.candidates() {
		found, err := find(candidate)
		if err == nil {
			return Choice{Name: candidate, GPUs: found.driver.gpus}, nil
		}
		notes = append(notes, fmt.Sprintf("%s: %v", candidate, err))
	}
	return Choice{}, errors.New("backend " + strings.Join(notes, "; "))
}

// found is what a backend needs, where it is there.
type found struct {
	plugin plugin
	driver driver
}

// find looks for what a backend needs; the error says what is missing.
func find(name string) (f found, err error) {
	switch {
	case name == Go:
		return f, nil
	case name == CUDA:
		if f.driver, err = findDriver(); err != nil {
			return f, err
		}
	case !xlaBuilt:
		return f, errNoCompiler
	}
	if f.plugin, err = findPlugin(strings.TrimPrefix(name, "xla:")); err != nil {
		return f, err
	}
	if name == CUDA {
		err = f.driver.serves(cudaMajor(f.plugin.path))
	}
	return f, err
}

// Requirement is a thing that "xla:cuda" needs.
type Requirement struct {
	// Name is "driver", "GPU", "plugin" or "libraries".
	Name string
	Met  bool
	// Text is one line: what was found or, where it is not met, what to do.
	Text string
}

// Requirements looks for all that "xla:cuda" needs, and says of each thing whether it
// is there. Libraries are looked for only where there is a plugin that needs them.
func Requirements() []Requirement {
	var all []Requirement
	add := func(name string, err error, text string) {
		if err != nil {
			text = err.Error()
		}
		all = append(all, Requirement{name, err == nil, text})
	}
	d, err := findDriver()
	add("driver", err, "is there, for "+d.String())
	for _, gpu := range d.gpus {
		add("GPU", nil, gpu.String())
	}
	p, perr := findPlugin("cuda")
	if perr == nil && err == nil {
		perr = d.serves(cudaMajor(p.path))
	}
	add("plugin", perr, p.path)
	if p.path == "" || !xlaBuilt {
		return all
	}
	missing := loadLibraries(p.path)
	for _, m := range missing {
		if m.spare {
			add("libraries", nil, m.name+" does not load; one GPU does without")
		} else {
			add("libraries", m, "")
		}
	}
	switch n := len(libraries[cudaMajor(p.path)]); {
	case n == 0:
		add("libraries", nil, "those of the system, which are not looked at: the plugin does not say which CUDA it is for")
	case len(missing) == 0:
		add("libraries", nil, fmt.Sprintf("all %d load", n))
	}
	return all
}
