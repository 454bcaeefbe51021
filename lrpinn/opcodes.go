// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// operand is what follows a pickle opcode: so many bytes, or one of the two
// kinds below.
type operand int

const (
	counted operand = -1 // a length in 4 bytes, then as many bytes
	global  operand = -2 // a module and a name, a line each
)

// opcodes are those of pickle protocol 2 (Python's pickletools.py) that
// torch.save writes for a state dict.
var opcodes = map[byte]operand{
	0x80: 1,       // PROTO
	'c':  global,  // GLOBAL
	'q':  1,       // BINPUT
	'r':  4,       // LONG_BINPUT
	'h':  1,       // BINGET
	'j':  4,       // LONG_BINGET
	'K':  1,       // BININT1
	'M':  2,       // BININT2
	'J':  4,       // BININT
	'X':  counted, // BINUNICODE
	'(':  0,       // MARK
	')':  0,       // EMPTY_TUPLE
	'}':  0,       // EMPTY_DICT
	't':  0,       // TUPLE
	0x85: 0,       // TUPLE1
	0x86: 0,       // TUPLE2
	0x87: 0,       // TUPLE3
	0x88: 0,       // NEWTRUE
	0x89: 0,       // NEWFALSE
	'Q':  0,       // BINPERSID
	'R':  0,       // REDUCE
	'b':  0,       // BUILD
	's':  0,       // SETITEM
	'u':  0,       // SETITEMS
	'.':  0,       // STOP
}

// globals that a state dict of float32 tensors names.
var globals = []string{"collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch FloatStorage"}

// checkOpcodes walks a pickle without interpreting it and returns an error
// unless all of it is what torch.save writes for a state dict of float32
// tensors. The unpickler takes memory for a length before it looks whether as
// many bytes are left; behind this check it can't be led to.
func checkOpcodes(data []byte) error {
	cut := errors.New("it ends too early; fetch the file again")
	for at := 0; at < len(data); {
		opcode := data[at]
		rest := data[at+1:]
		size, ok := opcodes[opcode]
		if !ok {
			return fmt.Errorf("opcode 0x%02x at byte %d is none that a state dict needs; save net.state_dict() and nothing else", opcode, at)
		}
		length := int(size)
		switch size {
		case counted:
			if len(rest) < 4 {
				return cut
			}
			length = 4 + int(binary.LittleEndian.Uint32(rest))
		case global:
			module, more, found := bytes.Cut(rest, []byte("\n"))
			name, _, foundName := bytes.Cut(more, []byte("\n"))
			if !found || !foundName {
				return cut
			}
			if s := string(module) + " " + string(name); !slices.Contains(globals, s) {
				return fmt.Errorf("it names %.80q; a state dict of float32 tensors needs no more than %q", s, globals)
			}
			length = len(module) + len(name) + 2
		}
		if length > len(rest) {
			return cut
		}
		at += 1 + length
		if opcode == '.' {
			if at != len(data) {
				return fmt.Errorf("%d bytes follow its end", len(data)-at)
			}
			return nil
		}
	}
	return cut
}
