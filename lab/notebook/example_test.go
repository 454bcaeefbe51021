// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook_test

import (
	"fmt"

	"pinn.example/repro/lab/notebook"
)

// A solution stands between two marks; what the student gets in its place is a comment
// there.
func ExampleNotebook_Student() {
	nb := &notebook.Notebook{Cells: []*notebook.Cell{{Kind: notebook.Code, ID: "01-00", Source: `func residual(ut, ux float64) float64 {
	// BEGIN SOLUTION
	// STUDENT return 0 // your turn
	return ut + 30*ux
	// END SOLUTION
}`}}}
	student, err := nb.Student()
	if err != nil {
		panic(err)
	}
	fmt.Println(student.Cells[0].Source)
	// Output:
	// func residual(ut, ux float64) float64 {
	// 	return 0 // your turn
	// }
}
