// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command browser runs notebooks as a student does: in JupyterLab, in a browser.
//
//	browser [-out DIR] [-timeout 10m] [notebook.ipynb …]
//	browser -book out/book [-out DIR]
//
// It starts JupyterLab (.tools/lab) on loopback with a port and a token of its own and headless Chromium,
// opens each notebook, runs all its cells, moves each slider and waits for the picture beside it to
// change, presses the slider's Stop, and takes pictures of the whole notebook. Without arguments these are
// the notebooks of notebooks/solutions. They are copied first: nothing is written beside the originals.
//
// With -book it opens the pages of the course's book from their folder instead, on a laptop's and a phone's
// width: formulas must be set and pictures load, no page may scroll sideways, and the search must find.
//
// A notebook fails when a cell shows an error (one tagged raises: when it shows none), when a picture in
// it is broken, a formula does not parse, a slider that its code asks for does not come or does not move
// the picture, or when the page asks the network for anything. The exit status is 0 when all passed, 1 when
// one failed, 2 when something is missing that a notebook needs. Without Chromium it says so and passes;
// CHROMIUM names one. NB_PRESET and NB_STORE are handed on to the notebooks.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	os.Exit(run())
}

// errMissing marks what the user has to install or to name rightly: exit status 2.
var errMissing = errors.New("browser")

func missing(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errMissing, fmt.Sprintf(format, args...))
}

func run() int {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	failed, err := check(ctx)
	switch {
	case errors.Is(err, errMissing):
		fmt.Fprintln(os.Stderr, err)
		return 2
	case err != nil:
		fmt.Fprintln(os.Stderr, "browser:", err)
		return 1
	case failed:
		return 1
	}
	return 0
}

func check(ctx context.Context) (failed bool, err error) {
	out := flag.String("out", "", "folder of the pictures (default out/browser)")
	book := flag.String("book", "", "folder of the course's book: check this and no notebook")
	timeout := flag.Duration("timeout", 10*time.Minute, "time that a notebook may take")
	flag.Parse()

	root, err := projectRoot()
	if err != nil {
		return false, err
	}
	if *out == "" {
		*out = filepath.Join(root, "out", "browser")
	}
	var notebooks []string
	if *book == "" {
		if notebooks, err = chooseNotebooks(root, flag.Args()); err != nil {
			return false, err
		}
	}
	chromium := findChromium()
	if chromium == "" {
		fmt.Fprintln(os.Stderr, "browser: skipped, Chromium is not installed")
		return false, nil
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return false, err
	}

	tmp, err := os.MkdirTemp("", "pinn-browser-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(tmp)
	mark := newMark()
	defer func() {
		// Whatever JupyterLab or Chromium did not end themselves: a kernel, or the program of its cell.
		if left := mark.killAll(); len(left) > 0 {
			fmt.Fprintf(os.Stderr, "browser: ended what was left: %s\n", strings.Join(left, ", "))
		}
	}()

	browser, stop, err := startBrowser(ctx, chromium, tmp, mark)
	if err != nil {
		return false, err
	}
	defer stop()
	if *book != "" {
		return false, checkBook(browser, *book, *out)
	}
	server, err := startServer(ctx, root, tmp, mark)
	if err != nil {
		return false, err
	}
	defer server.stop()

	passed := 0
	for _, path := range notebooks {
		name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
		began := time.Now()
		summary, err := checkNotebook(browser, server, path, *out, *timeout)
		if ctx.Err() != nil {
			return false, errors.New("interrupted")
		}
		if err != nil {
			fmt.Printf("browser: %s: FAILED after %.0f s: %v\n", name, time.Since(began).Seconds(), err)
			continue
		}
		passed++
		fmt.Printf("browser: %s: %s, %.0f s\n", name, summary, time.Since(began).Seconds())
	}
	fmt.Printf("browser: %d passed, %d failed\n", passed, len(notebooks)-passed)
	return passed < len(notebooks), nil
}

// chooseNotebooks are the notebooks that the user names, or all with solutions.
func chooseNotebooks(root string, names []string) ([]string, error) {
	if len(names) == 0 {
		all, err := filepath.Glob(filepath.Join(root, "notebooks", "solutions", "*.ipynb"))
		if err == nil && len(all) == 0 {
			err = missing("notebooks/solutions has no notebook")
		}
		return all, err
	}
	for _, name := range names {
		if _, err := os.Stat(name); err != nil {
			return nil, missing("%s is not there", name)
		}
	}
	return names, nil
}

// projectRoot is the nearest folder above the current one that holds tools/lab.
func projectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "tools", "lab", "jupyter.sh")); err == nil {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", missing("no tools/lab above %s: call it from within the project", dir)
		}
	}
}

// findChromium is the browser that CHROMIUM names, or one of the usual names, or "".
func findChromium() string {
	if name := os.Getenv("CHROMIUM"); name != "" {
		return name
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
