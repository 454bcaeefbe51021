// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestLatexText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                 "plain",
		`a_b & 10 % of $x^2 #1`: `a\_\allowbreak{}b \& 10 \% of \$x\textasciicircum{}2 \#1`,
		`{\rm ~}`:               `\{\textbackslash{}rm \textasciitilde{}\}`,
		"β ± 2·10⁻⁴ …":          `\ensuremath{\beta} \ensuremath{\pm} 2\ensuremath{\cdot}10\ensuremath{^-}\ensuremath{^4} \ldots{}`,
		"[a] *":                 `{[}a] {*}`,
		"–":                     "--",
		"你":                     "(U+4F60)",
	} {
		if got := texText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// latexTables are the sample's tables, and one that tries to break out.
func latexTables(t *testing.T) []Table {
	t.Helper()
	return append(sample(t).Tables, Table{ID: "x/odd", Title: `50 % of \input{x} & more`, Note: "β = 30 … 40 #1", Cells: []Cell{
		{ID: "a", Row: `*a\\`, Column: "[b]_{c", Metric: "d^2", OursText: "U^l, V^l & {s}", PublishedText: "~351"},
	}})
}

// Every row has as many fields as the head, braces and environments close,
// and nothing of the data is a command.
func TestLatexTablesAreWellFormed(t *testing.T) {
	unescaped := regexp.MustCompile(`(^|[^\\])[%$#^_~]`)
	control := regexp.MustCompile(`\\([A-Za-z]+|.)`)
	inRows := map[string]bool{"ensuremath": true, "textbackslash": true, "textasciicircum": true, "textasciitilde": true, "ldots": true, "allowbreak": true}
	for _, table := range latexTables(t) {
		got := string(table.latex())
		for _, r := range got {
			if r > '~' {
				t.Fatalf("%s: %q is no ASCII", table.ID, r)
			}
		}
		bare := strings.NewReplacer(`\\`, "", `\{`, "", `\}`, "").Replace(got)
		depth := 0
		for _, r := range bare {
			switch r {
			case '{':
				depth++
			case '}':
				depth--
			}
			if depth < 0 {
				break
			}
		}
		if depth != 0 {
			t.Errorf("%s: braces don't balance: %d open", table.ID, depth)
		}
		for _, part := range []string{`\begin{longtable}`, `\end{longtable}`, `\toprule`, `\midrule`, `\bottomrule`, `\caption`, `\label{tab:` + fileName(table.ID)} {
			if !strings.Contains(got, part) {
				t.Errorf("%s: lacks %s", table.ID, part)
			}
		}
		_, body, _ := strings.Cut(got, "\\endlastfoot\n")
		body, _, _ = strings.Cut(body, `\end{longtable}`)
		rows := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
		if len(rows) != len(table.Cells) {
			t.Errorf("%s: %d rows, want %d", table.ID, len(rows), len(table.Cells))
		}
		fields := 6 + len(columns(table))
		for _, row := range rows {
			row, ok := strings.CutSuffix(row, ` \\`)
			if n := strings.Count(strings.ReplaceAll(row, `\&`, ""), "&") + 1; !ok || n != fields {
				t.Errorf("%s: %d fields, want %d: %s", table.ID, n, fields, row)
			}
			text := regexp.MustCompile(`\\ensuremath\{[^}]*\}`).ReplaceAllString(row, "")
			if m := unescaped.FindString(text); m != "" {
				t.Errorf("%s: unescaped %q in %s", table.ID, m, row)
			}
			for _, m := range control.FindAllStringSubmatch(text, -1) {
				if len(m[1]) > 1 && !inRows[m[1]] {
					t.Errorf("%s: command \\%s in %s", table.ID, m[1], row)
				}
			}
		}
	}
}

// The real thing, where it is installed.
func TestLatexCompiles(t *testing.T) {
	latex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("pdflatex is not installed")
	}
	dir := t.TempDir()
	doc := "\\documentclass{article}\n\\usepackage{booktabs,longtable,array}\n\\begin{document}\n"
	for _, table := range latexTables(t) {
		name := fileName(table.ID) + ".tex"
		if err := os.WriteFile(filepath.Join(dir, name), table.latex(), 0o644); err != nil {
			t.Fatal(err)
		}
		doc += "\\input{" + name + "}\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "doc.tex"), []byte(doc+"\\end{document}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), latex, "-interaction=batchmode", "-halt-on-error", "-no-shell-escape", "doc.tex")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "doc.log"))
		_, reason, _ := strings.Cut(string(log), "\n!")
		t.Fatalf("%v\n%s\n!%.800s", err, out, reason)
	}
}
