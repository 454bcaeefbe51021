// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"pinn.example/repro/reproduce/store"
)

// Merged says what a merge did or, where nothing is to be written, would do.
type Merged struct {
	// Copied are the records, and Kept the replicas, that the store did not have.
	Copied, Kept []store.Place
	// There counts the records that it had already, with the same bits.
	There int
	// Unfinished counts the runs with a checkpoint and no record, which stay where
	// they are: a checkpoint goes on in the store that it was written in.
	Unfinished int
	// Replicas compare each replica, old or new, with the record of its name.
	Replicas []Compared
}

// Compared compares a replica with the record of its name.
type Compared struct {
	Record, Replica store.Place
	// Platforms are the fingerprints of both.
	Platforms [2]store.Fingerprint
	// RelL2 are the errors of both at the setting where they are furthest apart, and
	// Tolerance is how far they may be: as in [Retrain]. They are NaN where there is
	// nothing to compare, as for the same bits.
	RelL2     [2]float64
	Tolerance float64
	OK        bool
	Finding   string
}

// MergeConflict says that two stores have two results of one run under one platform
// fingerprint: one of them is wrong.
type MergeConflict struct {
	Name        string
	Fingerprint store.Fingerprint
	Stores      [2]string
	Differ      string // what differs
}

func (e *MergeConflict) Error() string {
	return fmt.Sprintf("%s: two results of one platform: %s (fingerprint %s) and %s (fingerprint %s) differ in %s; nothing was merged",
		e.Name, e.Stores[0], e.Fingerprint, e.Stores[1], e.Fingerprint, e.Differ)
}

// Merge joins stores: the finished records and replicas of from are copied, byte by
// byte, into the store into. Of a name that both have under one fingerprint the bits
// must be the same; under another fingerprint the record is kept as a replica, and
// the one that was there, or that the first of from has, stays the record. All is
// read and compared before anything is written: a *[MergeConflict] or a
// *[store.DamagedError], of which all are found and joined, leaves into as it is. With
// dry nothing is written. A merge that was stopped is gone on with by another.
func Merge(ctx context.Context, into string, from []string, dry bool) (*Merged, error) {
	m := &merger{into: into, records: map[string][]*mergeRecord{}, done: &Merged{}}
	for i, dir := range append([]string{into}, from...) {
		if err := m.read(ctx, dir, i == 0); err != nil {
			return nil, err
		}
	}
	if len(m.faults) > 0 {
		return nil, errors.Join(m.faults...)
	}
	if err := m.compare(); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(m.records)) {
		for _, r := range m.records[name] {
			switch {
			case r.there:
			case r.to.Replica == "":
				m.done.Copied = append(m.done.Copied, r.to)
			default:
				m.done.Kept = append(m.done.Kept, r.to)
			}
		}
	}
	if dry {
		return m.done, nil
	}
	return m.done, m.write(ctx)
}

// mergeRecord is a record of the joined store.
type mergeRecord struct {
	from     *store.Store
	at, to   store.Place
	manifest store.Manifest
	print    store.Fingerprint
	there    bool // in the store that is merged into
}

type merger struct {
	into    string
	stores  []*store.Store
	records map[string][]*mergeRecord // of a name; the first is the record
	faults  []error
	done    *Merged
}

// read reads a store and finds the place of each of its records.
func (m *merger) read(ctx context.Context, dir string, into bool) error {
	from, err := store.View(dir)
	if err != nil {
		return err
	}
	places, err := from.Places()
	if err != nil {
		return err
	}
	m.stores = append(m.stores, from)
	for _, at := range places {
		if ctx.Err() != nil {
			return errors.New("interrupted; nothing was merged")
		}
		record, err := from.Check(at)
		if damaged, ok := errors.AsType[*store.DamagedError](err); ok {
			m.faults = append(m.faults, fmt.Errorf("%s: %s is damaged: %s; nothing was merged (reproduce verify --set-aside %s moves it out of the way)", dir, at, damaged.Reason, dir))
			continue
		}
		if err != nil {
			return err
		}
		if record == nil {
			continue // set aside by another process just now
		}
		if err := m.add(&mergeRecord{from: from, at: at, to: at, manifest: record.Manifest, print: record.Manifest.Fingerprint(), there: into}); err != nil {
			return err
		}
	}
	if into {
		return nil
	}
	unfinished, err := filepath.Glob(filepath.Join(dir, "partial", "*", "checkpoint"))
	for _, file := range unfinished {
		name := filepath.Base(filepath.Dir(file))
		if !slices.Contains(places, store.Place{Name: name}) {
			m.done.Unfinished++
		}
	}
	return err
}

func (m *merger) add(r *mergeRecord) error {
	name := r.at.Name
	all := m.records[name]
	i := slices.IndexFunc(all, func(o *mergeRecord) bool { return o.print.String() == r.print.String() })
	if i < 0 {
		if !r.there {
			r.to = store.Place{Name: name}
			if len(all) > 0 {
				r.to.Replica = r.print.String()
			}
		}
		m.records[name] = append(all, r)
		return nil
	}
	what, same, err := m.same(all[i], r)
	switch {
	case err != nil:
		return err
	case !same:
		m.faults = append(m.faults, &MergeConflict{name, r.print, [2]string{all[i].from.Dir(), r.from.Dir()}, what})
	case all[i].there:
		m.done.There++
	case all[i].manifest.Files["weights.npz"] == "" && r.manifest.Files["weights.npz"] != "":
		r.to = all[i].to // of two that are new, the one with weights
		all[i] = r
	}
	return nil
}

// same compares the results of two records, one of which may have been published
// with less.
func (m *merger) same(a, b *mergeRecord) (what string, same bool, err error) {
	if maps.Equal(a.manifest.Files, b.manifest.Files) {
		return "", true, nil
	}
	first, err := a.load()
	if err != nil {
		return "", false, err
	}
	second, err := b.load()
	if err != nil {
		return "", false, err
	}
	what, same = sameRun(first, second)
	return what, same, nil
}

func (r *mergeRecord) load() (*store.Record, error) {
	record, err := r.from.Check(r.at)
	if err == nil && record == nil {
		err = fmt.Errorf("reproduce: record %s of %s was removed while it was merged; try again", r.at, r.from.Dir())
	}
	return record, err
}

// compare holds each replica against the record of its name.
func (m *merger) compare() error {
	// The seeds of all stores; one without a folder of records has none.
	var others []string
	for _, s := range m.stores[1:] {
		if _, err := os.Stat(filepath.Join(s.Dir(), "runs")); !errors.Is(err, fs.ErrNotExist) {
			others = append(others, s.Dir())
		}
	}
	var seeds *seedErrors
	for _, name := range slices.Sorted(maps.Keys(m.records)) {
		all := m.records[name]
		if len(all) == 1 {
			continue
		}
		if seeds == nil {
			joined, err := store.View(m.into, others...)
			if err != nil {
				return err
			}
			if seeds, err = newSeedErrors(joined); err != nil {
				return err
			}
		}
		kept, err := all[0].load()
		if err != nil {
			return err
		}
		for _, r := range all[1:] {
			again, err := r.load()
			if err != nil {
				return err
			}
			c, err := compareReplica(seeds, kept, again)
			if err != nil {
				return err
			}
			m.done.Replicas = append(m.done.Replicas, Compared{
				Record: all[0].to, Replica: r.to, Platforms: [2]store.Fingerprint{all[0].print, r.print},
				RelL2: [2]float64{c.kept, c.again}, Tolerance: c.tolerance, OK: c.ok, Finding: c.finding,
			})
		}
	}
	return nil
}

// write copies what the store lacks: parents need not come before what starts from
// them, nothing is trained.
func (m *merger) write(ctx context.Context) error {
	into, err := store.Open(m.into)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(m.records)) {
		for _, r := range m.records[name] {
			if r.there {
				continue
			}
			if ctx.Err() != nil {
				return errors.New("interrupted; what was copied is whole, the same command copies the rest")
			}
			if err := into.Copy(r.from, r.at, r.to); err != nil {
				return err
			}
			written, err := into.Check(r.to)
			if err != nil {
				return err
			}
			if written == nil || !maps.Equal(written.Manifest.Files, r.manifest.Files) {
				return fmt.Errorf("reproduce: another process wrote %s to %s meanwhile; merge again", r.to, m.into)
			}
		}
	}
	return nil
}
