// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
)

// Cached returns numbers that were kept under a key by [Store.Cache], nil where
// there are none or the file does not match its checksum.
func (s *Store) Cached(key string) []float64 {
	data, err := os.ReadFile(s.cacheFile(key))
	if err != nil || len(data) < sha256.Size {
		return nil
	}
	sum, body := data[:sha256.Size], data[sha256.Size:]
	if want := cacheSum(key, body); !bytes.Equal(sum, want[:]) {
		return nil
	}
	xs := make([]float64, len(body)/8)
	if _, err := binary.Decode(body, binary.LittleEndian, xs); err != nil {
		return nil
	}
	return xs
}

// Cache keeps numbers that can be computed again, from records or without. What
// can't be written is not kept.
func (s *Store) Cache(key string, xs []float64) {
	body, err := binary.Append(nil, binary.LittleEndian, xs)
	if err != nil {
		return
	}
	sum := cacheSum(key, body)
	if os.MkdirAll(filepath.Join(s.dir, "cache"), 0o755) == nil {
		// What a power cut takes is computed again: the disk need not be waited for.
		_ = replace(s.cacheFile(key), append(sum[:], body...), false)
	}
}

func (s *Store) cacheFile(key string) string { return filepath.Join(s.dir, "cache", key) }

// cacheSum covers the key too: a file under another's name is not served.
func cacheSum(key string, body []byte) [sha256.Size]byte {
	return sha256.Sum256(append([]byte(key+"\n"), body...))
}
