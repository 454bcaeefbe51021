// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/lab/notebook"
)

type checkCommand struct{}

// Run checks the notebooks with solutions and the students'.
func (c *checkCommand) Run() error {
	p, err := findProject()
	if err != nil {
		return err
	}
	var paths []string
	for _, dir := range []string{p.solutions(), p.students()} {
		more, err := notebooksIn(dir)
		if err != nil {
			return err
		}
		paths = append(paths, more...)
	}
	problems := 0
	for _, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			fmt.Println(strings.Replace(err.Error(), path, p.relative(path), 1))
			problems++
			continue
		}
		found := nb.Check(nameOf(path))
		slices.SortStableFunc(found, func(a, b notebook.Problem) int { return a.Cell - b.Cell })
		for _, problem := range found {
			fmt.Printf("%s: %s\n", p.relative(path), problem)
		}
		problems += len(found)
	}
	fmt.Printf("notebooks: %d checked, %d problems\n", len(paths), problems)
	if problems > 0 {
		return program.ErrTold
	}
	return nil
}
