// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-zeromq/zmq4"
)

// The protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html
const protocolVersion = "5.4"

type header struct {
	ID       string `json:"msg_id"`
	Type     string `json:"msg_type"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Version  string `json:"version"`
	Date     string `json:"date"`
}

type message struct {
	header  header
	parent  string // the id of the request that this answers
	content json.RawMessage
}

// delimiter stands between the routing ids of a message's frames and its signature.
var delimiter = []byte("<IDS|MSG>")

// wire signs and verifies the messages of one connection.
type wire struct {
	key     []byte
	session string
}

func (w *wire) sign(parts [][]byte) []byte {
	mac := hmac.New(sha256.New, w.key)
	for _, part := range parts {
		mac.Write(part)
	}
	return []byte(hex.EncodeToString(mac.Sum(nil)))
}

// request is a message of this side, and its id.
func (w *wire) request(kind string, content any) (zmq4.Msg, string, error) {
	h := header{
		ID: uuid(), Type: kind, Session: w.session, Username: "notebooks",
		Version: protocolVersion, Date: time.Now().UTC().Format(time.RFC3339Nano),
	}
	head, err := json.Marshal(h)
	if err != nil {
		return zmq4.Msg{}, "", err
	}
	body, err := json.Marshal(content)
	if err != nil {
		return zmq4.Msg{}, "", err
	}
	parts := [][]byte{head, []byte("{}"), []byte("{}"), body}
	return zmq4.NewMsgFrom(append([][]byte{delimiter, w.sign(parts)}, parts...)...), h.ID, nil
}

// parse verifies and reads a message of the kernel.
func (w *wire) parse(frames [][]byte) (*message, error) {
	for len(frames) > 0 && !bytes.Equal(frames[0], delimiter) {
		frames = frames[1:] // routing ids, or iopub's topic
	}
	if len(frames) < 6 {
		return nil, errors.New("a message of the kernel is too short")
	}
	if !hmac.Equal(frames[1], w.sign(frames[2:6])) {
		return nil, errors.New("a message of the kernel is signed with another key")
	}
	m := &message{content: frames[5]}
	if err := json.Unmarshal(frames[2], &m.header); err != nil {
		return nil, fmt.Errorf("a message's header: %w", err)
	}
	var parent header
	if err := json.Unmarshal(frames[3], &parent); err != nil {
		return nil, fmt.Errorf("a message's parent header: %w", err)
	}
	m.parent = parent.ID
	return m, nil
}

// uuid is a random one (version 4).
func uuid() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
