// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package bundle packs a folder of records and their report into one zip archive
// that says what it is and can be checked on another machine.
//
// Beside the folder's own files an archive holds two more: SHA256SUMS, with a
// line for each other file (sha256sum -c reads it), and ro-crate-metadata.json,
// which describes them as an RO-Crate 1.1 of the profile Process Run Crate 0.5:
// what the files are, which command of which version made them, and what to cite.
// The same folder and description give the same bytes.
//
//	err := bundle.Write(file, os.DirFS("results/quick"), bundle.Description{Name: "…"})
//	b, err := bundle.Open("quick.zip") // refuses an archive that was tampered with
//	defer b.Close()
//	findings, err := store.Verify(b, "quick.zip") // the records in it
package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

const (
	sumsName  = "SHA256SUMS"
	crateName = "ro-crate-metadata.json"
)

// file is one of an archive's files.
type file struct {
	path string // slash-separated
	size int64
	sum  string // SHA-256 in hex
}

// Write packs all files of a folder. Those whose name, or whose folder's name,
// begins with a point are left out.
func Write(w io.Writer, folder fs.FS, d Description) error {
	files, err := list(folder)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	crate, err := d.crate(files)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	listed := append(slices.Clone(files), file{path: crateName, size: int64(len(crate)), sum: hash(crate)})
	z := zip.NewWriter(w)
	// The description goes first: who opens the archive finds it at once.
	if err := pack(z, crateName, d, bytes.NewReader(crate)); err != nil {
		return err
	}
	if err := pack(z, sumsName, d, bytes.NewReader(formatSums(listed))); err != nil {
		return err
	}
	for _, f := range files {
		content, err := folder.Open(f.path)
		if err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
		sum := sha256.New()
		err = pack(z, f.path, d, io.TeeReader(content, sum))
		content.Close()
		if err != nil {
			return err
		}
		if hex.EncodeToString(sum.Sum(nil)) != f.sum {
			return fmt.Errorf("bundle: %s changed while it was packed; try again", f.path)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return nil
}

// pack adds a file under a fixed date, so that the same content is the same
// archive.
func pack(z *zip.Writer, path string, d Description, content io.Reader) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: d.Finished.UTC()})
	if err == nil {
		_, err = io.Copy(f, content)
	}
	if err != nil {
		return fmt.Errorf("bundle: packing %s: %w", path, err)
	}
	return nil
}

// list reads the names, sizes and checksums of a folder's files, in order.
func list(folder fs.FS) ([]file, error) {
	var files []file
	err := fs.WalkDir(folder, ".", func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir(), path == sumsName, path == crateName:
			return nil // these two are made anew
		case !e.Type().IsRegular():
			return fmt.Errorf("%s is no ordinary file; remove it from the folder", path)
		case strings.ContainsAny(path, "\n\r\\"):
			return fmt.Errorf("the name %q does not fit into %s; rename the file", path, sumsName)
		}
		content, err := folder.Open(path)
		if err != nil {
			return err
		}
		defer content.Close()
		sum := sha256.New()
		size, err := io.Copy(sum, content)
		files = append(files, file{path, size, hex.EncodeToString(sum.Sum(nil))})
		return err
	})
	return files, err
}

// formatSums writes checksums as sha256sum does.
func formatSums(files []file) []byte {
	files = slices.SortedFunc(slices.Values(files), func(a, b file) int { return strings.Compare(a.path, b.path) })
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", f.sum, f.path)
	}
	return b.Bytes()
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
