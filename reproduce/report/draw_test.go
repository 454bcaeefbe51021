// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// A figure without a PNG draws it when the report is written, and is shown the
// file of the report before; the report that was handed in stays as it was.
func TestPNGIsDrawnOnDemand(t *testing.T) {
	dir := t.TempDir()
	r := sample(t)
	png := r.Figures[0].PNG
	var shown []string
	r.Figures[0].PNG = nil
	r.Figures[0].DrawPNG = func(old []byte) ([]byte, error) {
		shown = append(shown, string(old))
		if len(old) > 0 {
			return old, nil
		}
		return png, nil
	}
	r.Figures[1].DrawPNG = func([]byte) ([]byte, error) {
		t.Error("a figure that has its PNG is drawn")
		return nil, nil
	}
	first := write(t, dir, r)
	again := write(t, dir, r)
	name := figureFile(r.Figures[0].ID, ".png")
	if first[name] != string(png) || again[name] != string(png) || len(shown) != 2 || shown[0] != "" || shown[1] != string(png) {
		t.Errorf("the PNG has %d and %d bytes, want %d; old ones of %d", len(first[name]), len(again[name]), len(png), lengths(shown))
	}
	if r.Figures[0].PNG != nil || r.Figures[0].Files != nil {
		t.Error("the report is changed")
	}
	back, err := Read(dir)
	if err != nil || string(back.Figures[0].PNG) != string(png) {
		t.Errorf("read again, the PNG has %d bytes, %v", len(back.Figures[0].PNG), err)
	}

	// Where one can't be drawn, nothing is written.
	r.Figures[0].DrawPNG = func([]byte) ([]byte, error) { return nil, errors.New("no ink") }
	other := filepath.Join(t.TempDir(), "other")
	if err := Write(other, r); err == nil || !strings.Contains(err.Error(), r.Figures[0].ID) || !strings.Contains(err.Error(), "no ink") {
		t.Errorf("error is %v", err)
	}
	if _, err := Read(other); err == nil {
		t.Error("a report whose figure fails is written")
	}
}

func lengths(texts []string) []int {
	out := make([]int, len(texts))
	for i, s := range texts {
		out[i] = len(s)
	}
	return out
}
