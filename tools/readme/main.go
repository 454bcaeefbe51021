// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command readme writes the tables of the README from the published results and
// timings; run by go generate.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/janpfeifer/must"

	"pinn.example/repro/reproduce/report"
)

//go:generate go run . ../../README.md ../../results/laptop ../../results/bench/peers.json

func main() {
	readme, published, peers := os.Args[1], os.Args[2], os.Args[3]
	text := string(must.M1(os.ReadFile(readme)))
	text = must.M1(put(text, "presets", must.M1(presets())))
	if exists(filepath.Join(published, "results.json")) {
		r := must.M1(report.Read(published))
		text = must.M1(put(text, "status", status(r)))
		text = must.M1(put(text, "results", must.M1(results(r))))
		text = must.M1(put(text, "beyond", must.M1(beyond(r))))
	}
	if exists(peers) {
		text = must.M1(put(text, "speed", must.M1(speed(peers))))
	}
	must.M(os.WriteFile(readme, []byte(text), 0o644))
}

// exists says whether something is published yet.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// put puts a table between its markers.
func put(text, name, table string) (string, error) {
	begin, end := fmt.Sprintf("<!-- %s:begin -->\n", name), fmt.Sprintf("<!-- %s:end -->", name)
	before, rest, ok := strings.Cut(text, begin)
	_, after, found := strings.Cut(rest, end)
	if !ok || !found {
		return "", fmt.Errorf("readme: the markers %q and %q are not there", strings.TrimSpace(begin), end)
	}
	return before + begin + table + end + after, nil
}
