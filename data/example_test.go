// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package data_test

import (
	"fmt"

	"pinn.example/repro/data"
)

func Example() {
	v, err := data.Find("hyper-lr-pinn/table2/beta=40;rank=adaptive/Hyper-LR-PINN (Adaptive rank)/rel_err")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Column, v.Row, "rel L2 =", v.Value)
	// Output: Hyper-LR-PINN (Adaptive rank) beta=40;rank=adaptive rel L2 = 0.0722
}
