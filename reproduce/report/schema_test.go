// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compiled is the schema that Write puts beside results.json, as another
// implementation reads it.
func compiled(t *testing.T, dir string) *jsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, schemaName))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("results.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("results.schema.json") // against the schema of schemas, too
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decoded(t *testing.T, dir string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, resultsName))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return doc.(map[string]any)
}

func TestResultsFollowTheSchema(t *testing.T) {
	full := sample(t)
	full.Generated = "2026-01-02T03:04:05Z"
	smoke := sample(t) // no verdicts, no claims, no manifest
	smoke.Claims, smoke.Manifest, smoke.Figures = nil, nil, nil
	for i := range smoke.Tables {
		for j := range smoke.Tables[i].Cells {
			smoke.Tables[i].Cells[j].Verdict = ""
		}
	}
	diverged := &Report{Tables: []Table{{ID: "t", Cells: []Cell{{ID: "a", Role: "method", Verdict: "differs", Values: []*float64{nil}}}}}}
	for name, r := range map[string]*Report{"full": full, "smoke": smoke, "empty": {}, "diverged": diverged} {
		dir := t.TempDir()
		if err := Write(dir, r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := compiled(t, dir).Validate(decoded(t, dir)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each wrong file differs from a right one in one place.
func TestSchemaRefusesWrongResults(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir, sample(t)); err != nil {
		t.Fatal(err)
	}
	s := compiled(t, dir)
	for name, spoil := range map[string]func(results, table, cell, claim map[string]any){
		"no cell id":                 func(_, _, c, _ map[string]any) { delete(c, "id") },
		"empty cell id":              func(_, _, c, _ map[string]any) { c["id"] = "" },
		"unknown verdict":            func(_, _, c, _ map[string]any) { c["verdict"] = "great" },
		"no verdict given":           func(_, _, c, _ map[string]any) { delete(c, "verdict") },
		"verdict without a value":    func(_, _, c, _ map[string]any) { c["ours"] = nil; delete(c, "values") },
		"number as a string":         func(_, _, c, _ map[string]any) { c["ours"] = "0.07" },
		"number left out, not null":  func(_, _, c, _ map[string]any) { delete(c, "grid") },
		"value as a string":          func(_, _, c, _ map[string]any) { c["values"] = []any{"nan"} },
		"seed that is no integer":    func(_, _, c, _ map[string]any) { c["seeds"] = []any{json.Number("0.5")} },
		"negative std":               func(_, _, c, _ map[string]any) { c["std"] = json.Number("-1") },
		"negative published std":     func(_, _, c, _ map[string]any) { c["published_std"] = json.Number("-1") },
		"unknown role":               func(_, _, c, _ map[string]any) { c["role"] = "rival" },
		"misspelt field":             func(_, _, c, _ map[string]any) { c["publsihed"] = nil },
		"table id that leaves":       func(_, t, _, _ map[string]any) { t["id"] = "../t" },
		"table without cells":        func(_, t, _, _ map[string]any) { t["cells"] = nil },
		"file outside":               func(_, t, _, _ map[string]any) { t["files"] = []any{"../x.csv"} },
		"unknown verdict of a claim": func(_, _, _, c map[string]any) { c["verdict"] = "holds" },
		"claim without text":         func(_, _, _, c map[string]any) { delete(c, "text") },
		"other version":              func(r, _, _, _ map[string]any) { r["schema_version"] = json.Number("2") },
		"no tables":                  func(r, _, _, _ map[string]any) { delete(r, "tables") },
		"unknown verdict counted":    func(r, _, _, _ map[string]any) { r["counts"] = map[string]any{"great": json.Number("1")} },
		"time that is none":          func(r, _, _, _ map[string]any) { r["generated"] = "yesterday" },
	} {
		results := decoded(t, dir)
		table := results["tables"].([]any)[0].(map[string]any)
		cell := table["cells"].([]any)[0].(map[string]any)
		claim := results["claims"].([]any)[0].(map[string]any)
		if cell["verdict"] != "reproduced" {
			t.Fatalf("the first cell is %v, expected a reproduced one", cell["verdict"])
		}
		spoil(results, table, cell, claim)
		if s.Validate(results) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The schema knows exactly the fields, verdicts and roles that the code does.
func TestSchemaAgreesWithTheCode(t *testing.T) {
	var s struct {
		Properties map[string]any
		Defs       map[string]struct {
			Properties map[string]any
			Enum       []string
		} `json:"$defs"`
	}
	if err := json.Unmarshal(schema, &s); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]struct {
		of         any
		properties map[string]any
	}{
		"report": {Report{}, s.Properties}, "table": {Table{}, s.Defs["table"].Properties}, "cell": {Cell{}, s.Defs["cell"].Properties},
		"figure": {Figure{}, s.Defs["figure"].Properties}, "claim": {Claim{}, s.Defs["claim"].Properties}, "paper": {Paper{}, s.Defs["paper"].Properties},
	} {
		var fields []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v.of)) {
			if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag != "" && tag != "-" {
				fields = append(fields, tag)
			}
		}
		slices.Sort(fields)
		if known := slices.Sorted(maps.Keys(v.properties)); !slices.Equal(fields, known) {
			t.Errorf("%s: the code has %v, the schema %v", name, fields, known)
		}
	}
	want := append([]string{""}, verdicts[:len(verdicts)-1]...)
	if got := s.Defs["verdict"].Enum; !slices.Equal(got, want) {
		t.Errorf("the schema's verdicts are %q, the code's %q", got, want)
	}
}
