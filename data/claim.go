// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package data

import (
	"fmt"
	"strings"
)

// Claim is one testable statement of a paper's prose.
type Claim struct {
	ID         string `json:"id"`         // H01… for hyper-lr-pinn, P01… for hyperpinn
	Paper      string `json:"paper"`      // hyper-lr-pinn or hyperpinn
	Text       string `json:"text"`       // the claim, in our words
	Value      string `json:"value"`      // the number claimed, as text: may be a range or a list
	Unit       string `json:"unit"`       // "-" for none
	Location   string `json:"location"`   // section, table or figure
	Experiment string `json:"experiment"` // what would check it
	Note       string `json:"note,omitempty"`
}

// Claims returns every claim of both papers, in order. It fails only where
// an embedded file is damaged.
func Claims() ([]Claim, error) {
	var claims []Claim
	for _, paper := range []string{"hyper-lr-pinn", "hyperpinn"} {
		records, err := readCSV(paper+"/claims.csv",
			"id", "claim", "value", "unit", "location", "experiment_to_check", "note")
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			claims = append(claims, Claim{
				ID: r[0], Paper: paper, Text: r[1], Value: r[2], Unit: r[3],
				Location: r[4], Experiment: r[5], Note: r[6],
			})
		}
	}
	return claims, nil
}

// Discrepancy is a place where a paper's text, tables, equations, code or
// data disagree, or leave open what was done.
type Discrepancy struct {
	ID    string `json:"id"`    // D1… for hyper-lr-pinn, P1… for hyperpinn
	Paper string `json:"paper"` // hyper-lr-pinn or hyperpinn
	// Severity is A (changes results or comparability), B (changes how to
	// implement) or C (cosmetic).
	Severity string `json:"severity"`
	Where    string `json:"where"`
	What     string `json:"what"`
	Measured string `json:"measured,omitempty"` // empty where nothing was measured
}

// Discrepancies returns what is known to disagree, by paper and id. It
// fails only where the embedded file is damaged.
func Discrepancies() ([]Discrepancy, error) {
	const name = "discrepancies.csv"
	records, err := readCSV(name, "id", "paper", "severity", "where", "what", "measured")
	if err != nil {
		return nil, err
	}
	ds := make([]Discrepancy, len(records))
	for i, r := range records {
		if len(r[2]) != 1 || !strings.Contains("ABC", r[2]) {
			return nil, fmt.Errorf("data: %s, %s: expected severity A, B or C, got %q", name, r[0], r[2])
		}
		ds[i] = Discrepancy{ID: r[0], Paper: r[1], Severity: r[2], Where: r[3], What: r[4], Measured: r[5]}
	}
	return ds, nil
}
