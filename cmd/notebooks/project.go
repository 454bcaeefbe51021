// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pinn.example/repro/internal/program"
)

// project is where the course lies.
type project struct{ root string }

// findProject looks for the project in the working folder and above.
func findProject() (project, error) {
	dir, err := os.Getwd()
	if err != nil {
		return project{}, err
	}
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "tools/lab/share/jupyter/kernels/gonb/kernel.json")); err == nil {
			return project{d}, nil
		}
		if d == filepath.Dir(d) {
			return project{}, program.BadInputf("%s is not in the project: go there first", dir)
		}
	}
}

func (p project) kernelspecs() string { return filepath.Join(p.root, "tools/lab/share/jupyter") }
func (p project) solutions() string   { return filepath.Join(p.root, "notebooks/solutions") }
func (p project) students() string    { return filepath.Join(p.root, "notebooks") }
func (p project) times() string       { return filepath.Join(p.root, "notebooks/times.json") }

// kernelInstalled says what to do where the kernel can't run.
func (p project) kernelInstalled() error {
	for _, name := range []string{"gonb", "goimports"} {
		if _, err := os.Stat(filepath.Join(p.root, ".tools/bin", name)); err != nil {
			return program.BadInputf("the notebooks' kernel is not installed (no .tools/bin/%s): run make kernel", name)
		}
	}
	return nil
}

// notebooksIn are a folder's notebooks in order. Without the folder there are none.
func notebooksIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		if !e.IsDir() && filepath.Ext(e.Name()) == ".ipynb" && !strings.HasPrefix(e.Name(), ".") {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, nil
}

// nameOf is a notebook's name: its file's, without folder and extension.
func nameOf(path string) string { return strings.TrimSuffix(filepath.Base(path), ".ipynb") }

// choose finds the notebooks that the user names: by file, or by the name or the number
// of one in dir (02-a-pinn-from-scratch, 02). Without a name, all in dir.
func choose(names []string, dir string) ([]string, error) {
	all, err := notebooksIn(dir)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		if len(all) == 0 {
			return nil, program.BadInputf("no notebooks in %s", dir)
		}
		return all, nil
	}
	var chosen []string
	for _, name := range names {
		path := name
		if i := slices.IndexFunc(all, func(p string) bool {
			return nameOf(p) == name || strings.HasPrefix(nameOf(p), name+"-")
		}); i >= 0 {
			path = all[i]
		}
		if info, err := os.Stat(path); err != nil {
			return nil, program.BadInputf("no notebook %q: give a file, or the name or number of one in %s", name, dir)
		} else if info.IsDir() {
			return nil, program.BadInputf("%s is a folder, not a notebook", path)
		}
		if i := slices.IndexFunc(chosen, func(p string) bool { return nameOf(p) == nameOf(path) }); i >= 0 {
			return nil, program.BadInputf("%s and %s have one name, so that one's outputs would replace the other's", chosen[i], path)
		}
		chosen = append(chosen, path)
	}
	return chosen, nil
}

// relative is a path as the user sees it: within the project from its root.
func (p project) relative(path string) string {
	if rel, err := filepath.Rel(p.root, path); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return path
}
