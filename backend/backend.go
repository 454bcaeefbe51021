// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package backend opens the compute backend on which all graphs run, and
// describes it. It is the only place that imports the XLA bindings.
//
// Three backends are known, in order of preference: "xla:cuda" where a CUDA
// plugin and a GPU are found, "xla:cpu" where XLA's CPU plugin is found, and
// "go", GoMLX's own interpreter, which needs nothing installed.
//
//	b, err := backend.Open("")   // the best there is, or $GOMLX_BACKEND
//	defer b.Finalize()
//	fmt.Println(b.Info)
package backend

import (
	"fmt"
	"os"
	"runtime"
	"slices"
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
	// Device is the device's own description.
	Device string `json:"device"`
	// Threads is the number of threads that the backend may use.
	Threads int `json:"threads"`
	// CPU names the processor.
	CPU string `json:"cpu"`
	// Notes says why a better backend was not chosen, one line each.
	Notes []string `json:"notes,omitempty"`

	pluginPath string
}

// String returns one line for a person.
func (i Info) String() string {
	s := fmt.Sprintf("%s (%s), %d threads", i.Name, i.Device, i.Threads)
	if i.Plugin != "" {
		s += ", " + i.Plugin + " " + i.Version
	}
	return s
}

// PluginPath is where the PJRT plugin was loaded from; empty for "go".
func (i Info) PluginPath() string { return i.pluginPath }

// Open opens a backend by name. An empty name is $GOMLX_BACKEND, and where that
// is empty too, the best backend that opens: what stood in the way of a better
// one is in Info.Notes. A name that is asked for and can't be opened is an
// error, as is an unknown one.
func Open(name string) (*Backend, error) {
	if name == "" {
		name = os.Getenv(compute.ConfigEnvVar)
	}
	if name != "" {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("backend: unknown backend %q; known are %s", name, strings.Join(Names(), ", "))
		}
		b, err := open(name)
		if err != nil {
			return nil, fmt.Errorf("backend %w", err)
		}
		return b, nil
	}
	var notes []string
	for _, name := range Names() {
		b, err := open(name)
		if err == nil {
			b.Info.Notes = notes
			return b, nil
		}
		notes = append(notes, err.Error())
	}
	return nil, fmt.Errorf("backend: none opens: %s", strings.Join(notes, "; "))
}

func open(name string) (*Backend, error) {
	info := Info{Name: name, Threads: runtime.GOMAXPROCS(0), CPU: processor()}
	// Sequential operations still use all cores, each by itself. In parallel, as
	// is the default, they wait for each other's workers for ever: a step of 2
	// queries, 600 points and width 20 hung within seconds (compute v0.1.2).
	config := "go:ops_sequential"
	if name != Go {
		if !xlaBuilt {
			return nil, fmt.Errorf("%s: this program was built without a C compiler and so without XLA: install gcc or clang and build it again", name)
		}
		plugin, err := findPlugin(strings.TrimPrefix(name, "xla:"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		info.Plugin, info.pluginPath = plugin.file, plugin.path
		info.PluginSHA256 = plugin.sha256()
		config = "xla:" + plugin.load
		if name == CUDA {
			// TF32 keeps 10 bits of mantissa: it would change every published
			// number's digits, so float32 means float32 here.
			config += ",tf32=false"
		}
	}
	b, err := newWithConfig(config)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	info.Device = b.DeviceDescription(0)
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
