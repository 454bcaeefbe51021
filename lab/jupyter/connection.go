// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// connection is what a kernel's connection file says. Jupyter's heartbeat is not used:
// this side is the kernel's parent and knows when it ends. Nor is its stdin: nobody is
// here to answer.
type connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	Shell           int    `json:"shell_port"`
	Control         int    `json:"control_port"`
	IOPub           int    `json:"iopub_port"`
	Stdin           int    `json:"stdin_port"`
	Heartbeat       int    `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"`
	Key             string `json:"key"`
}

// newConnection chooses ports that are free at this moment, and a random key.
func newConnection() (*connection, error) {
	c := &connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "hmac-sha256", Key: uuid()}
	for _, port := range []*int{&c.Shell, &c.Control, &c.IOPub, &c.Stdin, &c.Heartbeat} {
		l, err := net.Listen("tcp", c.IP+":0")
		if err != nil {
			return nil, fmt.Errorf("look for a free port: %w", err)
		}
		defer l.Close() // all are held until all are known
		*port = l.Addr().(*net.TCPAddr).Port
	}
	return c, nil
}

// write writes the connection file into a folder that nobody else may read.
func (c *connection) write(dir string) (path string, err error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "kernel-"+uuid()+".json") // gonb reads its id out of the name
	return path, os.WriteFile(path, raw, 0o600)
}

// sockets are this side's ends.
type sockets struct {
	shell, control, iopub zmq4.Socket
}

// dial connects to a kernel that is starting. It goes on trying until ctx is done.
func (c *connection) dial(ctx context.Context) (*sockets, error) {
	options := []zmq4.Option{
		zmq4.WithDialerRetry(10 * time.Millisecond),
		zmq4.WithDialerMaxRetries(-1),
		zmq4.WithTimeout(5 * time.Second), // of a Send
		zmq4.WithLogger(log.New(io.Discard, "", 0)),
	}
	s := &sockets{
		shell:   zmq4.NewDealer(ctx, options...),
		control: zmq4.NewDealer(ctx, options...),
		iopub:   zmq4.NewSub(ctx, options...),
	}
	if err := s.iopub.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		return nil, err
	}
	for _, end := range []struct {
		socket zmq4.Socket
		port   int
	}{{s.shell, c.Shell}, {s.control, c.Control}, {s.iopub, c.IOPub}} {
		if err := end.socket.Dial(fmt.Sprintf("tcp://%s:%d", c.IP, end.port)); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

func (s *sockets) close() {
	for _, socket := range []zmq4.Socket{s.shell, s.control, s.iopub} {
		socket.Close()
	}
}

// receive passes on what arrives at a socket, until ctx is done. What is not the
// kernel's is dropped.
func receive(ctx context.Context, socket zmq4.Socket, w *wire, to chan<- *message, done *sync.WaitGroup) {
	defer done.Done()
	for {
		raw, err := socket.Recv()
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			continue // the kernel has closed its end: Recv waits from now on
		}
		m, err := w.parse(raw.Frames)
		if err != nil {
			continue
		}
		select {
		case to <- m:
		case <-ctx.Done():
			return
		}
	}
}
