// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
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

// pluginFiles are the names that a platform's plugin goes by: go-xla's, and that of
// jax's wheel.
func pluginFiles(platform string) []string {
	files := []string{"pjrt_c_api_" + platform + "_plugin.so"}
	if platform == "cuda" {
		files = append(files, "xla_cuda_plugin.so")
	}
	return files
}

// findPlugin looks for the PJRT plugin of a platform ("cpu" or "cuda"): first
// in $PJRT_PLUGIN_LIBRARY_PATH, then in .tools/ of this directory or one above it
// (the set-up's place), then beside the executable, then where GoMLX's own
// installer puts it.
func findPlugin(platform string) (plugin, error) {
	files := pluginFiles(platform)
	for _, dir := range pluginDirs(platform) {
		for _, file := range files {
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
	}
	hint := "run `make setup` (needs the network once)"
	if platform == "cuda" {
		hint = "run `make cuda` (2.4 GB, once), or put the folder of one that is there into $" + pathVariable
	}
	return plugin{}, fmt.Errorf("plugin %s not found: %s", files[0], hint)
}

// loadable returns a path under which the bindings take the plugin for what it
// is: they tell CPU from CUDA by the letters of the whole path, so a clone
// below a folder named, say, "cuda-tests" needs another name for its CPU plugin, and
// one below "cpu-node" for its CUDA plugin. A comma would end the path.
func loadable(path, platform string) (string, error) {
	upper := strings.ToUpper(path)
	isCUDA := strings.Contains(upper, "CUDA") || strings.Contains(upper, "NVIDIA")
	if isCUDA == (platform == "cuda") && !(isCUDA && strings.Contains(upper, "CPU")) && !strings.Contains(path, ",") {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "xla-"+platform+"-")
	if err != nil {
		return "", fmt.Errorf("making a link to the plugin: %w", err)
	}
	link := filepath.Join(dir, pluginFiles(platform)[0])
	if err := os.Symlink(path, link); err != nil {
		return "", fmt.Errorf("making a link to the plugin: %w", err)
	}
	return link, nil
}

func pluginDirs(platform string) []string {
	own := filepath.Join(".tools", "xla")
	if platform == "cuda" {
		own = filepath.Join(".tools", "cuda", "pjrt")
	}
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
			dirs = append(dirs, filepath.Join(dir, own))
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
	if platform == "cuda" {
		for _, dir := range dirs[len(dirs)-2:] {
			dirs = append(dirs, filepath.Join(dir, "nvidia"))
		}
	}
	kept := dirs[:0]
	for _, dir := range dirs {
		if filepath.IsAbs(dir) {
			kept = append(kept, dir)
		}
	}
	return kept
}
