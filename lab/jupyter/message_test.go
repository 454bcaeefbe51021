// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"bytes"
	"regexp"
	"testing"
)

func TestWireRoundTrip(t *testing.T) {
	w := wire{key: []byte("secret"), session: "s"}
	msg, id, err := w.request("execute_request", map[string]any{"code": "β"})
	if err != nil {
		t.Fatal(err)
	}
	// A kernel's message has routing ids before it.
	m, err := w.parse(append([][]byte{[]byte("router"), []byte("id")}, msg.Frames...))
	if err != nil {
		t.Fatal(err)
	}
	if m.header.ID != id || m.header.Type != "execute_request" || m.header.Session != "s" || m.parent != "" || string(m.content) != `{"code":"β"}` {
		t.Errorf("%+v with content %s", m.header, m.content)
	}
}

func TestWireRefusesWhatIsNotSigned(t *testing.T) {
	w, other := wire{key: []byte("secret")}, wire{key: []byte("other")}
	msg, _, err := other.request("status", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.parse(msg.Frames); err == nil {
		t.Error("no error for another key")
	}
	msg, _, _ = w.request("status", nil)
	msg.Frames[5] = []byte("{}")
	if _, err := w.parse(msg.Frames); err == nil {
		t.Error("no error for a content that was changed")
	}
	if _, err := w.parse([][]byte{delimiter, nil}); err == nil {
		t.Error("no error for a message that is cut off")
	}
	if _, err := w.parse(nil); err == nil {
		t.Error("no error for no message")
	}
}

// The signature of RFC 4231's test case 2 (key "Jefe", "what do ya want for nothing?"),
// its data cut into the four parts of a message.
func TestSign(t *testing.T) {
	w := wire{key: []byte("Jefe")}
	got := w.sign([][]byte{[]byte("what do "), []byte("ya want "), []byte("for "), []byte("nothing?")})
	if want := "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"; !bytes.Equal(got, []byte(want)) {
		t.Errorf("%s, expected %s", got, want)
	}
}

func TestUUID(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`) // RFC 9562, version 4
	if a, b := uuid(), uuid(); !form.MatchString(a) || a == b {
		t.Errorf("%s and %s", a, b)
	}
}
