// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pinn.example/repro/backend"
)

func TestUnknownNameListsTheKnown(t *testing.T) {
	_, err := backend.Open("xla:tpu")
	if err == nil {
		t.Fatal("an unknown backend opened")
	}
	for _, name := range backend.Names() {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("error %q does not list %q", err, name)
		}
	}
}

func TestWithoutPluginFallsBackToGo(t *testing.T) {
	// An empty place to stand in, and an empty home: no plugin is in reach but a
	// system-wide one.
	t.Chdir(t.TempDir())
	t.Setenv("HOME", t.TempDir())
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", "")
	t.Setenv("GOMLX_BACKEND", "")
	b, err := backend.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	if b.Info.Name != backend.Go {
		t.Skipf("a system-wide plugin is installed: %s", b.Info)
	}
	how := "make setup"
	if os.Getenv("CGO_ENABLED") == "0" {
		how = "install gcc or clang"
	}
	if len(b.Info.Notes) == 0 || !strings.Contains(strings.Join(b.Info.Notes, "\n"), how) {
		t.Errorf("notes %q do not say how to get XLA", b.Info.Notes)
	}
	// Asked for by name, the same is an error.
	if _, err := backend.Open(backend.CPU); err == nil {
		t.Error("xla:cpu opened without a plugin")
	}
}

func Example() {
	b, err := backend.Open(backend.Go)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer b.Finalize()
	fmt.Println(b.Info.Name)
	// Output: go
}

func TestXLAOpensWhereItsPluginIs(t *testing.T) {
	b, err := backend.Open(backend.CPU)
	if err != nil {
		t.Skipf("no XLA here: %v", err)
	}
	defer b.Finalize()
	if b.Info.Plugin == "" || !strings.HasPrefix(b.Info.Version, "PJRT ") || b.Info.Device == "" || b.Info.Threads < 1 {
		t.Errorf("the open backend describes itself as %+v", b.Info)
	}
}
