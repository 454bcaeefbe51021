// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The schema is Jupyter's own, from nbformat 5.11.1 (schema/LICENSE).
//
//go:embed schema/nbformat.v4.5.schema.json
var schemaJSON []byte

// schemaName is absolute: the compiler would look for another in the working folder, and
// stumble over a space in its path.
const schemaName = "https://pinn.example/nbformat.v4.5.schema.json"

// schemas compiles the whole schema (under "") and that of each kind of cell and type
// of output: the whole one's "oneOf" says only that none fits.
var schemas = sync.OnceValue(compile)

func compile() map[string]*jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaJSON))
	if err != nil {
		panic(err) // it is embedded
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schemaName, doc); err != nil {
		panic(err)
	}
	compiled := map[string]*jsonschema.Schema{"": c.MustCompile(schemaName)}
	for _, name := range []string{"code_cell", "markdown_cell", "raw_cell", "stream", "display_data", "execute_result", "error"} {
		compiled[name] = c.MustCompile(schemaName + "#/definitions/" + name)
	}
	return compiled
}

// validate finds the violations of nbformat 4.5: of its schema, and of its rule that
// cells' ids differ.
func validate(doc any) []Problem {
	root, ok := doc.(map[string]any)
	if !ok {
		return []Problem{{Text: "expected an object, as a notebook is"}}
	}
	major, minor := fmt.Sprint(root["nbformat"]), fmt.Sprint(root["nbformat_minor"])
	if version := major + "." + minor; version != "4.5" && root["nbformat"] != nil && root["nbformat_minor"] != nil {
		return []Problem{{Text: fmt.Sprintf("its version is %s: open it in JupyterLab and save it", version)}}
	}
	cells, _ := root["cells"].([]any)
	if err := schemas()[""].Validate(doc); err != nil {
		var problems []Problem
		for i, raw := range cells {
			if p, bad := explainCell(raw); bad {
				p.Cell = i + 1
				problems = append(problems, p)
			}
		}
		if len(problems) == 0 {
			problems = []Problem{{Text: leaf(err)}}
		}
		return problems
	}
	return repeatedIDs(cells)
}

func repeatedIDs(cells []any) (problems []Problem) {
	first := map[string]int{}
	for i, raw := range cells {
		id := text(raw.(map[string]any)["id"])
		if j, seen := first[id]; seen {
			problems = append(problems, Problem{i + 1, id, fmt.Sprintf("has the id of cell %d", j)})
		} else {
			first[id] = i + 1
		}
	}
	return problems
}

// explainCell says what is wrong with a cell, if something is.
func explainCell(raw any) (Problem, bool) {
	cell, ok := raw.(map[string]any)
	if !ok {
		return Problem{Text: "is no object"}, true
	}
	p := Problem{}
	p.ID, _ = cell["id"].(string)
	kind, _ := cell["cell_type"].(string)
	schema := schemas()[kind+"_cell"]
	if schema == nil {
		p.Text = fmt.Sprintf("its cell_type is %s, none of code, markdown, raw", literal(cell["cell_type"]))
		return p, true
	}
	outputs, _ := cell["outputs"].([]any)
	for i, raw := range outputs {
		o, _ := raw.(map[string]any)
		name, _ := o["output_type"].(string)
		schema := schemas()[name]
		if schema == nil || name == "" || strings.HasSuffix(name, "_cell") {
			p.Text = fmt.Sprintf("output %d: its output_type is %s, none of stream, display_data, execute_result, error", i+1, literal(o["output_type"]))
			return p, true
		}
		if err := schema.Validate(raw); err != nil {
			p.Text = fmt.Sprintf("output %d: %s", i+1, leaf(err))
			return p, true
		}
	}
	if err := schema.Validate(raw); err != nil {
		p.Text = leaf(err)
		return p, true
	}
	return p, false
}

func literal(v any) string {
	if v == nil {
		return "missing"
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// leaf is the first and innermost of a schema's complaints, on one line.
func leaf(err error) string {
	var v *jsonschema.ValidationError
	if !errors.As(err, &v) {
		return err.Error()
	}
	for len(v.Causes) > 0 {
		v = v.Causes[0]
	}
	what := v.BasicOutput().Error.String() // ErrorKind itself wants a printer of golang.org/x/text
	if len(v.InstanceLocation) == 0 {
		return what
	}
	return strings.Join(v.InstanceLocation, "/") + ": " + what
}
