// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindSpec(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	put := func(dir, name, content string) {
		dir = filepath.Join(dir, "kernels", name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "kernel.json"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(b, "go", `{"argv":["run","{resource_dir}/x","--kernel={connection_file}"],"env":{"A":"1"},"display_name":"Go","language":"go"}`)
	put(a, "empty", `{"argv":[]}`)
	put(a, "broken", `{`)
	spec, err := FindSpec("go", a, b)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(spec.command("c.json"), " ")
	if want := "run " + filepath.Join(b, "kernels/go") + "/x --kernel=c.json"; got != want {
		t.Errorf("%q, expected %q", got, want)
	}
	for name, want := range map[string]string{"none": "no kernelspec \"none\" in " + a, "empty": "it has no argv", "broken": "kernel.json: "} {
		if _, err := FindSpec(name, a, b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, expected %q", name, err, want)
		}
	}
}
