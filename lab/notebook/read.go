// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Read reads a notebook and validates it.
func Read(path string) (*Notebook, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	nb, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nb, nil
}

// Parse is Read of a file's content. Its error names every violation of the format,
// one a line, with the cell.
func Parse(data []byte) (*Notebook, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("the file is empty, not a notebook")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("not JSON, %s: %w", position(data, dec.InputOffset(), err), err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("not JSON, %s: something follows the notebook's end", position(data, dec.InputOffset(), nil))
	}
	if problems := validate(doc); len(problems) > 0 {
		lines := make([]string, len(problems))
		for i, p := range problems {
			lines[i] = p.String()
		}
		return nil, fmt.Errorf("not a notebook of nbformat 4.5: %s", strings.Join(lines, "\n"))
	}
	return build(doc.(map[string]any)), nil
}

// position says where in a file the decoder stumbled.
func position(data []byte, offset int64, err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	before := data[:min(int(offset), len(data))]
	return fmt.Sprintf("line %d, column %d", 1+bytes.Count(before, []byte("\n")), len(before)-(1+bytes.LastIndexByte(before, '\n')))
}

// build takes a document that the schema has found right.
func build(doc map[string]any) *Notebook {
	nb := &Notebook{Metadata: object(doc["metadata"])}
	for _, key := range []string{"orig_nbformat", "orig_nbformat_minor", "signature"} { // as Jupyter does
		delete(nb.Metadata, key)
	}
	for _, raw := range doc["cells"].([]any) {
		raw := raw.(map[string]any)
		c := &Cell{
			Kind:           Kind(text(raw["cell_type"])),
			ID:             text(raw["id"]),
			Metadata:       object(raw["metadata"]),
			Source:         text(raw["source"]),
			ExecutionCount: integer(raw["execution_count"]),
		}
		delete(c.Metadata, "trusted")
		if a, ok := raw["attachments"].(map[string]any); ok {
			c.Attachments = a
			for name, bundle := range a {
				a[name] = joined(object(bundle))
			}
		}
		outputs, _ := raw["outputs"].([]any)
		for _, o := range outputs {
			c.Outputs = append(c.Outputs, buildOutput(o.(map[string]any)))
		}
		nb.Cells = append(nb.Cells, c)
	}
	return nb
}

func buildOutput(raw map[string]any) *Output {
	o := &Output{Type: OutputType(text(raw["output_type"]))}
	switch o.Type {
	case Stream:
		o.Name, o.Text = text(raw["name"]), text(raw["text"])
	case Failure:
		o.ErrorName, o.ErrorValue = text(raw["ename"]), text(raw["evalue"])
		for _, line := range raw["traceback"].([]any) {
			o.Traceback = append(o.Traceback, text(line))
		}
	case Display, Result:
		o.Data, o.Metadata = joined(object(raw["data"])), object(raw["metadata"])
		o.ExecutionCount = integer(raw["execution_count"])
	}
	return o
}

// joined joins the lines of a mimebundle's texts, in place.
func joined(bundle map[string]any) map[string]any {
	for mime, v := range bundle {
		if _, lines := v.([]any); lines && !isJSON(mime) {
			bundle[mime] = text(v)
		}
	}
	return bundle
}

// isJSON is whether a MIME type's data is JSON and not text.
func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}

// text is a string, or a list of lines as one.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, line := range v {
			b.WriteString(text(line))
		}
		return b.String()
	}
	return ""
}

func object(v any) map[string]any {
	if m, ok := v.(map[string]any); ok {
		return m
	}
	return map[string]any{}
}

func integer(v any) int {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return int(i)
}
