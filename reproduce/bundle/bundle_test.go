// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var folder = fstest.MapFS{
	"report.html":             {Data: []byte("<p>all of it</p>")},
	"results.json":            {Data: []byte(`{"cells": 12}`)},
	"runs/pinn-1/weights.npz": {Data: bytes.Repeat([]byte{0, 1, 2}, 5000)},
	"runs/pinn-1/config.json": {Data: []byte("{}")},
	"tables/with blank.csv":   {Data: []byte("a,b\n")},
	".DS_Store":               {Data: []byte("not ours")},
	".git/config":             {Data: []byte("not ours")},
}

// packed are the files above that are packed, and the two that are added.
var packed = []string{sumsName, "report.html", "results.json", crateName, "runs/pinn-1/config.json", "runs/pinn-1/weights.npz", "tables/with blank.csv"}

var description = Description{
	Name: "Results", Text: "All results.", Command: "reproduce run --preset smoke", Version: "0123456789ab",
	Finished: time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("east", 3600)),
	Titles:   map[string]string{"report.html": "The report"},
}

func archive(t testing.TB, folder fs.FS, d Description) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, folder, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// opened writes an archive to a file and opens it.
func opened(t testing.TB, data []byte) (*Bundle, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "b.zip")
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	b, err := Open(name)
	if err == nil {
		t.Cleanup(func() { b.Close() })
	}
	return b, err
}

func TestRoundTrip(t *testing.T) {
	b, err := opened(t, archive(t, folder, description))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(b.files, packed) {
		t.Errorf("packed are %v, want %v", b.files, packed)
	}
	dir := filepath.Join(t.TempDir(), "new")
	if err := b.Unpack(dir); err != nil {
		t.Fatal(err)
	}
	for name, f := range folder {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if strings.HasPrefix(name, ".") {
			if err == nil {
				t.Errorf("%s was packed", name)
			}
		} else if err != nil || !bytes.Equal(data, f.Data) {
			t.Errorf("%s is %q, %v", name, data, err)
		}
	}
	if err := b.Unpack(dir); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("unpacking over files gives %v", err)
	}
	// Another program reads the checksums.
	if _, err := exec.LookPath("sha256sum"); err == nil {
		cmd := exec.Command("sha256sum", "--check", "--strict", sumsName)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || strings.Count(string(out), ": OK\n") != len(packed)-1 {
			t.Errorf("sha256sum: %v\n%s", err, out)
		}
	}
}

func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, folder); err != nil {
		t.Fatal(err)
	}
	a, b := archive(t, folder, description), archive(t, os.DirFS(dir), description)
	if !bytes.Equal(a, b) {
		t.Error("the same files make two archives")
	}
	b2, err := opened(t, a)
	if err != nil {
		t.Fatal(err)
	}
	if b2.SHA256 != hash(a) {
		t.Errorf("the archive's checksum is %s, want %s", b2.SHA256, hash(a))
	}
}

// What RO-Crate 1.1 asks of the metadata (sections 3 to 6 of its specification)
// and Process Run Crate 0.5 of the action. A validator is the better witness:
// rocrate-validator 0.13 finds all required checks of both passed.
func TestCrate(t *testing.T) {
	b, err := opened(t, archive(t, folder, description))
	if err != nil {
		t.Fatal(err)
	}
	data, err := fs.ReadFile(b, crateName)
	if err != nil {
		t.Fatal(err)
	}
	var crate struct {
		Context []any            `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal(data, &crate); err != nil {
		t.Fatal(err)
	}
	if len(crate.Context) == 0 || crate.Context[0] != "https://w3id.org/ro/crate/1.1/context" {
		t.Errorf("context is %v", crate.Context)
	}
	byID := map[string]map[string]any{}
	for _, e := range crate.Graph {
		id, _ := e["@id"].(string)
		if id == "" || e["@type"] == nil || byID[id] != nil {
			t.Errorf("entity %v has no id or type, or is there twice", e)
		}
		byID[id] = e
	}
	// Every reference within the graph leads somewhere, but for the two profiles
	// and terms that the specification itself defines.
	outside := map[string]bool{"https://w3id.org/ro/crate/1.1": true}
	var follow func(at string, v any)
	follow = func(at string, v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				follow(at, x)
			}
		case map[string]any:
			if id, _ := v["@id"].(string); byID[id] == nil && !outside[id] {
				t.Errorf("%s refers to %q, which is not described", at, id)
			}
		}
	}
	for id, e := range byID {
		for key, v := range e {
			follow(id+"."+key, v)
		}
	}
	at := func(v any, path ...any) any {
		for _, p := range path {
			switch p := p.(type) {
			case string:
				v = v.(map[string]any)[p]
			case int:
				v = v.([]any)[p]
			}
		}
		return v
	}
	root := byID["./"]
	for key, want := range map[string]any{"name": "Results", "description": "All results.", "datePublished": "2026-01-02T02:04:05+00:00"} {
		if root[key] != want {
			t.Errorf("the root's %s is %v, want %v", key, root[key], want)
		}
	}
	if root["license"] == nil || root["author"] == nil || len(at(root, "citation").([]any)) != 2 {
		t.Errorf("the root is %v", root)
	}
	if byID[crateName] == nil || at(byID[crateName], "about", "@id") != "./" {
		t.Error("the metadata do not say what they are about")
	}
	run := byID[at(root, "mentions", "@id").(string)]
	if run["@type"] != "CreateAction" || run["name"] != description.Command || run["endTime"] != root["datePublished"] {
		t.Errorf("the action is %v", run)
	}
	if program := byID[at(run, "instrument", "@id").(string)]; program["softwareVersion"] != description.Version {
		t.Errorf("its instrument is %v", program)
	}
	parts := map[string]bool{}
	for _, p := range root["hasPart"].([]any) {
		parts[at(p, "@id").(string)] = true
	}
	// All but the metadata themselves are parts, the blank escaped.
	for _, name := range packed {
		name = strings.ReplaceAll(name, " ", "%20")
		if name != crateName && (!parts[name] || byID[name]["encodingFormat"] == nil) {
			t.Errorf("%s is no part or not described", name)
		}
	}
	html := byID["report.html"]
	want := map[string]any{
		"@id": "report.html", "@type": "File", "name": "The report", "alternateName": "report.html",
		"encodingFormat": "text/html", "contentSize": "16", "sha256": hash(folder["report.html"].Data),
	}
	if !reflect.DeepEqual(html, want) {
		t.Errorf("the report is %v, want %v", html, want)
	}
}

// rezip packs an archive anew after a change to its files.
func rezip(t *testing.T, data []byte, change func(files map[string][]byte)) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	change(files)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTampered(t *testing.T) {
	sound := archive(t, folder, description)
	if _, err := opened(t, rezip(t, sound, func(map[string][]byte) {})); err != nil {
		t.Fatalf("packed anew by another program: %v", err)
	}
	resum := func(files map[string][]byte) {
		var listed []file
		for name, data := range files {
			if name != sumsName {
				listed = append(listed, file{path: name, sum: hash(data)})
			}
		}
		files[sumsName] = formatSums(listed)
	}
	for name, c := range map[string]struct {
		change func(files map[string][]byte)
		want   string
	}{
		"a number": {func(f map[string][]byte) { f["results.json"] = []byte(`{"cells": 13}`) }, "results.json does not match its checksum"},
		"a number and its checksum": {func(f map[string][]byte) {
			f["results.json"] = []byte(`{"cells": 13}`)
			resum(f)
		}, "says something else of results.json"},
		"a file too many": {func(f map[string][]byte) { f["runs/x"] = nil }, "runs/x is not in SHA256SUMS"},
		"a file too many, listed": {func(f map[string][]byte) {
			f["runs/x"] = nil
			resum(f)
		}, "does not describe runs/x"},
		"a file too few": {func(f map[string][]byte) { delete(f, "report.html") }, "report.html is missing"},
		"a file too few, unlisted": {func(f map[string][]byte) {
			delete(f, "report.html")
			resum(f)
		}, "says something else of report.html"},
		"swapped": {func(f map[string][]byte) {
			f["report.html"], f["results.json"] = f["results.json"], f["report.html"]
		}, "report.html does not match"},
		"the metadata": {func(f map[string][]byte) {
			f[crateName] = bytes.ReplaceAll(f[crateName], []byte("0123456789ab"), []byte("ba9876543210"))
		}, crateName + " does not match"},
		"no metadata": {func(f map[string][]byte) {
			delete(f, crateName)
			resum(f)
		}, crateName + " is missing"},
		"a line of checksums":     {func(f map[string][]byte) { f[sumsName] = append(f[sumsName], "x\n"...) }, "line 7 of SHA256SUMS can't be read"},
		"a way out of the folder": {func(f map[string][]byte) { f["../evil"] = nil }, `"../evil" is no name`},
		"an absolute name":        {func(f map[string][]byte) { f["/evil"] = nil }, `"/evil" is no name`},
		"a file in a file":        {func(f map[string][]byte) { f["report.html/x"] = nil }, "report.html is a file and a folder"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := opened(t, rezip(t, sound, c.change))
			var tampered *TamperedError
			if !errors.As(err, &tampered) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("want a line that says %q, got %v", c.want, err)
			}
		})
	}
	t.Run("a name twice", func(t *testing.T) {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for range 2 {
			if _, err := w.Create("report.html"); err != nil {
				t.Fatal(err)
			}
		}
		w.Close()
		if _, err := opened(t, out.Bytes()); err == nil || !strings.Contains(err.Error(), "twice") {
			t.Errorf("got %v", err)
		}
	})
}

// Bits flipped anywhere in the archive: it is refused, or all files are as they
// were (a date in a head has changed, say).
func TestFlippedBits(t *testing.T) {
	sound := archive(t, folder, description)
	r := rand.New(rand.NewPCG(6, 0))
	refused := 0
	const n = 500
	for range n {
		data := bytes.Clone(sound)
		at := r.IntN(len(data))
		data[at] ^= 1 << r.IntN(8)
		b, err := opened(t, data)
		if err != nil {
			refused++
			continue
		}
		if !slices.Equal(b.files, packed) {
			t.Fatalf("byte %d: the files are %v", at, b.files)
		}
		for _, name := range packed {
			f, ok := folder[name]
			if got, err := fs.ReadFile(b, name); ok && (err != nil || !bytes.Equal(got, f.Data)) {
				t.Fatalf("byte %d: %s is another, %v", at, name, err)
			}
		}
	}
	if refused < n/2 {
		t.Errorf("only %d of %d were refused", refused, n)
	}
}

func TestNoBundle(t *testing.T) {
	var empty bytes.Buffer
	if err := zip.NewWriter(&empty).Close(); err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string][]byte{"is no zip archive": []byte("hello"), "is no bundle": empty.Bytes()} {
		if _, err := opened(t, data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q, got %v", want, err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.zip")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestWriteRefuses(t *testing.T) {
	for want, folder := range map[string]fs.FS{
		"no ordinary file": fstest.MapFS{"link": {Mode: fs.ModeSymlink, Data: []byte("elsewhere")}},
		"rename the file":  fstest.MapFS{"a\nb": {}},
	} {
		if err := Write(io.Discard, folder, description); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q, got %v", want, err)
		}
	}
}

// A message of many reasons stays a line that can be read.
func TestManyReasons(t *testing.T) {
	e := &TamperedError{}
	for i := range 100 {
		e.Reasons = append(e.Reasons, fmt.Sprintf("file %d is missing", i))
	}
	if text := e.Error(); len(text) > 300 || !strings.Contains(text, "and 95 more") {
		t.Errorf("it says %q", text)
	}
}
