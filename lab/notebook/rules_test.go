// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"strings"
	"testing"
)

func lawful() *Notebook {
	nb := &Notebook{Cells: []*Cell{
		{Kind: Markdown, ID: "02-00", Source: "# A PINN from scratch\n\n**By the end you can** …\n\n**Prerequisites:** none. Takes <!-- time -->?<!-- /time -->."},
		{Kind: Code, ID: "02-01", Source: "%noautoget\nimport \"fmt\""},
		{Kind: Code, ID: "02-02", Source: "1", Metadata: map[string]any{"tags": []any{"figure"}}},
	}}
	nb.Clean()
	return nb
}

func TestCheck(t *testing.T) {
	if p := lawful().Check("02-a-pinn-from-scratch"); len(p) > 0 {
		t.Fatalf("a lawful notebook breaks %v", p)
	}
	for _, tc := range []struct {
		name  string
		spoil func(nb *Notebook)
		want  string
	}{
		{"kernel", func(nb *Notebook) { nb.Metadata["kernelspec"] = map[string]any{"name": "python3"} }, `metadata.kernelspec.name is "python3"`},
		{"too short", func(nb *Notebook) { nb.Cells = nb.Cells[:1] }, "1 cells"},
		{"header is code", func(nb *Notebook) { nb.Cells[0].Kind = Code }, "cell 1 (02-00): expected the header"},
		{"no title", func(nb *Notebook) { nb.Cells[0].Source = "A" + nb.Cells[0].Source }, "cell 1 (02-00): the header's first line is no title"},
		{"no goals", func(nb *Notebook) { nb.Cells[0].Source = strings.Replace(nb.Cells[0].Source, "By the end", "", 1) }, `lacks "By the end you can"`},
		{"no prerequisites", func(nb *Notebook) { nb.Cells[0].Source = strings.Replace(nb.Cells[0].Source, "Prereq", "", 1) }, `lacks "Prerequisites"`},
		{"no time", func(nb *Notebook) { nb.Cells[0].Source = strings.Replace(nb.Cells[0].Source, "/time", "", 1) }, "time marker"},
		{"two times", func(nb *Notebook) { nb.Cells[0].Source += "<!-- time -->?<!-- /time -->" }, "time marker"},
		{"autoget", func(nb *Notebook) { nb.Cells[1].Source = "import \"fmt\"\n%noautoget" }, "cell 2 (02-01): expected the imports"},
		{"id", func(nb *Notebook) { nb.Cells[2].ID = "03-02" }, `cell 3 (03-02): its id does not begin with the lesson's "02-"`},
		{"output", func(nb *Notebook) { nb.Cells[2].Outputs = []*Output{{Type: Stream}} }, "cell 3 (02-02): has outputs"},
		{"count", func(nb *Notebook) { nb.Cells[2].ExecutionCount = 1 }, "cell 3 (02-02): has outputs or an execution count"},
		{"tag", func(nb *Notebook) { nb.Cells[2].Metadata["tags"] = []any{"figures"} }, `cell 3 (02-02): unknown tag "figures"`},
		{"figure in text", func(nb *Notebook) { nb.Cells[2].Kind = Markdown }, "is for code cells"},
		{"marks", func(nb *Notebook) { nb.Cells[2].Source = "// END SOLUTION" }, "cell 3 (02-02): line 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			nb := lawful()
			tc.spoil(nb)
			problems := nb.Check("02-a-pinn-from-scratch")
			if len(problems) != 1 || !strings.Contains(problems[0].String(), tc.want) {
				t.Errorf("problems %q, expected one with %q", problems, tc.want)
			}
		})
	}
}

func TestSetTime(t *testing.T) {
	nb := lawful()
	for _, text := range []string{"about 2 min", "about $1 min"} {
		if err := nb.SetTime(text); err != nil {
			t.Fatal(err)
		}
		if want := "<!-- time -->" + text + "<!-- /time -->."; !strings.HasSuffix(nb.Cells[0].Source, want) {
			t.Errorf("header %q, expected it to end in %q", nb.Cells[0].Source, want)
		}
	}
	nb.Cells[0].Source = "# A"
	if nb.SetTime("x") == nil {
		t.Error("no error without a marker")
	}
}
