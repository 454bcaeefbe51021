// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import "strings"

// Part is the network that a weight belongs to.
type Part string

// The two parts of the model (Table 1's columns).
const (
	PartNetwork      Part = "LR-PINN"
	PartHypernetwork Part = "hypernetwork"
)

// Symbol returns a weight's part and its symbol in the paper's Table 1, such as
// LR-PINN and U^l; layers of one kind share a symbol.
func Symbol(weight string) (Part, string) {
	name, kind, _ := strings.Cut(weight, "/")
	letter := strings.ToUpper(kind)
	if kind == "b" {
		letter = "b"
	}
	switch strings.TrimRight(name, "0123456789") {
	case "start":
		return PartNetwork, letter + "^0"
	case "end":
		return PartNetwork, letter + "^{L+1}"
	case "basis", "bias":
		return PartNetwork, letter + "^l"
	case "diagonal":
		return PartNetwork, "s^l"
	case "hyper":
		return PartHypernetwork, letter + "^{emb,m}"
	case "head":
		return PartHypernetwork, letter + "^{hyper,l}"
	}
	return "", weight
}
