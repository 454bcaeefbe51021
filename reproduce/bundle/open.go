// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Limits of what is unpacked: an archive from elsewhere may be made to fill the
// disk. The whole of the largest preset stays below a hundredth of them.
const (
	maxFiles = 100_000
	maxBytes = 4 << 30
)

// Bundle is an archive whose files all match its checksums. It is a file system
// of those files.
type Bundle struct {
	fs.FS
	// SHA256 is the checksum of the archive itself. An archive that someone made
	// anew, checksums and all, is told from the one that was published by this.
	SHA256 string

	archive *os.File
	files   []string
}

// TamperedError says what is wrong with an archive, a line each.
type TamperedError struct{ Reasons []string }

func (e *TamperedError) Error() string {
	const shown = 5
	lines := e.Reasons
	if n := len(lines) - shown; n > 0 {
		lines = append(slices.Clone(lines[:shown]), fmt.Sprintf("and %d more", n))
	}
	return "bundle: the archive is not as it was made: " + strings.Join(lines, "; ")
}

// Open opens an archive and compares every file with the checksums. What is
// missing, was added or differs is a *TamperedError.
func Open(name string) (*Bundle, error) {
	archive, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	b, err := open(archive)
	if err != nil {
		archive.Close()
		return nil, err
	}
	return b, nil
}

// Close closes the archive.
func (b *Bundle) Close() error { return b.archive.Close() }

func open(archive *os.File) (*Bundle, error) {
	sum := sha256.New()
	size, err := io.Copy(sum, archive)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	z, err := zip.NewReader(archive, size)
	if err != nil {
		return nil, fmt.Errorf("bundle: %s is no zip archive (%w)", archive.Name(), err)
	}
	b := &Bundle{FS: z, SHA256: hex.EncodeToString(sum.Sum(nil)), archive: archive}
	found, tampered := contents(z)
	if len(tampered) > 0 {
		return nil, &TamperedError{tampered}
	}
	if _, ok := found[sumsName]; !ok {
		return nil, fmt.Errorf("bundle: %s is no bundle (it holds no %s)", archive.Name(), sumsName)
	}
	listed, err := b.sums()
	if err != nil {
		return nil, &TamperedError{[]string{err.Error()}}
	}
	for p, f := range found {
		switch want, ok := listed[p]; {
		case p == sumsName:
		case !ok:
			tampered = append(tampered, p+" is not in "+sumsName)
		case want != f.sum:
			tampered = append(tampered, p+" does not match its checksum")
		}
		b.files = append(b.files, p)
	}
	for p := range listed {
		if _, ok := found[p]; !ok {
			tampered = append(tampered, p+" is missing")
		}
	}
	if len(tampered) == 0 {
		tampered = b.checkCrate(found)
	}
	if len(tampered) > 0 {
		slices.Sort(tampered)
		return nil, &TamperedError{tampered}
	}
	slices.Sort(b.files)
	return b, nil
}

// contents reads every file of an archive, for its size and checksum.
func contents(z *zip.Reader) (found map[string]file, tampered []string) {
	found = map[string]file{}
	left := int64(maxBytes)
	if len(z.File) > maxFiles {
		return nil, []string{fmt.Sprintf("it holds %d files, more than any bundle", len(z.File))}
	}
	for _, f := range z.File {
		// A name may not lead out of the folder that it is unpacked in.
		if !fs.ValidPath(f.Name) || f.Name == "." || !f.Mode().IsRegular() || strings.Contains(f.Name, `\`) {
			tampered = append(tampered, fmt.Sprintf("%q is no name for a file in it", f.Name))
			continue
		}
		if _, twice := found[f.Name]; twice {
			tampered = append(tampered, f.Name+" is there twice")
			continue
		}
		content, err := f.Open()
		if err != nil {
			tampered = append(tampered, f.Name+" can't be read: "+err.Error())
			continue
		}
		sum := sha256.New()
		size, err := io.Copy(sum, io.LimitReader(content, left+1))
		content.Close()
		if left -= size; left < 0 {
			return nil, []string{"it unpacks to more than any bundle"}
		}
		if err != nil {
			tampered = append(tampered, f.Name+" can't be read: "+err.Error())
			continue
		}
		found[f.Name] = file{f.Name, size, hex.EncodeToString(sum.Sum(nil))}
	}
	for name := range found {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if _, both := found[dir]; both {
				tampered = append(tampered, dir+" is a file and a folder")
			}
		}
	}
	return found, tampered
}

// sums reads SHA256SUMS.
func (b *Bundle) sums() (map[string]string, error) {
	data, err := fs.ReadFile(b, sumsName)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if _, err := hex.DecodeString(sum); !ok || err != nil || len(sum) != 2*sha256.Size || sums[name] != "" {
			return nil, fmt.Errorf("line %d of %s can't be read", n, sumsName)
		}
		sums[name] = sum
	}
	return sums, lines.Err()
}

// checkCrate compares what ro-crate-metadata.json says of the files with them.
func (b *Bundle) checkCrate(found map[string]file) (wrong []string) {
	data, err := fs.ReadFile(b, crateName)
	if err != nil {
		return []string{crateName + " is missing"}
	}
	var crate struct {
		Graph []struct {
			ID     string          `json:"@id"`
			Type   json.RawMessage `json:"@type"`
			Size   string          `json:"contentSize"`
			SHA256 string          `json:"sha256"`
		} `json:"@graph"`
	}
	if err := json.Unmarshal(data, &crate); err != nil {
		return []string{crateName + " can't be read: " + err.Error()}
	}
	described := map[string]bool{crateName: true, sumsName: true}
	for _, e := range crate.Graph {
		if string(e.Type) != `"File"` || e.ID == sumsName {
			continue
		}
		name, err := url.PathUnescape(e.ID)
		f, ok := found[name]
		if err != nil || !ok || e.SHA256 != f.sum || e.Size != strconv.FormatInt(f.size, 10) {
			wrong = append(wrong, crateName+" says something else of "+e.ID)
		}
		described[name] = true
	}
	for name := range found {
		if !described[name] {
			wrong = append(wrong, crateName+" does not describe "+name)
		}
	}
	return wrong
}

// Unpack writes the archive's files into a folder, which must be empty or not be
// there.
func (b *Bundle) Unpack(dir string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("bundle: the folder %s is not empty; choose another", dir)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("bundle: %w", err)
	}
	for _, name := range b.files {
		data, err := fs.ReadFile(b, name)
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o755)
		}
		if err == nil {
			err = os.WriteFile(to, data, 0o644)
		}
		if err != nil {
			return fmt.Errorf("bundle: unpacking %s: %w", name, err)
		}
	}
	return nil
}
