// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
)

// resultsName is the file that Read starts from, schemaName its JSON Schema.
const (
	resultsName = "results.json"
	schemaName  = "results.schema.json"
)

//go:embed results.schema.json
var schema []byte

// tableFiles are the endings of a table's files.
var tableFiles = []string{".csv", ".md", ".tex"}

// Write renders r into the folder dir, which is made if needed. Each file
// is replaced in one step and results.json last, so that a reader, or a
// killed writer, never leaves half a file. Files that an earlier report in
// the same folder had and r has not are removed; other files are left alone.
func Write(dir string, r *Report) error {
	err := r.check()
	if err == nil {
		err = r.checkFigures()
	}
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	figures, err := drawFigures(dir, r.Figures)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	drawn := *r
	drawn.Figures = figures
	files, err := drawn.finished().files()
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	stale := staleFiles(dir, files)
	if err := replace(dir, files); err != nil {
		return fmt.Errorf("report: write %s: %w", dir, err)
	}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("report: remove a file of the earlier report: %w", err)
		}
	}
	return nil
}

// drawFigures is a copy of figures that has the PNGs which are drawn on demand, in
// as many goroutines as there are processors.
func drawFigures(dir string, figures []Figure) ([]Figure, error) {
	figures = slices.Clone(figures)
	failed := make([]error, len(figures))
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i := range figures {
		f := &figures[i]
		if len(f.PNG) > 0 || f.DrawPNG == nil {
			continue
		}
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			old, _ := os.ReadFile(filepath.Join(dir, filepath.FromSlash(figureFile(f.ID, ".png")))) // what can't be read is drawn
			if f.PNG, failed[i] = f.DrawPNG(old); failed[i] != nil {
				failed[i] = fmt.Errorf("figure %q: %w", f.ID, failed[i])
			}
		})
	}
	all.Wait()
	return figures, errors.Join(failed...)
}

// Read returns the report that Write put into dir.
func Read(dir string) (*Report, error) {
	r, err := ReadResults(dir)
	if err != nil {
		return nil, err
	}
	for i := range r.Figures {
		f := &r.Figures[i]
		for ext, content := range map[string]*[]byte{".svg": &f.SVG, ".png": &f.PNG, ".csv": &f.CSV} {
			name := figureFile(f.ID, ext)
			if !slices.Contains(f.Files, name) {
				continue
			}
			if *content, err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
				return nil, fmt.Errorf("report: read figure %s: %w", f.ID, err)
			}
		}
	}
	return r, nil
}

// ReadResults returns a report without the content of its figures. Path is a
// results.json, or a folder that holds one.
func ReadResults(path string) (*Report, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, resultsName)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("report: read results: %w", err)
	}
	r := new(Report)
	if err := json.Unmarshal(raw, r); err != nil {
		return nil, fmt.Errorf("report: read %s: %w", path, err)
	}
	if r.SchemaVersion != SchemaVersion {
		return nil, fmt.Errorf("report: %s has schema version %d, this program reads %d; make the report anew",
			path, r.SchemaVersion, SchemaVersion)
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("report: read %s: %w", path, err)
	}
	return r, nil
}

func tableFile(id, ext string) string  { return "tables/" + fileName(id) + ext }
func figureFile(id, ext string) string { return "figures/" + fileName(id) + ext }

// finished is a copy of r with the fields that Write sets.
func (r *Report) finished() *Report {
	f := *r
	f.Schema, f.SchemaVersion = schemaName, SchemaVersion
	f.Counts = map[string]int{}
	// Not slices.Clone: a list that is empty is [] in JSON and not null.
	f.Tables = append([]Table{}, r.Tables...)
	for i := range f.Tables {
		t := &f.Tables[i]
		t.Files = nil
		for _, ext := range tableFiles {
			t.Files = append(t.Files, tableFile(t.ID, ext))
		}
		t.Cells = append([]Cell{}, t.Cells...)
		for j := range t.Cells {
			c := &t.Cells[j]
			c.Ratio = ratio(c.Ours, c.Published)
			f.Counts[shown(c.Verdict)]++
		}
	}
	f.Figures = slices.Clone(r.Figures)
	for i := range f.Figures {
		g := &f.Figures[i]
		g.Files = []string{figureFile(g.ID, ".svg")}
		if len(g.PNG) > 0 {
			g.Files = append(g.Files, figureFile(g.ID, ".png"))
		}
		if len(g.CSV) > 0 {
			g.Files = append(g.Files, figureFile(g.ID, ".csv"))
		}
	}
	return &f
}

// ratio is a / b where it is a number.
func ratio(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	return Number(*a / *b)
}

// files renders every file, by its slash-separated name in the folder.
func (r *Report) files() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, t := range r.Tables {
		files[tableFile(t.ID, ".csv")] = t.csv()
		files[tableFile(t.ID, ".md")] = t.Markdown()
		files[tableFile(t.ID, ".tex")] = t.latex()
	}
	for _, f := range r.Figures {
		for ext, content := range map[string][]byte{".svg": f.SVG, ".png": f.PNG, ".csv": f.CSV} {
			if len(content) > 0 {
				files[figureFile(f.ID, ext)] = content
			}
		}
	}
	var page, results bytes.Buffer
	if err := r.html(&page); err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	enc := json.NewEncoder(&compact)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("encode results: %w", err)
	}
	// A line for each value, so that a change shows in a diff; indenting a file of
	// thousands of cells makes it a quarter longer.
	if err := json.Indent(&results, compact.Bytes(), "", ""); err != nil {
		return nil, fmt.Errorf("lay out results: %w", err)
	}
	files["report.html"] = page.Bytes()
	files[resultsName], files[schemaName] = results.Bytes(), schema
	return files, nil
}

// replace writes all files into a temporary folder within dir, which is on
// the same file system, and then moves each into place.
func replace(dir string, files map[string][]byte) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(dir, ".report-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	// results.json goes last: who waits for it finds the rest.
	names := slices.Sorted(maps.Keys(files))
	names = append(slices.DeleteFunc(names, func(n string) bool { return n == resultsName }), resultsName)
	temporary := func(i int) string { return filepath.Join(tmp, fmt.Sprint(i)) }
	for i, name := range names {
		if err := os.WriteFile(temporary(i), files[name], 0o644); err != nil {
			return err
		}
	}
	for i, name := range names {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.Rename(temporary(i), target); err != nil {
			return err
		}
	}
	return nil
}

// staleFiles lists what the report that is now in dir has and files has
// not. Without a readable report there is nothing to be sure of.
func staleFiles(dir string, files map[string][]byte) []string {
	raw, err := os.ReadFile(filepath.Join(dir, resultsName))
	if err != nil {
		return nil
	}
	var old Report
	if json.Unmarshal(raw, &old) != nil {
		return nil
	}
	var stale []string
	// The names are made from the ids and not read, so that no damaged file
	// can point elsewhere.
	add := func(id string, name func(id, ext string) string, exts ...string) {
		for _, ext := range exts {
			if n := name(id, ext); fileID.MatchString(id) && files[n] == nil {
				stale = append(stale, n)
			}
		}
	}
	for _, t := range old.Tables {
		add(t.ID, tableFile, tableFiles...)
	}
	for _, f := range old.Figures {
		add(f.ID, figureFile, ".svg", ".png", ".csv")
	}
	return stale
}
