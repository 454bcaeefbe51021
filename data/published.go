// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package data

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Value is one number as a paper prints it.
type Value struct {
	// ID is paper/table/row/column/metric. A slash inside a part is
	// written %2F, so that the parts can be told apart.
	ID     string `json:"id"`
	Paper  string `json:"paper"`  // hyper-lr-pinn, hyperpinn or p2inn
	Table  string `json:"table"`  // table2, lorenz_text
	Row    string `json:"row"`    // as in the CSV: beta=40;rank=adaptive
	Column string `json:"column"` // as in the CSV: mostly the method
	Metric string `json:"metric"` // abs_err, rel_err, mse, count, params, time, agg_sq_err

	// Value is the number in Unit, where "-" stands for no unit.
	Value float64 `json:"value"`
	// Text is the number as printed: "0.2160" and "~351" keep their form.
	Text string `json:"text"`
	// Approx is whether the paper prints it as approximate (a tilde).
	Approx bool `json:"approx,omitempty"`
	// Std is the printed standard deviation, nil where there is none.
	Std    *float64 `json:"std"`
	Unit   string   `json:"unit"`
	Source string   `json:"source"` // table, section and remarks
}

// tables lists the files with published numbers. Table 1 of hyper-lr-pinn
// is absent since it lists symbols, not numbers.
var tables = []struct{ paper, file string }{
	{"hyper-lr-pinn", "hyper-lr-pinn/table2.csv"},
	{"hyper-lr-pinn", "hyper-lr-pinn/table3.csv"},
	{"hyper-lr-pinn", "hyper-lr-pinn/table4.csv"},
	{"hyperpinn", "hyperpinn/table1.csv"},
	{"hyperpinn", "hyperpinn/lorenz_text.csv"},
	{"p2inn", "related/p2inn_tables.csv"},
}

// Published returns every published number, in the order of the papers'
// tables. It fails only where an embedded file is damaged.
func Published() ([]Value, error) {
	var values []Value
	for _, t := range tables {
		records, err := readCSV(t.file, "table", "row", "column", "metric", "value", "std", "unit", "source")
		if err != nil {
			return nil, err
		}
		for i, r := range records {
			v, err := parseValue(t.paper, r)
			if err != nil {
				return nil, fmt.Errorf("data: %s, record %d: %w", t.file, i+1, err)
			}
			values = append(values, v)
		}
	}
	return values, nil
}

// Find returns the published number with the given id. An unknown id is an
// error that lists the ids of its table, or the tables.
func Find(id string) (Value, error) {
	values, err := Published()
	if err != nil {
		return Value{}, err
	}
	var cells, tables []string
	for _, v := range values {
		if v.ID == id {
			return v, nil
		}
		table := v.Paper + "/" + v.Table
		if strings.HasPrefix(id, table+"/") {
			cells = append(cells, v.ID)
		}
		if !slices.Contains(tables, table) {
			tables = append(tables, table)
		}
	}
	if cells == nil {
		return Value{}, fmt.Errorf("data: no published number %q; the tables are %s", id, strings.Join(tables, ", "))
	}
	return Value{}, fmt.Errorf("data: no published number %q; known: %s", id, strings.Join(cells, ", "))
}

func parseValue(paper string, record []string) (Value, error) {
	v := Value{
		Paper: paper, Table: tableName(record[0]),
		Row: record[1], Column: record[2], Metric: record[3],
		Text: record[4], Unit: record[6], Source: record[7],
	}
	v.ID = CellID(v.Paper, v.Table, v.Row, v.Column, v.Metric)
	number, approx := strings.CutPrefix(v.Text, "~")
	v.Approx = approx
	var err, stdErr error
	v.Value, err = strconv.ParseFloat(number, 64)
	if record[5] != "" {
		var std float64
		std, stdErr = strconv.ParseFloat(record[5], 64)
		v.Std = &std
	}
	return v, errors.Join(err, stdErr)
}

// tableName turns the CSV's "2" into table2, and "P2INN-8" into table8
// since the paper is named beside it.
func tableName(csv string) string {
	csv = strings.TrimPrefix(csv, "P2INN-")
	if csv[0] >= '0' && csv[0] <= '9' {
		return "table" + csv
	}
	return csv
}

// CellID joins the parts of a cell's id, writing a slash inside a part as
// %2F.
func CellID(paper, table, row, column, metric string) string {
	parts := []string{paper, table, row, column, metric}
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(p, "/", "%2F")
	}
	return strings.Join(parts, "/")
}
