// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Write writes the notebook as Encode does. The file is replaced whole or not at all.
func (nb *Notebook) Write(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	_, err = f.Write(nb.Encode())
	if e := f.Chmod(0o644); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// Encode is the notebook's canonical form, that of Jupyter's nbformat: sorted keys, an
// indent of one space, texts split into lines, a newline at the end.
func (nb *Notebook) Encode() []byte {
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.document()
	}
	var b strings.Builder
	encode(&b, map[string]any{
		"cells":          cells,
		"metadata":       orEmpty(nb.Metadata),
		"nbformat":       4,
		"nbformat_minor": 5,
	}, 0)
	b.WriteByte('\n')
	return []byte(b.String())
}

func (c *Cell) document() map[string]any {
	doc := map[string]any{
		"cell_type": string(c.Kind),
		"id":        c.ID,
		"metadata":  orEmpty(c.Metadata),
		"source":    splitLines(c.Source),
	}
	if c.Attachments != nil {
		attachments := map[string]any{}
		for name, bundle := range c.Attachments {
			attachments[name] = split(object(bundle))
		}
		doc["attachments"] = attachments
	}
	if c.Kind == Code {
		outputs := make([]any, len(c.Outputs))
		for i, o := range c.Outputs {
			outputs[i] = o.document()
		}
		doc["outputs"] = outputs
		doc["execution_count"] = orNull(c.ExecutionCount)
	}
	return doc
}

func (o *Output) document() map[string]any {
	doc := map[string]any{"output_type": string(o.Type)}
	switch o.Type {
	case Stream:
		doc["name"], doc["text"] = o.Name, splitLines(o.Text)
	case Failure:
		traceback := make([]any, len(o.Traceback))
		for i, line := range o.Traceback {
			traceback[i] = line
		}
		doc["ename"], doc["evalue"], doc["traceback"] = o.ErrorName, o.ErrorValue, traceback
	case Result:
		doc["execution_count"] = orNull(o.ExecutionCount)
		fallthrough
	case Display:
		doc["data"], doc["metadata"] = split(o.Data), orEmpty(o.Metadata)
	}
	return doc
}

// split splits the texts of a mimebundle into lines. Jupyter splits these types alone.
func split(bundle map[string]any) map[string]any {
	lines := make(map[string]any, len(bundle))
	for mime, v := range bundle {
		s, isText := v.(string)
		if isText && (strings.HasPrefix(mime, "text/") || mime == "image/svg+xml" || mime == "application/javascript") {
			lines[mime] = splitLines(s)
		} else {
			lines[mime] = v
		}
	}
	return lines
}

// splitLines splits where Python's str.splitlines does, with the ends kept.
func splitLines(s string) []any {
	lines := []any{}
	start, afterCR := 0, false
	for i, r := range s {
		if afterCR && r != '\n' {
			lines, start = append(lines, s[start:i]), i
		}
		afterCR = r == '\r'
		switch r {
		case '\n', '\v', '\f', '\x1c', '\x1d', '\x1e', '\u0085', '\u2028', '\u2029':
			end := i + len(string(r))
			lines, start = append(lines, s[start:end]), end
		}
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func orNull(n int) any {
	if n == 0 {
		return nil
	}
	return n
}
