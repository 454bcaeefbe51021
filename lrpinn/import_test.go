// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// testdata/checkpoint.py writes phase1.pt and phase2.pt, of width 8, and what
// their networks compute by NumPy.
const importWidth = 8

var importRanks = [lrpinn.Layers]int{3, 8, 5}

func read(t *testing.T, path string) *lrpinn.Checkpoint {
	t.Helper()
	c, err := lrpinn.ReadCheckpoint(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestImportedNetworksComputeWhatNumPyDoes(t *testing.T) {
	file, err := os.ReadFile("testdata/checkpoint.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][]float64
	if err := json.Unmarshal(file, &want); err != nil {
		t.Fatal(err)
	}
	// NumPy and we read the same float32 weights and compute in float64.
	const tolerance = 1e-12

	c := read(t, "testdata/phase1.pt")
	if c.Phase != 1 || c.Width != importWidth {
		t.Errorf("phase %d of width %d, want 1 and %d", c.Phase, c.Width, importWidth)
	}
	mu := train.Datum{Name: pinn.MuDatum, Value: train.FromRows(goldenMus[:1])}
	if d := distance(at(t, c.Weights, []train.Datum{mu}, "float64", lrpinn.Phase1Network), want["phase1"]); d > tolerance {
		t.Errorf("Phase 1: u differs by %g", d)
	}
	// What is imported is what Phase 1 trains, no more and no less.
	own := traintest.Values(lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, Width: importWidth}.Task())
	if got, want := slices.Sorted(maps.Keys(c.Weights)), slices.Sorted(maps.Keys(own)); !slices.Equal(got, want) {
		t.Errorf("weights %v, want %v", got, want)
	}
	for name, a := range own {
		if !slices.Equal(c.Weights[name].Dims, a.Dims) {
			t.Errorf("%s has shape %v, want %v", name, c.Weights[name].Dims, a.Dims)
		}
	}

	c = read(t, "testdata/phase2.pt")
	if c.Phase != 2 || c.Width != importWidth || c.Ranks != importRanks {
		t.Errorf("phase %d of width %d and ranks %v, want 2, %d and %v", c.Phase, c.Width, c.Ranks, importWidth, importRanks)
	}
	// A Phase 2 that goes on from the file.
	task := lrpinn.Phase2{Setup: tiny(t), Mu: goldenMus[0], Rank: lrpinn.FullRank, Start: c.Weights, Diagonals: c.Diagonals}.Task()
	if d := distance(at(t, traintest.Values(task), task.Data, "float64", lrpinn.Phase2Network), want["phase2"]); d > tolerance {
		t.Errorf("Phase 2: u differs by %g", d)
	}
}

// The errors of an imported network are those of its u, which the test above
// checks: here that both phases are evaluated, at each μ its own.
func TestEvaluateCheckpoint(t *testing.T) {
	b, setup := traintest.Open(t), convection(t, 10)
	mus := [][]float64{{1, 0, 0}, {3, 0, 0}}
	for _, path := range []string{"testdata/phase1.pt", "testdata/phase2.pt"} {
		es, err := read(t, path).Evaluate(b, setup, mus...)
		if err != nil {
			t.Fatal(err)
		}
		if len(es) != 2 || !slices.Equal(es[0].Mu, mus[0]) || !slices.Equal(es[1].Mu, mus[1]) {
			t.Fatalf("%s: evaluations %v, want one at each of %v", path, es, mus)
		}
		if es[0].Grid == es[1].Grid || es[0].Test == es[1].Test || es[0].ResidualGrid == es[1].ResidualGrid {
			t.Errorf("%s: the same errors at %v", path, mus)
		}
	}
	if _, err := read(t, "testdata/phase1.pt").Evaluate(b, setup, []float64{1}); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a μ of one entry gave %v, want an error of one line", err)
	}
}

// rewrite returns a PyTorch file with its records changed.
func rewrite(t *testing.T, path string, method uint16, change func(records map[string][]byte)) []byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	records := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		_, name, _ := strings.Cut(f.Name, "/")
		records[name] = data
	}
	change(records)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(records)) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: "net/" + name, Method: method})
		if err == nil {
			_, err = f.Write(records[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// inPickle replaces bytes of data.pkl, once.
func inPickle(from, to string) func(map[string][]byte) {
	return func(records map[string][]byte) {
		if !bytes.Contains(records["data.pkl"], []byte(from)) {
			panic("data.pkl does not contain " + from)
		}
		records["data.pkl"] = bytes.Replace(records["data.pkl"], []byte(from), []byte(to), 1)
	}
}

func TestMalformedCheckpointsGiveOneClearLine(t *testing.T) {
	const phase1, phase2 = "testdata/phase1.pt", "testdata/phase2.pt"
	dir := t.TempDir()
	for i, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"untouched, to see that rewriting is harmless", rewrite(t, phase1, zip.Store, func(map[string][]byte) {}), ""},
		{"empty", nil, "not a whole PyTorch file"},
		{"text", []byte("<!DOCTYPE html>\n<title>404</title>\n"), "not a whole PyTorch file"},
		{"a zip of something else", rewrite(t, phase1, zip.Store, func(r map[string][]byte) { clear(r) }), `no "data.pkl"`},
		{"compressed", rewrite(t, phase1, zip.Deflate, func(map[string][]byte) {}), "compressed"},
		{"big-endian", rewrite(t, phase1, zip.Store, func(r map[string][]byte) { r["byteorder"] = []byte("big") }), "byte order"},
		{"no numbers", rewrite(t, phase1, zip.Store, func(r map[string][]byte) { delete(r, "data/4") }), `no "data/4"`},
		{"too few numbers", rewrite(t, phase1, zip.Store, func(r map[string][]byte) { r["data/4"] = r["data/4"][4:] }), "expected 256 for 64 float32"},
		{"a pickle that runs a command", rewrite(t, phase1, zip.Store, inPickle("ctorch._utils\n_rebuild_tensor_v2\n", "cposix\nsystem\n")), `"posix system"`},
		{"doubles", rewrite(t, phase1, zip.Store, inPickle("ctorch\nFloatStorage\n", "ctorch\nDoubleStorage\n")), "DoubleStorage"},
		{"an opcode out of place", rewrite(t, phase1, zip.Store, inPickle("}q", "]q")), "opcode 0x5d"},
		{"a pickle cut short", rewrite(t, phase1, zip.Store, func(r map[string][]byte) { r["data.pkl"] = r["data.pkl"][:200] }), "ends too early"},
		{"a string of 4 GiB", rewrite(t, phase1, zip.Store, inPickle("X\x0b\x00\x00\x00col_basis_0", "X\xff\xff\xff\xffcol_basis_0")), "ends too early"},
		{"an odd number of items", rewrite(t, phase1, zip.Store, inPickle("}q", "q\x00}q")), "malformed"},
		{"a huge pickle", rewrite(t, phase1, zip.Store, func(r map[string][]byte) { r["data.pkl"] = make([]byte, 1<<20) }), "at most 65536"},
		{"a tensor renamed", rewrite(t, phase1, zip.Store, inPickle("col_basis_1", "col_basis_7")), `"col_basis_1" is missing`},
		{"a tensor more", rewrite(t, phase2, zip.Store, inPickle("alpha_0", "alpha_7")), "neither Phase 1"},
		{"another network", rewrite(t, phase1, zip.Store, inPickle("meta_layer_1.weight", "beta_layer_1.weight")), "neither Phase 1"},
		// The first tensor, col_basis_0: (8, 8) with strides (8, 1).
		{"a wrong shape", rewrite(t, phase1, zip.Store, inPickle("K\x08K\x08\x86", "K\x08K\x07\x86")), "shape [8 7]; expected [8 8]"},
		{"a shape larger than its storage", rewrite(t, phase1, zip.Store, inPickle("K\x08K\x08\x86", "K\x63K\x08\x86")), "does not fit its storage"},
		{"one number for all of a large shape", rewrite(t, phase1, zip.Store, func(r map[string][]byte) {
			inPickle("K\x08K\x08\x86", "K\x20K\x08\x86")(r)
			inPickle("K\x08K\x01\x86", "K\x00K\x00\x86")(r)
		}), "more numbers than its storage"},
		{"strides out of the storage", rewrite(t, phase1, zip.Store, inPickle("K\x08K\x01\x86", "K\x09K\x01\x86")), "does not fit its storage"},
		{"a negative shape", rewrite(t, phase1, zip.Store, inPickle("K\x08K\x08\x86", "J\xff\xff\xff\xffK\x08\x86")), "does not fit its storage"},
	} {
		path := filepath.Join(dir, strings.Repeat("a", i+1)+".pt")
		if err := os.WriteFile(path, c.file, 0o600); err != nil {
			t.Fatal(err)
		}
		checkReading(t, c.name, path, c.want)
	}
	checkReading(t, "a folder", dir, "not a regular file")
	missing := filepath.Join(dir, "missing.pt")
	checkReading(t, "a missing file", missing, "no such file")
	if _, err := lrpinn.ReadCheckpoint(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
}

// checkReading expects an error with the file's name and the word, in one line;
// no error where want is empty.
func checkReading(t *testing.T, name, path, want string) {
	t.Helper()
	_, err := lrpinn.ReadCheckpoint(path)
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", name, err)
	case want == "":
	case err == nil:
		t.Errorf("%s: read without an error", name)
	case !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want):
		t.Errorf("%s: error %q, want one that names the file and contains %q", name, err, want)
	case strings.Contains(err.Error(), "\n") || len(err.Error()) > 300+len(path):
		t.Errorf("%s: error of more than a line: %q", name, err)
	}
}

func TestTruncatedCheckpoints(t *testing.T) {
	for _, source := range []string{"testdata/phase1.pt", "testdata/phase2.pt"} {
		file, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "cut.pt")
		for n := 0; n < len(file); n++ {
			if n < len(file)-100 && n%13 != 0 {
				continue // byte by byte only at the archive's end
			}
			if err := os.WriteFile(path, file[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			checkReading(t, source, path, "not a whole PyTorch file")
		}
	}
}

// A changed byte gives an error or, where the archive has room for it (dates,
// attributes, names), the same weights: never a panic, and never other weights
// without an error, for the archive has checksums.
func TestCorruptCheckpoints(t *testing.T) {
	const source = "testdata/phase2.pt"
	file, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	want := read(t, source)
	path := filepath.Join(t.TempDir(), "corrupt.pt")
	errorCount := 0
	for i := 0; i < len(file); i += 3 {
		corrupt := bytes.Clone(file)
		corrupt[i] ^= 0x11
		if err := os.WriteFile(path, corrupt, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := lrpinn.ReadCheckpoint(path)
		if err != nil {
			errorCount++
			continue
		}
		for name, a := range want.Weights {
			if !a.Equal(c.Weights[name]) {
				t.Errorf("byte %d: %s was read with other numbers and no error", i, name)
			}
		}
	}
	if errorCount == 0 {
		t.Error("no change was noticed")
	}
}
