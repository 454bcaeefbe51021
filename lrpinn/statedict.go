// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/nlpodyssey/gopickle/pickle"
	"github.com/nlpodyssey/gopickle/types"

	"pinn.example/repro/train"
)

// Limits of what is read, so that a file which lies about its sizes can't make
// us take memory for them. The authors' files have 120 kB and pickles of 2 kB.
const (
	maxCheckpoint = 64 << 20
	maxPickle     = 64 << 10
	maxStorage    = 16 << 20
	maxWidth      = 1024
)

// stateDict reads a PyTorch state dict of float32 tensors: a zip archive, not
// compressed, that holds NAME/data.pkl, which describes the tensors, and
// NAME/data/KEY, their numbers (little-endian, row-major).
func stateDict(file []byte) (map[string]train.Array, error) {
	records, err := zipRecords(file)
	if err != nil {
		return nil, err
	}
	description, err := readRecord(records, "data.pkl", maxPickle)
	if err != nil {
		return nil, err
	}
	if _, ok := records["byteorder"]; ok { // since PyTorch 2.0
		order, err := readRecord(records, "byteorder", maxPickle)
		if err != nil {
			return nil, err
		}
		if string(order) != "little" {
			return nil, fmt.Errorf("byte order is %q; only little is supported, save it again with PyTorch on such a machine", order)
		}
	}
	views, err := unpickle(description)
	if err != nil {
		return nil, err
	}
	storages := map[string][]byte{}
	tensors := map[string]train.Array{}
	for name, view := range views {
		key := view.storage.key
		if _, ok := storages[key]; !ok {
			if storages[key], err = readRecord(records, "data/"+key, maxStorage); err != nil {
				return nil, fmt.Errorf("tensor %q: %w", name, err)
			}
		}
		if tensors[name], err = view.read(storages[key]); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
	}
	return tensors, nil
}

// zipRecords lists an archive's files by their names within its only folder.
func zipRecords(file []byte) (map[string]*zip.File, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("not a whole PyTorch file (%w); fetch it again, or save it with PyTorch 1.6 or later", err)
	}
	records := map[string]*zip.File{}
	for _, f := range archive.File {
		_, name, ok := strings.Cut(f.Name, "/")
		if !ok {
			name = f.Name
		}
		if _, twice := records[name]; twice {
			return nil, fmt.Errorf("holds %q twice; expected one folder, as PyTorch writes it", name)
		}
		records[name] = f
	}
	return records, nil
}

func readRecord(records map[string]*zip.File, name string, limit uint64) ([]byte, error) {
	f, ok := records[name]
	switch {
	case !ok:
		return nil, fmt.Errorf("holds no %q; expected a state dict that torch.save wrote", name)
	case f.Method != zip.Store:
		return nil, fmt.Errorf("%q is compressed; expected it stored, as PyTorch writes it", name)
	case f.UncompressedSize64 > limit:
		return nil, fmt.Errorf("%q has %d bytes; expected at most %d", name, f.UncompressedSize64, limit)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w; fetch the file again", name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r) // checks the length and the CRC at its end
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w; fetch the file again", name, err)
	}
	return data, nil
}

// storage is a block of float32 numbers in the archive.
type storage struct {
	key    string
	length int
}

// view is a tensor: a strided window into a storage.
type view struct {
	storage       *storage
	offset        int
	dims, strides []int
}

// read copies a tensor out of its storage.
func (v *view) read(data []byte) (train.Array, error) {
	length := v.storage.length
	if len(data) != 4*length {
		return train.Array{}, fmt.Errorf("its storage has %d bytes; expected %d for %d float32 numbers", len(data), 4*length, length)
	}
	size, last := 1, v.offset
	for i, d := range v.dims {
		// The tensors of a state dict don't repeat numbers, so no shape is larger
		// than its storage, and no product below overflows.
		if d < 0 || d > length || v.strides[i] < 0 || v.strides[i] > length {
			return train.Array{}, fmt.Errorf("shape %v with strides %v does not fit its storage of %d numbers", v.dims, v.strides, length)
		}
		size *= d
		last += (d - 1) * v.strides[i]
		if size > length {
			return train.Array{}, fmt.Errorf("shape %v has more numbers than its storage, %d", v.dims, length)
		}
	}
	if size > 0 && (v.offset < 0 || v.offset > length || last >= length) {
		return train.Array{}, fmt.Errorf("shape %v at offset %d with strides %v does not fit its storage of %d numbers", v.dims, v.offset, v.strides, length)
	}
	a := train.NewArray(v.dims...)
	index := make([]int, len(v.dims))
	for i := range a.Data {
		at := v.offset
		for k, j := range index {
			at += j * v.strides[k]
		}
		a.Data[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*at:])))
		for k := len(index) - 1; k >= 0; k-- {
			if index[k]++; index[k] < v.dims[k] {
				break
			}
			index[k] = 0
		}
	}
	return a, nil
}

// unpickle reads the description of a state dict. Nothing of a pickle is
// executed: its opcodes are checked first, the three globals that it may name
// stand for our own types, and a panic of the library becomes an error.
func unpickle(data []byte) (views map[string]*view, err error) {
	defer func() {
		if r := recover(); r != nil {
			views, err = nil, fmt.Errorf("data.pkl is malformed: %s", oneLine(r))
		}
	}()
	if err := checkOpcodes(data); err != nil {
		return nil, fmt.Errorf("data.pkl: %w", err)
	}
	u := pickle.NewUnpickler(bytes.NewReader(data))
	u.FindClass = func(module, name string) (any, error) {
		switch module + "." + name {
		case "torch._utils._rebuild_tensor_v2":
			return rebuildTensor{}, nil
		case "torch.FloatStorage":
			return floatStorage{}, nil
		}
		return nil, fmt.Errorf("unexpected global %s.%s", module, name)
	}
	u.PersistentLoad = loadStorage
	value, err := u.Load()
	if err != nil {
		return nil, fmt.Errorf("data.pkl is malformed: %s", oneLine(err))
	}
	dict, ok := value.(*types.OrderedDict)
	if !ok {
		return nil, fmt.Errorf("data.pkl holds a %T; expected a state dict (an OrderedDict of tensors)", value)
	}
	views = map[string]*view{}
	for key, entry := range dict.Map {
		name, isString := key.(string)
		v, isTensor := entry.Value.(*view)
		if !isString || !isTensor {
			return nil, fmt.Errorf("data.pkl holds an entry of types %T: %T; expected a name and a tensor", key, entry.Value)
		}
		views[name] = v
	}
	return views, nil
}

// oneLine shortens what the library says, which may show whole objects.
func oneLine(x any) string {
	s := strings.Join(strings.Fields(fmt.Sprint(x)), " ")
	if len(s) > 120 {
		s = s[:120] + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

// floatStorage stands for the class torch.FloatStorage.
type floatStorage struct{}

// loadStorage reads a persistent id: ("storage", class, key, device, length).
func loadStorage(id any) (any, error) {
	t, ok := id.(*types.Tuple)
	if !ok || t.Len() != 5 || t.Get(0) != "storage" {
		return nil, errors.New("expected a storage of five entries")
	}
	_, isFloat := t.Get(1).(floatStorage)
	key, isKey := t.Get(2).(string)
	length, isLength := t.Get(4).(int)
	if !isFloat || !isKey || !isLength || length < 0 || length > maxStorage/4 {
		return nil, errors.New("expected a float32 storage with a key and a length")
	}
	return &storage{key: key, length: length}, nil
}

// rebuildTensor stands for the function torch._utils._rebuild_tensor_v2.
type rebuildTensor struct{}

var _ types.Callable = rebuildTensor{}

// Call takes storage, offset, dimensions, strides, and two that don't matter
// here (requires_grad, hooks).
func (rebuildTensor) Call(args ...any) (any, error) {
	if len(args) != 6 {
		return nil, fmt.Errorf("expected a tensor of 6 entries, got %d", len(args))
	}
	s, isStorage := args[0].(*storage)
	offset, isOffset := args[1].(int)
	dims, isDims := ints(args[2])
	strides, isStrides := ints(args[3])
	if !isStorage || !isOffset || !isDims || !isStrides || len(dims) != len(strides) {
		return nil, errors.New("expected a tensor of storage, offset, dimensions and as many strides")
	}
	return &view{storage: s, offset: offset, dims: dims, strides: strides}, nil
}

func ints(x any) ([]int, bool) {
	t, ok := x.(*types.Tuple)
	if !ok || t.Len() > 2 {
		return nil, false
	}
	out := make([]int, t.Len())
	for i := range out {
		if out[i], ok = t.Get(i).(int); !ok {
			return nil, false
		}
	}
	return out, true
}
