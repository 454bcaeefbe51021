// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package backend opens the compute backend on which all graphs run, and
// describes it. It is the only place that imports the XLA bindings.
//
// Three backends are known, in order of preference: "xla:cuda" where a CUDA
// plugin and a GPU are found, "xla:cpu" where XLA's CPU plugin is found, and
// "go", GoMLX's own interpreter, which needs nothing installed.
//
// Nothing is fetched at run time: `make setup` brings the CPU plugin and `make cuda`
// the CUDA plugin with NVIDIA's libraries. Others are found through
// $PJRT_PLUGIN_LIBRARY_PATH, such as those of a Python that has jax-cuda13-pjrt:
// the folder site-packages/jax_plugins/xla_cuda13.
//
//	b, err := backend.Open("")   // the best there is, or $GOMLX_BACKEND
//	defer b.Finalize()
//	fmt.Println(b.Info)
package backend

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // registers "go"
)

// Names of the backends, best first.
const (
	CUDA = "xla:cuda"
	CPU  = "xla:cpu"
	Go   = "go"
)

// Names lists the backends that Open knows, best first.
func Names() []string { return []string{CUDA, CPU, Go} }

// Backend is an open compute backend and what is known of it.
type Backend struct {
	// Compute is what graphs are built on. It is a field and not embedded since
	// GoMLX tells backends apart by identity.
	Compute compute.Backend
	Info    Info
}

// Finalize frees the backend; nothing of it may be used afterwards.
func (b *Backend) Finalize() { b.Compute.Finalize() }

// Info describes an open backend; it goes into every run's manifest.
type Info struct {
	// Name is one of Names.
	Name string `json:"name"`
	// Plugin is the file name of the PJRT plugin, empty for "go".
	Plugin string `json:"plugin,omitempty"`
	// PluginSHA256 is the first 16 hex digits of the plugin's SHA-256, read
	// from the note that the set-up leaves beside it; empty where there is none.
	PluginSHA256 string `json:"plugin_sha256,omitempty"`
	// Version is the plugin's PJRT API version, or GoMLX's for "go".
	Version string `json:"version"`
	// Device is the device's own description; the first GPU's name and memory on
	// "xla:cuda".
	Device string `json:"device"`
	// Flags are what changes how XLA computes: the options of the backend that are in
	// force, and the words of $XLA_FLAGS that the user set.
	Flags []string `json:"flags,omitempty"`
	// Threads is the number of threads that the backend may use.
	Threads int `json:"threads"`
	// CPU names the processor.
	CPU string `json:"cpu"`
	// Notes says why a better backend was not chosen, one line each.
	Notes []string `json:"notes,omitempty"`

	pluginPath string
	memory     int64
}

// String returns one line for a person.
func (i Info) String() string {
	s := fmt.Sprintf("%s (%s), %d threads", i.Name, i.Device, i.Threads)
	if i.Plugin != "" {
		s += ", " + i.Plugin + " " + i.Version
	}
	if len(i.Flags) > 0 {
		s += ", " + strings.Join(i.Flags, " ")
	}
	return s
}

// PluginPath is where the PJRT plugin was loaded from; empty for "go".
func (i Info) PluginPath() string { return i.pluginPath }

// Memory is the GPU's memory in bytes; 0 on the other backends.
func (i Info) Memory() int64 { return i.memory }

// Open opens a backend by name, with options after commas, such as
// "xla:cuda,deterministic". An empty name is $GOMLX_BACKEND, and where that is empty
// too, the best backend that opens: what stood in the way of a better one is in
// Info.Notes. A name that is asked for and can't be opened is an error, as is an
// unknown one.
func Open(name string) (*Backend, error) {
	r, err := parse(name)
	if err != nil {
		return nil, err
	}
	var notes []string
	for _, candidate := range r.candidates() {
		b, err := open(candidate, r)
		if err == nil {
			b.Info.Notes = notes
			return b, nil
		}
		if r.name != "" {
			return nil, fmt.Errorf("backend %w", err)
		}
		notes = append(notes, err.Error())
	}
	return nil, fmt.Errorf("backend: none opens: %s", strings.Join(notes, "; "))
}

// errNoCompiler is the error of all of XLA in a program that holds none of it.
var errNoCompiler = errors.New("this program was built without a C compiler and so without XLA: install gcc or clang and build it again")

func open(name string, r request) (*Backend, error) {
	found, err := find(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	info := Info{Name: name, Threads: runtime.GOMAXPROCS(0), CPU: processor()}
	// Sequential operations still use all cores, each by itself. In parallel, as
	// is the default, they wait for each other's workers for ever: a step of 2
	// queries, 600 points and width 20 hung within seconds (compute v0.1.2).
	config := "go:ops_sequential"
	if name != Go {
		info.Plugin, info.pluginPath = found.plugin.file, found.plugin.path
		info.PluginSHA256 = found.plugin.sha256()
		info.Flags = flagsInForce(nil)
		config = "xla:" + found.plugin.load
	}
	if name == CUDA {
		if config, err = prepareCUDA(found.plugin, r); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		info.Flags = flagsInForce(r.options)
	}
	b, err := newWithConfig(config)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	info.Device = b.DeviceDescription(0)
	if name == CUDA {
		info.Device, info.memory = found.driver.gpus[0].String(), found.driver.gpus[0].Memory
	}
	info.Version = version(name, info.pluginPath)
	return &Backend{Compute: b, Info: info}, nil
}

// newWithConfig turns a panic of the bindings into an error: a broken plugin
// must not take the program down while a fallback is left.
func newWithConfig(config string) (b compute.Backend, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("plugin failed to start: %v", r)
		}
	}()
	return compute.NewWithConfig(config)
}

func version(name, pluginPath string) string {
	if name == Go {
		return moduleVersion("github.com/gomlx/compute")
	}
	return pluginVersion(pluginPath)
}
