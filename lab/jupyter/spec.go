// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Spec is a kernelspec: how a kernel is started.
type Spec struct {
	Name        string            `json:"-"`
	Dir         string            `json:"-"` // where kernel.json lies, absolute
	Argv        []string          `json:"argv"`
	Env         map[string]string `json:"env"`
	DisplayName string            `json:"display_name"`
	Language    string            `json:"language"`
}

// FindSpec reads the kernelspec of a name from the first of the folders that holds
// kernels/NAME/kernel.json; such folders are what JUPYTER_PATH lists.
func FindSpec(name string, dirs ...string) (*Spec, error) {
	for _, dir := range dirs {
		dir, err := filepath.Abs(filepath.Join(dir, "kernels", name))
		if err != nil {
			return nil, err
		}
		path := filepath.Join(dir, "kernel.json")
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		spec := &Spec{Name: name, Dir: dir}
		if err := json.Unmarshal(raw, spec); err != nil {
			return nil, fmt.Errorf("kernelspec %s: %w", path, err)
		}
		if len(spec.Argv) == 0 {
			return nil, fmt.Errorf("kernelspec %s: it has no argv", path)
		}
		return spec, nil
	}
	return nil, fmt.Errorf("no kernelspec %q in %s", name, strings.Join(dirs, ", "))
}

// command is the kernel's command line.
func (s *Spec) command(connectionFile string) []string {
	fill := strings.NewReplacer("{connection_file}", connectionFile, "{resource_dir}", s.Dir)
	argv := make([]string, len(s.Argv))
	for i, arg := range s.Argv {
		argv[i] = fill.Replace(arg)
	}
	return argv
}
