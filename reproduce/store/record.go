// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Record is a finished run.
type Record struct {
	Name     string
	Config   json.RawMessage
	History  train.History
	Metrics  Metrics
	Weights  map[string]train.Array // nil in a record that was published without
	Manifest Manifest
}

// Metrics are the numbers that a run is judged by.
type Metrics struct {
	// Parameters is the number of trained values.
	Parameters int `json:"parameters"`
	// Evaluations holds the errors at each parameter setting.
	Evaluations []pinn.Evaluation `json:"evaluations,omitempty"`
	// Ranks holds the ranks of the low-rank layers at each parameter setting.
	Ranks [][]int `json:"ranks,omitempty"`
	// Rollouts are a learnt right-hand side's trajectories from each test case.
	Rollouts []pinn.Rollout `json:"rollouts,omitempty"`
	// Loss is the final loss by term, the first entry being the last step's.
	Loss map[string]float64 `json:"loss,omitempty"`
}

// Manifest says where a record comes from.
type Manifest struct {
	// Self is the SHA-256 of manifest.json with this field's digits all 0: the
	// machine and the times are evidence too. Where it is empty they are not
	// checked.
	Self string `json:"self,omitempty"`
	Name string `json:"name"`
	// Files maps each other file of the record to its SHA-256.
	Files map[string]string `json:"files"`
	// ParentWeights is the SHA-256 of the weights that the run started from.
	ParentWeights string       `json:"parent_weights,omitempty"`
	Backend       backend.Info `json:"backend"`
	// Versions of Go and of the modules that compute.
	Versions map[string]string `json:"versions"`
	// WallSeconds is the time of training and evaluation over all sittings.
	WallSeconds    float64 `json:"wall_s"`
	CompileSeconds float64 `json:"compile_s"`
	StepsPerSecond float64 `json:"steps_per_s"`
	// Batch is the number of runs that were trained together, this one included; 0 is
	// 1. Each has its share of the times above, so that those of all add up.
	Batch int `json:"batch,omitempty"`
	// PeakMemoryMB is the process's peak resident memory when the run ended.
	PeakMemoryMB float64 `json:"peak_memory_mb"`
	// Micros are the medians of what was timed of the trained network, in µs by
	// what was timed.
	Micros   map[string]float64 `json:"micros,omitempty"`
	Sittings int                `json:"sittings"`
	Finished time.Time          `json:"finished"`
}

// DamagedError says that a record's files don't match its manifest.
type DamagedError struct{ Name, Reason string }

func (e *DamagedError) Error() string {
	return fmt.Sprintf("store: record %s is damaged: %s", e.Name, e.Reason)
}

// Get returns a record, or nil where there is none. A record whose files don't
// match its manifest is set aside under damaged/ and counts as none; the reason
// is kept beside it.
func (s *Store) Get(name string) (*Record, error) {
	r, err := s.Read(name)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		err = s.setAside(Place{Name: name}, damaged.Reason)
	}
	for _, other := range s.reuse {
		if r != nil || err != nil {
			break
		}
		if !other.lends(name) {
			continue
		}
		if r, err = read(os.DirFS(other.dir), name); errors.As(err, &damaged) {
			r, err = nil, nil // not ours to set aside
		}
	}
	return r, err
}

// Read returns a record, nil where there is none, or a *DamagedError.
func (s *Store) Read(name string) (*Record, error) { return read(os.DirFS(s.dir), name) }

func read(store fs.FS, name string) (*Record, error) {
	return readAt(store, Place{Name: name})
}

// readAt is the same of a record or a replica.
func readAt(store fs.FS, at Place) (*Record, error) {
	if err := at.check(); err != nil {
		return nil, err
	}
	name, dir := at.Name, at.path()
	data, err := fs.ReadFile(store, path.Join(dir, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := fs.Stat(store, dir); err == nil {
			return nil, &DamagedError{at.String(), "manifest.json is missing"}
		}
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: record %s: %w", at, err)
	}
	r := &Record{Name: name}
	if err := json.Unmarshal(data, &r.Manifest); err != nil || r.Manifest.Name != name {
		return nil, &DamagedError{at.String(), "manifest.json does not describe this record"}
	}
	if self := r.Manifest.Self; self != "" && self != hash(bytes.Replace(data, []byte(self), []byte(unsigned), 1)) {
		return nil, &DamagedError{at.String(), "manifest.json does not match its own checksum"}
	}
	for _, required := range []string{"config.json", "history.csv", "metrics.json"} {
		if r.Manifest.Files[required] == "" {
			return nil, &DamagedError{at.String(), "the manifest lacks " + required}
		}
	}
	files := map[string][]byte{}
	for file, sum := range r.Manifest.Files {
		data, err := fs.ReadFile(store, path.Join(dir, path.Base(file)))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &DamagedError{at.String(), file + " is missing"}
		}
		if err != nil { // such as too many open files: the record may be sound
			return nil, fmt.Errorf("store: record %s: %w", at, err)
		}
		if hash(data) != sum {
			return nil, &DamagedError{at.String(), file + " does not match its checksum"}
		}
		files[file] = data
	}
	r.Config = files["config.json"]
	if err := json.Unmarshal(files["metrics.json"], &r.Metrics); err != nil {
		return nil, &DamagedError{at.String(), "metrics.json: " + err.Error()}
	}
	if r.History, err = parseHistory(files["history.csv"]); err != nil {
		return nil, &DamagedError{at.String(), "history.csv: " + err.Error()}
	}
	if data, ok := files["weights.npz"]; ok {
		if r.Weights, err = train.ReadNPZ(data); err != nil {
			return nil, &DamagedError{at.String(), "weights.npz: " + err.Error()}
		}
	}
	return r, nil
}

// unsigned stands in for a manifest's own checksum while that is computed.
var unsigned = strings.Repeat("0", 2*sha256.Size)

// Put writes a finished run, without a file of weights where it has none, and
// returns what it reads back. Where the record is there already, it stays as it
// is and is what is returned.
func (s *Store) Put(c Config, r Record, dtype string) (*Record, error) {
	name := c.Name()
	config, err := c.Canonical()
	if err != nil {
		return nil, err
	}
	return s.put(Place{Name: name}, append(config, '\n'), r, dtype)
}

// put writes a record to its place.
func (s *Store) put(at Place, config []byte, r Record, dtype string) (*Record, error) {
	name := at.Name
	metrics, err := json.Marshal(r.Metrics) // without indents, a quarter shorter
	if err != nil {
		return nil, fmt.Errorf("store: record %s: %w", name, err)
	}
	files := map[string][]byte{
		"config.json":  config,
		"metrics.json": append(metrics, '\n'),
		"history.csv":  formatHistory(r.History),
	}
	if r.Weights != nil {
		var weights bytes.Buffer
		if err := train.WriteNPZ(&weights, r.Weights, dtype); err != nil {
			return nil, err
		}
		files["weights.npz"] = weights.Bytes()
	}
	r.Manifest.Self, r.Manifest.Name, r.Manifest.Files = unsigned, name, map[string]string{}
	for file, data := range files {
		r.Manifest.Files[file] = hash(data)
	}
	manifest, err := json.MarshalIndent(r.Manifest, "", " ")
	if err != nil {
		return nil, fmt.Errorf("store: record %s: %w", name, err)
	}
	manifest = append(manifest, '\n')
	files["manifest.json"] = bytes.Replace(manifest, []byte(unsigned), []byte(hash(manifest)), 1)

	if err := s.place(at, files); err != nil {
		return nil, err
	}
	// Read back what was written: what is served is what is on disk.
	return readAt(os.DirFS(s.dir), at)
}

// place makes a record's folder out of its files. Where a sound one is there
// already, it stays: of several writers of one name the first has it, and all wrote
// the same.
func (s *Store) place(at Place, files map[string][]byte) error {
	if err := at.check(); err != nil {
		return err
	}
	// Another process may have found it empty and removed it, as publish does.
	if err := os.MkdirAll(filepath.Join(s.dir, "tmp"), 0o755); err != nil {
		return fmt.Errorf("store: %w", noRoom(s.dir, err))
	}
	tmp, err := os.MkdirTemp(filepath.Join(s.dir, "tmp"), at.Name+"-*")
	if err != nil {
		return fmt.Errorf("store: %w", noRoom(s.dir, err))
	}
	defer os.RemoveAll(tmp)
	for file, data := range files {
		if err := writeAtomic(filepath.Join(tmp, file), data); err != nil {
			return fmt.Errorf("store: record %s: %w", at, err)
		}
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return fmt.Errorf("store: record %s: %w", at, err)
	}
	to := filepath.Join(s.dir, filepath.FromSlash(at.path()))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return fmt.Errorf("store: record %s: %w", at, noRoom(s.dir, err))
	}
	// Twice more: what is in the way may be damaged, or be set aside by another
	// process just now.
	for range 3 {
		if err = os.Rename(tmp, to); err == nil {
			return nil
		}
		existing, rerr := readAt(os.DirFS(s.dir), at)
		if existing != nil {
			return nil
		}
		// It was damaged while this run was under way: ours takes its place.
		if damaged, ok := errors.AsType[*DamagedError](rerr); ok {
			if rerr := s.setAside(at, damaged.Reason); rerr != nil {
				return rerr
			}
		}
	}
	return fmt.Errorf("store: record %s: %w", at, err)
}

// setAside moves a record out of the way, with the reason beside it. One that is not
// there any more was set aside by another process.
func (s *Store) setAside(at Place, why string) error {
	name := at.Name
	if at.Replica != "" {
		name += "." + at.Replica
	}
	err := s.moveAside(filepath.Join(s.dir, filepath.FromSlash(at.path())), name, why)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (s *Store) moveAside(from, name, why string) error {
	if err := os.MkdirAll(filepath.Join(s.dir, "damaged"), 0o755); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	for i := 1; ; i++ {
		to := filepath.Join(s.dir, "damaged", fmt.Sprintf("%s.%d", name, i))
		if _, err := os.Stat(to); err == nil {
			continue
		}
		if err := os.Rename(from, to); errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY) {
			continue // another process took the name just now
		} else if err != nil {
			return fmt.Errorf("store: setting %s aside: %w", name, err)
		}
		return writeAtomic(to+".reason", []byte(why+"\n"))
	}
}

// WeightsSHA256 is the checksum of a record's weights.
func (r *Record) WeightsSHA256() string { return r.Manifest.Files["weights.npz"] }

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
