// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"os"

	"pinn.example/repro/reproduce/report"
)

func Example() {
	dir, err := os.MkdirTemp("", "report")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	published := .0722
	r := &report.Report{
		Title: "Hyper-LR-PINN", Preset: "quick", Command: "make reproduce",
		Tables: []report.Table{{ID: "hyper-lr-pinn/table2", Title: "Table 2", Cells: []report.Cell{{
			ID:  "hyper-lr-pinn/table2/beta=40;rank=adaptive/Hyper-LR-PINN (Adaptive rank)/rel_err",
			Row: "beta=40", Column: "Hyper-LR-PINN", Metric: "rel_err", Role: "method",
			Published: &published, Ours: report.Number(.0707), Verdict: "reproduced", Reason: "one seed",
		}}}},
	}
	if err := report.Write(dir, r); err != nil {
		fmt.Println(err)
		return
	}
	again, err := report.Read(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(again.Counts["reproduced"], again.Tables[0].Files)
	// Output: 1 [tables/hyper-lr-pinn-table2.csv tables/hyper-lr-pinn-table2.md tables/hyper-lr-pinn-table2.tex]
}
