// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"pinn.example/repro/lab/notebook"
)

// Settings say how a kernel runs.
type Settings struct {
	// Dir is the kernel's and the cells' working folder; Jupyter's is the notebook's.
	Dir string
	// Env is added to this process's environment ("NAME=value").
	Env []string
}

const (
	startPatience    = 2 * time.Minute  // for a kernel to answer, on a machine that is busy
	startAttempts    = 3                // somebody else may take a port that was free
	shutdownPatience = 5 * time.Second  // for a kernel to end when asked to
	interruptGrace   = 10 * time.Second // for a cell to end when interrupted; gonb kills its process after 5 s
)

// Kernel is a running kernel. One goroutine may use it at a time.
type Kernel struct {
	wire    wire
	sockets *sockets
	replies chan *message // on shell and control
	iopub   chan *message

	process *os.Process
	exited  chan struct{} // closed when the process has ended
	ending  error         // how, once exited is closed
	log     string        // the file with the process's stdout and stderr
	tmp     string

	stop      context.CancelFunc // ends the receivers
	receivers sync.WaitGroup

	running  map[string]*notebook.Cell     // by the id of the request that runs or ran it
	shown    map[string][]*notebook.Output // by display id
	clearing map[*notebook.Cell]bool       // cells to be cleared at their next output
}

// DeadError says that the kernel ended by itself.
type DeadError struct {
	Ending string // "exit status 1", "signal: killed"
	Stderr string // the end of what it wrote
}

func (e *DeadError) Error() string {
	text := "the kernel died (" + e.Ending + ")"
	if e.Stderr != "" {
		text += ": " + e.Stderr
	}
	return text
}

// Start starts a kernel and waits until it answers. Close it.
func Start(ctx context.Context, spec *Spec, s Settings) (k *Kernel, err error) {
	for range startAttempts {
		k, err = start(ctx, spec, s)
		if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "address already in use") {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("start the kernel %s: %w", spec.Name, err)
	}
	return k, nil
}

func start(ctx context.Context, spec *Spec, s Settings) (_ *Kernel, err error) {
	k := &Kernel{
		replies: make(chan *message, 16), iopub: make(chan *message, 1024),
		exited:  make(chan struct{}),
		running: map[string]*notebook.Cell{}, shown: map[string][]*notebook.Output{}, clearing: map[*notebook.Cell]bool{},
	}
	if k.tmp, err = os.MkdirTemp("", "kernel-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			k.Close()
		}
	}()
	c, err := newConnection()
	if err != nil {
		return nil, err
	}
	k.wire = wire{key: []byte(c.Key), session: uuid()}
	file, err := c.write(k.tmp)
	if err != nil {
		return nil, err
	}
	if err := k.launch(spec, file, s); err != nil {
		return nil, err
	}

	// The life of the sockets is the kernel's, not that of the caller's context.
	var life context.Context
	life, k.stop = context.WithCancel(context.Background())
	limit, done := context.WithTimeoutCause(ctx, startPatience, fmt.Errorf("it did not answer within %v", startPatience))
	defer done()
	type dialled struct {
		sockets *sockets
		err     error
	}
	connected := make(chan dialled, 1)
	go func() {
		ends, err := c.dial(life)
		connected <- dialled{ends, err}
	}()
	select {
	case d := <-connected:
		if d.err != nil {
			return nil, d.err
		}
		k.sockets = d.sockets
	case <-k.exited:
		return nil, k.death()
	case <-limit.Done():
		return nil, context.Cause(limit)
	}
	k.receivers.Add(3)
	go receive(life, k.sockets.shell, &k.wire, k.replies, &k.receivers)
	go receive(life, k.sockets.control, &k.wire, k.replies, &k.receivers)
	go receive(life, k.sockets.iopub, &k.wire, k.iopub, &k.receivers)
	if err := k.handshake(limit); err != nil {
		return nil, err
	}
	return k, nil
}

// launch starts the process.
func (k *Kernel) launch(spec *Spec, connectionFile string, s Settings) error {
	argv := spec.command(connectionFile)
	k.log = k.tmp + "/log"
	log, err := os.Create(k.log)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = s.Dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = ownSession()
	// What the kernel leaves in its temporary folder when it is killed is deleted with ours.
	// A Jupyter server tells its kernels of itself (JPY_…): in its terminal that reaches us, and isn't so.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "JPY_") })
	cmd.Env = append(cmd.Env, "TMPDIR="+k.tmp)
	for name, value := range spec.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, s.Env...)

	started := make(chan error)
	go func() {
		// Linux sends the death signal when the thread that started the process ends.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			k.process = cmd.Process
		}
		started <- err
		if err == nil {
			k.ending = cmd.Wait()
			close(k.exited)
		}
	}()
	return <-started
}

// handshake returns when the kernel answers on shell, and what it publishes arrives: a
// subscription takes its time.
func (k *Kernel) handshake(ctx context.Context) error {
	answered, published := false, false
	for {
		if _, err := k.send(k.sockets.shell, "kernel_info_request", map[string]any{}); err != nil {
			return err
		}
		again := time.After(200 * time.Millisecond)
	wait:
		for {
			select {
			case <-k.replies:
				answered = true
			case <-k.iopub:
				published = true
			case <-again:
				break wait
			case <-k.exited:
				return k.death()
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			if answered && published {
				return nil
			}
		}
	}
}

func (k *Kernel) send(to zmq4.Socket, kind string, content any) (id string, err error) {
	msg, id, err := k.wire.request(kind, content)
	if err != nil {
		return "", err
	}
	return id, to.SendMulti(msg)
}

// death is the error of a kernel that has ended.
func (k *Kernel) death() error {
	ending := "exit status 0"
	if k.ending != nil {
		ending = k.ending.Error()
	}
	return &DeadError{ending, k.stderr()}
}

// stderr is the end of what the kernel's process wrote.
func (k *Kernel) stderr() string {
	const most = 4 << 10
	f, err := os.Open(k.log)
	if err != nil {
		return ""
	}
	defer f.Close()
	if size, err := f.Seek(0, io.SeekEnd); err == nil {
		f.Seek(max(0, size-most), io.SeekStart)
	}
	text, _ := io.ReadAll(f)
	return strings.TrimSpace(string(text))
}

// Close ends the kernel: it is asked to, then killed with all that it started.
func (k *Kernel) Close() error {
	if k.process != nil {
		if k.sockets != nil && !k.dead() {
			k.send(k.sockets.control, "shutdown_request", map[string]any{"restart": false})
			select {
			case <-k.exited:
			case <-time.After(shutdownPatience):
			}
		}
		k.kill()
	}
	if k.stop != nil {
		k.stop()
		if k.sockets != nil {
			k.sockets.close()
		}
		k.receivers.Wait()
	}
	k.process, k.stop = nil, nil
	return os.RemoveAll(k.tmp)
}

// kill kills the kernel's process and all others of its session.
func (k *Kernel) kill() {
	if !k.dead() {
		k.process.Kill()
		<-k.exited
	}
	killSession(k.process.Pid)
}

func (k *Kernel) dead() bool {
	select {
	case <-k.exited:
		return true
	default:
		return false
	}
}
