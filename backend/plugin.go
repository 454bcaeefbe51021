// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// plugin is a PJRT plugin on disk.
type plugin struct {
	path string // absolute, symbolic links resolved
	load string // the absolute path by which the bindings load it
	file string // its file name
}

// sha256 returns the hash that the set-up noted when it unpacked the plugin.
func (p plugin) sha256() string {
	note, err := os.ReadFile(p.path + ".sha256")
	if err != nil || len(note) < 16 {
		return ""
	}
	return string(note[:16])
}

// pathVariable lists folders of PJRT plugins (go-xla's name for it).
const pathVariable = "PJRT_PLUGIN_LIBRARY_PATH"

// findPlugin looks for the PJRT plugin of a platform ("cpu" or "cuda"): first
// in $PJRT_PLUGIN_LIBRARY_PATH, then in .tools/xla of this directory or one
// above it (the set-up's place), then beside the executable, then where GoMLX's
// own installer puts it.
func findPlugin(platform string) (plugin, error) {
	if platform == "cuda" && !gpuPresent() {
		return plugin{}, errors.New("no NVIDIA GPU or driver found on this machine")
	}
	file := "pjrt_c_api_" + platform + "_plugin.so"
	for _, dir := range pluginDirs() {
		path, err := filepath.EvalSymlinks(filepath.Join(dir, file))
		if err != nil {
			continue
		}
		load, err := loadable(path, platform)
		if err != nil {
			return plugin{}, err
		}
		return plugin{path: path, load: load, file: file}, nil
	}
	hint := "run `make setup` (needs the network once)"
	if platform == "cuda" {
		hint = "put the CUDA plugin's folder into $" + pathVariable
	}
	return plugin{}, fmt.Errorf("plugin %s not found: %s", file, hint)
}

// loadable returns a path under which the bindings take the plugin for what it
// is: they tell CPU from CUDA by the letters of the whole path, so a clone
// below a folder named, say, "cuda-tests" needs another name for its CPU plugin.
func loadable(path, platform string) (string, error) {
	upper := strings.ToUpper(path)
	if platform != "cpu" || !(strings.Contains(upper, "CUDA") || strings.Contains(upper, "NVIDIA")) {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "xla-cpu-")
	if err != nil {
		return "", fmt.Errorf("making a link to the plugin: %w", err)
	}
	link := filepath.Join(dir, filepath.Base(path))
	if err := os.Symlink(path, link); err != nil {
		return "", fmt.Errorf("making a link to the plugin: %w", err)
	}
	return link, nil
}

func pluginDirs() []string {
	dirs := strings.Split(os.Getenv(pathVariable), string(os.PathListSeparator))
	var roots []string
	if cwd, err := os.Getwd(); err == nil {
		roots = append(roots, cwd)
	}
	if exe, err := os.Executable(); err == nil {
		roots = append(roots, filepath.Dir(exe))
	}
	for _, dir := range roots {
		for {
			dirs = append(dirs, filepath.Join(dir, ".tools", "xla"))
			parent := filepath.Dir(dir)
			if parent == dir {
				break
			}
			dir = parent
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, ".local", "lib", "go-xla"))
	}
	dirs = append(dirs, "/usr/local/lib/go-xla")
	kept := dirs[:0]
	for _, dir := range dirs {
		if filepath.IsAbs(dir) {
			kept = append(kept, dir)
		}
	}
	return kept
}

func gpuPresent() bool {
	for _, path := range []string{"/proc/driver/nvidia/version", "/dev/nvidia0", "/dev/nvidiactl"} {
		if _, err := os.Stat(path); err == nil {
			return true
		}
	}
	return false
}
