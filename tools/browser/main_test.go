// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// inBrowser starts Chromium for a test, and sees that the test leaves no process behind.
func inBrowser(t *testing.T) (browser context.Context, tmp string, m mark) {
	t.Helper()
	chromium := findChromium()
	if chromium == "" {
		t.Skip("Chromium is not installed")
	}
	tmp, m = t.TempDir(), newMark()
	t.Cleanup(func() {
		if left := m.killAll(); len(left) > 0 {
			t.Errorf("left behind: %s", strings.Join(left, ", "))
		}
	})
	browser, stop, err := startBrowser(t.Context(), chromium, tmp, m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return browser, tmp, m
}

// What each notebook's failure says; passes has a figure, a failure on purpose and a slider.
func TestNotebooks(t *testing.T) {
	if testing.Short() {
		t.Skip("a minute with JupyterLab")
	}
	root, err := projectRoot()
	if err != nil {
		t.Fatal(err)
	}
	browser, tmp, m := inBrowser(t)
	s, err := startServer(t.Context(), root, tmp, m)
	if errors.Is(err, errMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()

	out := t.TempDir()
	for name, want := range map[string][]string{
		"passes":      nil,
		"fails":       {"cell 4 (00-03)", "the answer is wrong"},
		"shows-badly": {"cell 3 (00-02) is tagged raises and shows no error"},
	} {
		summary, err := checkNotebook(browser, s, filepath.Join("testdata", name+".ipynb"), out, 3*time.Minute)
		if len(want) == 0 {
			// One figure and the slider's.
			if err != nil || summary != "4 code cells, 2 pictures, 1 sliders moved" {
				t.Errorf("%s: %q, %v", name, summary, err)
			}
		}
		for _, part := range want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %v, expected an error with %q", name, err, part)
			}
		}
		if info, err := os.Stat(filepath.Join(out, name+".png")); err != nil || info.Size() < 10_000 {
			t.Errorf("%s: no picture, or a blank one: %v", name, err)
		}
	}
}

// set stands for a formula that MathJax has set.
const set = `<script>window.MathJax = {startup: {promise: Promise.resolve()}}</script><span class="math"><mjx-container><svg width="9" height="9"></svg></mjx-container></span>`

const goodPicture = `<div class="cell_output"><img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAAAAAAALAAAAAABAAEAAAIBRAA7"></div>`

// A book that is as it should be passes; each thing that is not is told.
func TestBook(t *testing.T) {
	browser, _, _ := inBrowser(t)
	words := strings.Repeat("words to fill the page ", 20)
	for _, test := range []struct{ name, add, search, want string }{
		{name: "as it should be"},
		{"wide", `<div style="width:500px">x</div>`, "", "at 390 px:  scrolls sideways"},
		{"a wide thing that scrolls by itself", `<div style="overflow-x:auto"><div style="width:2000px">x</div></div>`, "", ""},
		{"a formula that is not set", `<span class="math">\(x\)</span>`, "", `a formula is not set: \(x\)`},
		{"a picture that is not there", `<img src="none.png">`, "", "a picture does not load"},
		{"the network", `<script src="https://pinn.example/script.js"></script>`, "", "asks the network for https://pinn.example/script.js"},
		{"a search that finds nothing", "", "<p>nothing</p>", "the search does not find"},
	} {
		t.Run(test.name, func(t *testing.T) {
			book := t.TempDir()
			page := fmt.Sprintf("<!DOCTYPE html><meta charset=utf-8><body><article>%s%s%s%s</article>", words, set, goodPicture, test.add)
			search := `<div id="search-results"><ul><li><a href="index.html">found</a></li></ul></div>`
			if test.search != "" {
				search = test.search
			}
			for name, content := range map[string]string{"index.html": page, "search.html": search} {
				if err := os.WriteFile(filepath.Join(book, name), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			err := checkBook(browser, book, t.TempDir())
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, expected %q", err, test.want)
			}
		})
	}
	if err := checkBook(browser, t.TempDir(), t.TempDir()); !errors.Is(err, errMissing) {
		t.Errorf("a folder without a book: got %v", err)
	}
}

// A process that outlives its parent, as a kernel's cell may, is found by its mark and ended.
func TestMark(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("needs /proc")
	}
	m := newMark()
	// The shell ends at once and leaves the other one behind, in a session of its own.
	name, attributes := "/bin/sh", &os.ProcAttr{Env: []string{string(m), "PATH=" + os.Getenv("PATH")}}
	p, err := os.StartProcess(name, []string{name, "-c", "setsid sleep 600 &"}, attributes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(); err != nil {
		t.Fatal(err)
	}
	for range 50 { // until setsid has become sleep
		if pids := m.pids(); len(pids) == 1 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if left := m.killAll(); len(left) != 1 {
		t.Errorf("ended %v, expected one process", left)
	}
	if pids := m.pids(); len(pids) != 0 {
		t.Errorf("%v are still there", pids)
	}
}
