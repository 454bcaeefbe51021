// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import "fmt"

// Problem is a violation of the format or of the course's rules.
type Problem struct {
	Cell int    // 1 is the first; 0 is the notebook itself
	ID   string // of the cell
	Text string
}

func (p Problem) String() string {
	if p.Cell == 0 {
		return p.Text
	}
	if p.ID == "" {
		return fmt.Sprintf("cell %d: %s", p.Cell, p.Text)
	}
	return fmt.Sprintf("cell %d (%s): %s", p.Cell, p.ID, p.Text)
}
