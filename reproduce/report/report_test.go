// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/data"
	"pinn.example/repro/figure"
)

// sample is a report of the full size: every published number of both
// papers, with made-up results that use every verdict.
func sample(t *testing.T) *Report {
	t.Helper()
	values, err := data.Published()
	if err != nil {
		t.Fatal(err)
	}
	r := &Report{
		Title: "Two papers on physics-informed networks, reproduced", Preset: "quick", Command: "make reproduce",
		Summary: []string{"Headline cells at the papers' full scale, the rest reduced."},
		Papers:  []Paper{{ID: "hyper-lr-pinn", Cite: "Cho, Lee, Rim, Park, NeurIPS 2023:", Title: "Hypernetwork-based Meta-Learning", URL: "https://arxiv.org/abs/2310.09528"}},
		Manifest: []Fact{
			{"backend", "xla:cpu"}, {"seeds", "0 1 2"}, {"escaped", `<script>alert("x")</script>`},
		},
	}
	for i, v := range values {
		if v.Paper == "p2inn" {
			continue
		}
		id := v.Paper + "/" + v.Table
		if n := len(r.Tables); n == 0 || r.Tables[n-1].ID != id {
			r.Tables = append(r.Tables, Table{ID: id, Title: v.Paper + ", " + v.Table, Note: "Made-up numbers."})
		}
		c := Cell{
			ID: v.ID, Row: v.Row, Column: v.Column, Metric: v.Metric, Unit: v.Unit, Role: "baseline",
			Published: &v.Value, PublishedText: v.Text, PublishedStd: v.Std, Source: v.Source,
			Verdict: verdicts[i%len(verdicts)], Reason: "published 0.0722, ours 0.0701 ± 0.002 (3 seeds), margin 0.007",
			Command: "make reproduce ONLY=" + id,
		}
		switch c.Verdict {
		case noVerdict:
			c.Verdict = ""
		case "not run":
		default:
			ours := v.Value * 1.01234
			c.Ours, c.Std, c.Grid, c.Trivial = &ours, Number(ours/50), Number(ours*1.02), Number(.5774)
			c.Values, c.Seeds = []*float64{Number(ours * .99), Number(math.NaN()), Number(ours * 1.01)}, []int64{0, 1, 2}
			c.Runs, c.Flags = []string{"phase1-3fa2", "phase2-99c1"}, []string{"spurious"}
		}
		table := &r.Tables[len(r.Tables)-1]
		table.Cells = append(table.Cells, c)
	}
	claims, err := data.Claims()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range claims {
		r.Claims = append(r.Claims, Claim{
			Claim: c, Verdict: verdicts[i%7], Reason: "because", Cells: []string{r.Tables[0].Cells[0].ID},
		})
	}
	if r.Discrepancies, err = data.Discrepancies(); err != nil {
		t.Fatal(err)
	}
	r.Figures = []Figure{sampleFigure(t, "hyper-lr-pinn/figure3", 1), sampleFigure(t, "hyper-lr-pinn/figure2", 3)}
	return r
}

func sampleFigure(t *testing.T, id string, panels int) Figure {
	t.Helper()
	l := figure.Lines{
		Title: "rel L2", XLabel: "epoch", YLabel: "rel L2", LogX: true, LogY: true,
		Series: []figure.Series{
			{Name: "Ours", X: []float64{1, 10, 100, 1000}, Y: []float64{.5, .2, .1, .05}},
			{Name: "best constant", X: []float64{1, 1000}, Y: []float64{.5774, .5774}, Dashed: true},
		},
	}
	row := figure.Row{Title: "Panels", Panels: slices.Repeat([]figure.Panel{l}, panels)}
	var svg, png bytes.Buffer
	if err := row.SVG(&svg); err != nil {
		t.Fatal(err)
	}
	if err := row.PNG(&png); err != nil {
		t.Fatal(err)
	}
	return Figure{
		ID: id, Title: "A figure: " + id, Caption: "Phase 1, averaged over β = 30…40.", Command: "make reproduce ONLY=" + id,
		SVG: svg.Bytes(), PNG: png.Bytes(), CSV: []byte("epoch,rel_l2\n1,0.5\n"),
	}
}

// written is every file of a folder.
func written(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func write(t *testing.T, dir string, r *Report) map[string]string {
	t.Helper()
	if err := Write(dir, r); err != nil {
		t.Fatal(err)
	}
	return written(t, dir)
}

// What Read returns is what was written, and writes the same bytes again.
func TestRoundTrip(t *testing.T) {
	r := sample(t)
	dir := t.TempDir()
	first := write(t, dir, r)
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := r.finished(); !reflect.DeepEqual(got, want) {
		t.Errorf("what was read differs from what was written")
	}
	if r.SchemaVersion != 0 || r.Tables[0].Files != nil {
		t.Error("Write changed the caller's report")
	}
	second := write(t, t.TempDir(), got)
	if !reflect.DeepEqual(first, second) {
		t.Errorf("files written again differ: %v and %v", len(first), len(second))
	}
}

func TestFilesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	r := sample(t)
	files := write(t, dir, r)
	for _, name := range []string{
		"results.json", "report.html", "tables/hyper-lr-pinn-table2.csv", "tables/hyper-lr-pinn-table2.md",
		"tables/hyper-lr-pinn-table2.tex", "results.schema.json",
		"tables/hyperpinn-lorenz_text.csv", "figures/hyper-lr-pinn-figure3.svg",
		"figures/hyper-lr-pinn-figure3.png", "figures/hyper-lr-pinn-figure3.csv",
	} {
		if files[name] == "" {
			t.Errorf("%s is missing or empty", name)
		}
	}
	for name := range files {
		if strings.HasPrefix(name, ".") {
			t.Errorf("temporary file %s is left", name)
		}
	}
	// A second report without the figures takes away theirs and nothing else.
	mine := filepath.Join(dir, "figures", "mine.svg")
	if err := os.WriteFile(mine, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.Figures = r.Figures[:1]
	files = write(t, dir, r)
	if files["figures/hyper-lr-pinn-figure2.svg"] != "" || files["figures/hyper-lr-pinn-figure2.csv"] != "" {
		t.Error("files of the earlier report's figure are left")
	}
	if files["figures/mine.svg"] != "x" || files["figures/hyper-lr-pinn-figure3.svg"] == "" {
		t.Error("a file that isn't stale was removed")
	}
}

// A number that doesn't exist is null, in each of its places.
func TestMissingNumbersAreNull(t *testing.T) {
	dir := t.TempDir()
	zero := 0.0
	write(t, dir, &Report{Tables: []Table{{ID: "t", Cells: []Cell{
		{ID: "missing", Role: "count"}, {ID: "zero", Role: "count", Ours: &zero, Values: []*float64{&zero, Number(math.Inf(1))}},
	}}}})
	raw, err := os.ReadFile(filepath.Join(dir, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version int `json:"schema_version"`
		Counts  map[string]int
		Tables  []struct{ Cells []map[string]any }
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	cell := got.Tables[0].Cells[0]
	for _, key := range []string{"published", "published_std", "ours", "ratio", "std", "grid", "corrected", "trivial"} {
		if v, ok := cell[key]; !ok || v != nil {
			t.Errorf("%s is %v, want null", key, v)
		}
	}
	if c := got.Tables[0].Cells[1]; c["ours"] != 0.0 || fmt.Sprint(c["values"]) != "[0 <nil>]" {
		t.Errorf("zero is %v and the values %v, want 0 and [0 null]", c["ours"], c["values"])
	}
	if got.Version != 1 || got.Counts["no verdict"] != 2 {
		t.Errorf("schema version %d, counts %v, want 1 and 2 without verdict", got.Version, got.Counts)
	}
	row := strings.Split(written(t, dir)["tables/t.csv"], "\n")[1]
	if row != "missing,,,,,count"+strings.Repeat(",", 18) { // 24 columns
		t.Errorf("CSV row is %q, want empty numbers", row)
	}
}

func TestPageShowsEverything(t *testing.T) {
	r := sample(t)
	var buf bytes.Buffer
	if err := r.finished().html(&buf); err != nil {
		t.Fatal(err)
	}
	page := buf.String()
	want := []string{"make reproduce ONLY=hyper-lr-pinn/table2", "spurious", "~351", "xla:cpu", "D30", "H32", "P14"}
	anchors := map[string]bool{}
	for _, table := range r.Tables {
		for _, c := range table.Cells {
			want = append(want, "<code>"+html.EscapeString(c.ID)+"</code>", c.Reason)
			if anchors[anchor(c.ID)] {
				t.Errorf("two cells have the anchor %s", anchor(c.ID))
			}
			anchors[anchor(c.ID)] = true
		}
	}
	for _, s := range want {
		if !strings.Contains(page, s) {
			t.Errorf("page lacks %q", s)
		}
	}
	if n := strings.Count(page, "<svg"); n != len(r.Figures) {
		t.Errorf("page has %d SVGs, want %d", n, len(r.Figures))
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template engine refused a value (ZgotmplZ)")
	}
	// 167 cells of about 1.5 kB, and two figures without heat maps.
	if n := len(page); n > 700_000 {
		t.Errorf("page has %d bytes, want at most 700,000", n)
	}
}

// Links within the page lead somewhere, and evidence that the report lacks is
// not linked.
func TestLinksWithinThePage(t *testing.T) {
	r := sample(t)
	r.Claims[0].Cells = append(r.Claims[0].Cells, "gone/cell")
	var buf bytes.Buffer
	if err := r.finished().html(&buf); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(buf.String(), -1) {
		ids[m[1]] = true
	}
	links := regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(buf.String(), -1)
	if len(links) < len(r.Claims)+len(r.Tables) {
		t.Errorf("%d links, want one from each of %d claims and %d tables", len(links), len(r.Claims), len(r.Tables))
	}
	for _, m := range links {
		if !ids[m[1]] {
			t.Errorf("a link leads to #%s, which isn't there", m[1])
		}
	}
	if !strings.Contains(buf.String(), "<code>gone/cell</code> (not in this report)") {
		t.Error("evidence that isn't in the report is not marked")
	}
}

func TestOverviewCountsEverything(t *testing.T) {
	r := sample(t).finished()
	cells := 0
	for _, table := range r.Tables {
		cells += len(table.Cells)
	}
	rows := r.overview().Rows
	if n := len(rows); n != len(r.Tables)+2 {
		t.Fatalf("%d rows, want one for each of %d tables, one for all and one for the claims", n, len(r.Tables))
	}
	all, claims := rows[len(rows)-2], rows[len(rows)-1]
	if all.Total != cells || claims.Total != len(r.Claims) {
		t.Errorf("%d cells and %d claims counted, want %d and %d", all.Total, claims.Total, cells, len(r.Claims))
	}
	for _, c := range all.Counts {
		if c.N != r.Counts[c.Verdict] {
			t.Errorf("%s: %d counted, want %d", c.Verdict, c.N, r.Counts[c.Verdict])
		}
	}
	if got := (Cell{Values: []*float64{Number(.5), nil}, Seeds: []int64{3, 4}}).perSeed(); got != "seed 3: 0.5, seed 4: diverged" {
		t.Errorf("values by seed are %q", got)
	}
}

// An anchor is one place's alone, also where a table and a figure have the same name.
func TestAnchorsAreUnique(t *testing.T) {
	r := sample(t)
	f := sampleFigure(t, r.Tables[0].ID, 1)
	r.Figures = append(r.Figures, f)
	var buf bytes.Buffer
	if err := r.finished().html(&buf); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(buf.String(), -1) {
		if seen[m[1]] {
			t.Errorf("two places have the anchor %s", m[1])
		}
		seen[m[1]] = true
	}
	for _, id := range []string{anchor(f.ID), "figure-" + anchor(f.ID)} {
		if !seen[id] {
			t.Errorf("no place has the anchor %s", id)
		}
	}
}

// The page loads nothing: no element that fetches, and no address in style
// or src that isn't data. Links that a reader may follow are fine.
func TestPageNeedsNothingElse(t *testing.T) {
	var buf bytes.Buffer
	if err := sample(t).finished().html(&buf); err != nil {
		t.Fatal(err)
	}
	page := buf.String()
	for _, bad := range []string{"<script", "<link", "<img", "<iframe", "<object", "<embed", "@import", "@font-face", "srcset", "<base"} {
		if strings.Contains(page, bad) {
			t.Errorf("page contains %s", bad)
		}
	}
	for _, m := range regexp.MustCompile(`(?:src|xlink:href)\s*=\s*"([^"]*)"|url\(([^)]*)\)`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1]+m[2], "data:") {
			t.Errorf("page loads %s", m[0])
		}
	}
	if !strings.Contains(page, `&lt;script&gt;alert`) {
		t.Error("a value of the manifest is not escaped")
	}
}

func TestWriteRefuses(t *testing.T) {
	nan := math.NaN()
	svg := []byte("<svg></svg>")
	table := func(cells ...Cell) *Report {
		for i := range cells {
			if cells[i].Role == "" {
				cells[i].Role = "method"
			}
		}
		return &Report{Tables: []Table{{ID: "t", Cells: cells}}}
	}
	for want, r := range map[string]*Report{
		"unknown verdict \"great\"; known: reproduced": table(Cell{ID: "a", Verdict: "great"}),
		"cell \"a\" is given twice":                    table(Cell{ID: "a"}, Cell{ID: "a"}),
		"leave it nil":                                 table(Cell{ID: "a", Ours: &nan}),
		"a value for each of 2 seeds":                  table(Cell{ID: "a", Seeds: []int64{0, 1}}),
		"expected an id":                               table(Cell{}),
		"unknown role \"rival\"; known: method":        table(Cell{ID: "a", Role: "rival"}),
		"without a value of ours":                      table(Cell{ID: "a", Verdict: "reproduced"}),
		"since it names files":                         {Tables: []Table{{ID: "../t"}}},
		"figure id \"a/b\" is given twice":             {Figures: []Figure{{ID: "a-b", SVG: svg}, {ID: "a/b", SVG: svg}}},
		"expected an SVG":                              {Figures: []Figure{{ID: "a"}}},
		"<script":                                      {Figures: []Figure{{ID: "a", SVG: []byte("<svg><script/></svg>")}}},
		"claim \"H01\": unknown verdict":               {Claims: []Claim{{Claim: data.Claim{ID: "H01"}, Verdict: "holds"}}},
	} {
		dir := t.TempDir()
		if err := Write(dir, r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		if files := written(t, dir); len(files) > 0 {
			t.Errorf("%s: a refused report left %v", want, files)
		}
	}
}

func TestReadRefusesOtherSchemas(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); err == nil {
		t.Error("no error for an empty folder")
	}
	if err := os.WriteFile(filepath.Join(dir, "results.json"), []byte(`{"schema_version": 99}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "schema version 99") {
		t.Errorf("error %v, want one that names version 99", err)
	}
}

func TestNumbersForReading(t *testing.T) {
	for v, want := range map[float64]string{
		10401: "10401", .0722: "0.0722", .07222222: "0.07222", 1.9e-5: "1.9e-05", 0: "0",
		17.5: "17.5", 12345.6: "12346", 158: "158", -3: "-3",
	} {
		if got := short(&v); got != want {
			t.Errorf("short(%v) is %q, want %q", v, got, want)
		}
	}
	if got := short(nil); got != "–" {
		t.Errorf("a missing number is %q", got)
	}
}

// A published standard deviation stands beside the number wherever that is shown, and is
// kept; where there is none nothing is added.
func TestPublishedStd(t *testing.T) {
	published, std := .271, .013 // printed as 0.0130
	cells := []Cell{
		{ID: "with", Role: "baseline", Published: &published, PublishedText: "0.2710", PublishedStd: &std},
		{ID: "without", Role: "baseline", Published: &published, PublishedText: "0.2710"},
	}
	dir := t.TempDir()
	files := write(t, dir, &Report{Tables: []Table{{ID: "t", Cells: cells}}})
	for name, want := range map[string][2]string{
		"report.html":  {`data-label="Paper">0.2710 ± 0.0130</td>`, `data-label="Paper">0.2710</td>`},
		"tables/t.md":  {"| 0.2710 ± 0.0130 |", "| 0.2710 |"},
		"tables/t.tex": {`& 0.2710 \ensuremath{\pm} 0.0130 &`, "& 0.2710 &"},
		"tables/t.csv": {",0.271,0.2710,0.013,", ",0.271,0.2710,,"},
		"results.json": {`"published_std": 0.013`, `"published_std": null`},
	} {
		for _, text := range want {
			if strings.Count(files[name], text) != 1 {
				t.Errorf("%s: %d times %s, want one", name, strings.Count(files[name], text), text)
			}
		}
	}
	if again, err := Read(dir); err != nil || !reflect.DeepEqual(again.Tables[0].Cells, cells) {
		t.Errorf("read again: %v, %v", again, err)
	}
}

func TestMarkdown(t *testing.T) {
	five, half, small := 5.0, .5, .0012
	got := string(Table{Title: "T", Cells: []Cell{
		{ID: "a", Row: "a|b", Column: "c_d", Metric: "rel_err", Published: &half, Ours: &five, Std: &half, Trivial: &half, Verdict: "differs", Reason: "why"},
		{ID: "b"},
		{ID: "d", Row: "d", Published: &half, PublishedText: "0.50", PublishedStd: &small},
	}}.Markdown())
	want := `### T

| row | column | metric | paper | ours | ours/paper | best constant | verdict | why |
|---|---|---|---:|---:|---:|---:|---|---|
| a\|b | c\_d | rel\_err | 0.5 | 5 ± 0.5 | 10 | 0.5 | differs | why |
|  |  |  | – | – | – | – | no verdict |  |
| d |  |  | 0.50 ± 0.0012 | – | – | – | no verdict |  |
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTableCommand(t *testing.T) {
	for _, c := range []struct {
		cells []Cell
		want  string
	}{
		{nil, ""},
		{[]Cell{{Command: "make a"}, {Command: "make a"}}, "make a"},
		{[]Cell{{Command: "make a"}, {Command: "make b"}}, ""},
	} {
		if got := (Table{Cells: c.cells}).command(); got != c.want {
			t.Errorf("the command of %v is %q, want %q", c.cells, got, c.want)
		}
	}
}
