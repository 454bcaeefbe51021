// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/lab/notebook"
)

type generateCommand struct {
	Check bool `help:"Write nothing; fail where something is out of date."`
}

// Run writes the solutions in canonical form with their times, the students' versions,
// and the table of lessons in the course's README. A student's notebook without one with solutions is told of, and stays.
func (c *generateCommand) Run() error {
	p, err := findProject()
	if err != nil {
		return err
	}
	files, err := p.generated()
	if err != nil {
		return program.BadInput(err)
	}
	stale, known := 0, map[string]bool{}
	for _, f := range files {
		known[f.path] = true
		old, err := os.ReadFile(f.path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		switch {
		case bytes.Equal(old, f.content):
			continue
		case c.Check:
			fmt.Printf("%s is out of date: run notebooks generate\n", p.relative(f.path))
		default:
			if err := os.WriteFile(f.path, f.content, 0o644); err != nil {
				return err
			}
			fmt.Printf("wrote %s\n", p.relative(f.path))
		}
		stale++
	}
	students, err := notebooksIn(p.students())
	if err != nil {
		return err
	}
	for _, path := range students {
		if !known[path] {
			fmt.Printf("%s has no solution in notebooks/solutions: delete it\n", p.relative(path))
			stale++
		}
	}
	switch {
	case c.Check && stale > 0:
		fmt.Printf("notebooks: %d out of date\n", stale)
		return program.ErrTold
	default:
		fmt.Printf("notebooks: %d up to date\n", len(files))
	}
	return nil
}

// generated is a file and what belongs into it.
type generated struct {
	path    string
	content []byte
}

// generated makes all that generate writes.
func (p project) generated() ([]generated, error) {
	times, err := p.readTimes()
	if err != nil {
		return nil, err
	}
	paths, err := notebooksIn(p.solutions())
	if err != nil {
		return nil, err
	}
	var files []generated
	var index []byte
	for _, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			return nil, err
		}
		nb.Clean()
		if t, measured := times[nameOf(path)]; measured {
			if err := nb.SetTime(t.String()); err != nil {
				return nil, fmt.Errorf("%s: %w", p.relative(path), err)
			}
		}
		student, err := nb.Student()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.relative(path), err)
		}
		files = append(files, generated{path, nb.Encode()}, generated{filepath.Join(p.students(), filepath.Base(path)), student.Encode()})
		h := nb.Header()
		index = append(index, fmt.Sprintf("| [%s](%s) | %s | %s | %s |\n", h.Title, filepath.Base(path), h.Goal, h.Explains, h.Time)...)
	}
	readme, err := p.withIndex(index)
	if err != nil || readme == nil {
		return files, err
	}
	return append(files, *readme), nil
}

const (
	indexBegin = "<!-- lessons:begin -->\n"
	indexEnd   = "<!-- lessons:end -->"
)

// withIndex is the course's README with its table of lessons, between two markers; nil
// where there is no README.
func (p project) withIndex(rows []byte) (*generated, error) {
	path := filepath.Join(p.students(), "README.md")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	before, rest, ok := bytes.Cut(text, []byte(indexBegin))
	_, after, found := bytes.Cut(rest, []byte(indexEnd))
	if !ok || !found {
		return nil, fmt.Errorf("%s lacks the markers %s and %s of its table", p.relative(path), strings.TrimSpace(indexBegin), indexEnd)
	}
	head := "| lesson | goal | explains | time on 2 cores |\n|---|---|---|---|\n"
	return &generated{path, slices.Concat(before, []byte(indexBegin), []byte(head), rows, []byte(indexEnd), after)}, nil
}
