// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// flagsVariable holds XLA's own flags; the plugin reads it when it is first used.
const flagsVariable = "XLA_FLAGS"

// prepareCUDA loads what the plugin opens, sets XLA's flags, and returns the
// configuration for the bindings.
func prepareCUDA(p plugin, r request) (config string, err error) {
	for _, missing := range loadLibraries(p.path) {
		if !missing.spare {
			return "", missing
		}
	}
	if _, err := openLibrary(p.load); err != nil {
		return "", fmt.Errorf("the plugin %s does not load (%w): run `make cuda` anew", p.path, err)
	}
	var flags []string
	if dir := toolFolder(p.path); dir != "" {
		flags = append(flags, toolFlag+"="+dir)
	}
	if r.has(Deterministic) {
		flags = append(flags, deterministicFlag+"=true")
	}
	if err := addFlags(flags); err != nil {
		return "", err
	}
	// The bindings' own look at the folders, which warns of ours at every start.
	if _, set := os.LookupEnv("GOPJRT_CUDA_CHECKS"); !set {
		if err := os.Setenv("GOPJRT_CUDA_CHECKS", "no"); err != nil {
			return "", err
		}
	}
	// Without "tf32" the bindings ask for precision HIGHEST in every DotGeneral, which
	// is what each product of GoMLX becomes (go-xla compute/xla/ops_dotgeneral.go);
	// XLA then multiplies float32 in full.
	// Buffers are not shared with the host, and memory is taken as it is needed: the
	// size of a batch keeps it bounded, and other programs may use the device too.
	return fmt.Sprintf("xla:%s,tf32=%t,noshared_buffers,preallocate=false", p.load, r.has(TF32)), nil
}

// addFlags adds flags to $XLA_FLAGS, but for those that the user has set. The plugin
// reads them once: of two backends opened in one process the first decides.
func addFlags(flags []string) error {
	now := os.Getenv(flagsVariable)
	for _, flag := range flags {
		name, value, _ := strings.Cut(flag, "=")
		if strings.Contains(now, name+"=") {
			continue
		}
		if strings.ContainsAny(value, " \t") { // a folder's name
			value = `"` + value + `"`
		}
		now = strings.TrimSpace(now + " " + name + "=" + value)
	}
	if err := os.Setenv(flagsVariable, now); err != nil {
		return fmt.Errorf("setting $%s: %w", flagsVariable, err)
	}
	return nil
}

// Flags of XLA that are set here.
const (
	toolFlag          = "--xla_gpu_cuda_data_dir"
	deterministicFlag = "--xla_gpu_deterministic_ops"
)

// flagsInForce lists, for Info.Flags, the backend's options and what the user has set
// in $XLA_FLAGS. Where the tools lie is left out, and the flag of an option is the
// option: a worker inherits both from the process that started it.
func flagsInForce(options []string) []string {
	set := map[string]bool{}
	for _, option := range options {
		set[option] = true
	}
	for _, word := range strings.Fields(os.Getenv(flagsVariable)) {
		switch name, _, _ := strings.Cut(word, "="); {
		case name == toolFlag:
		case word == deterministicFlag+"=true":
			set[Deterministic] = true
		default:
			set[word] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}
