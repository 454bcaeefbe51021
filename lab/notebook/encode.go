// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// encode writes JSON as Python's json.dumps(v, indent=1, sort_keys=True,
// ensure_ascii=False) does. encoding/json differs: it escapes U+2028 and U+2029, and
// writes floats in another form.
func encode(b *strings.Builder, v any, depth int) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case string:
		encodeString(b, v)
	case int:
		b.WriteString(strconv.Itoa(v))
	case float64:
		b.WriteString(pythonFloat(v))
	case json.Number:
		b.WriteString(pythonNumber(v))
	case []any:
		encodeList(b, len(v), "[]", depth, func(i int) { encode(b, v[i], depth+1) })
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		encodeList(b, len(keys), "{}", depth, func(i int) {
			encodeString(b, keys[i])
			b.WriteString(": ")
			encode(b, v[keys[i]], depth+1)
		})
	default:
		// A notebook holds what JSON decodes to, and ints and floats that were set here.
		panic(fmt.Sprintf("notebook: expected JSON, got %T", v))
	}
}

// encodeList writes n elements, one a line, between two brackets.
func encodeList(b *strings.Builder, n int, brackets string, depth int, element func(i int)) {
	if n == 0 {
		b.WriteString(brackets)
		return
	}
	b.WriteByte(brackets[0])
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		for range depth + 1 {
			b.WriteByte(' ')
		}
		element(i)
	}
	b.WriteByte('\n')
	for range depth {
		b.WriteByte(' ')
	}
	b.WriteByte(brackets[1])
}

func encodeString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"', r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString("\\n")
		case r == '\r':
			b.WriteString("\\r")
		case r == '\t':
			b.WriteString("\\t")
		case r == '\f':
			b.WriteString("\\f")
		case r == '\b':
			b.WriteString("\\b")
		case r < 0x20:
			fmt.Fprintf(b, "\\u%04x", r)
		default:
			b.WriteRune(r) // utf8.RuneError where the text is no UTF-8
		}
	}
	b.WriteByte('"')
}

// pythonNumber is a number's literal as Python reads and writes it: an integer stays,
// a float gets its shortest form.
func pythonNumber(n json.Number) string {
	if !strings.ContainsAny(string(n), ".eE") {
		return string(n)
	}
	f, err := n.Float64()
	if err != nil { // past the range: Python makes it infinite, which is no JSON
		return string(n)
	}
	return pythonFloat(f)
}

// pythonFloat is Python's repr of a float: the shortest digits, with an exponent of two
// digits at least below 1e-4 and from 1e16.
func pythonFloat(f float64) string {
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
