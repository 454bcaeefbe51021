// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A server is a JupyterLab of our own, on loopback.
type server struct {
	address string // http://127.0.0.1:port
	token   string
	folder  string // what it serves
	process *exec.Cmd
	ended   chan struct{}
}

// startServer starts JupyterLab with the project's kernel and settings and waits until it answers.
func startServer(ctx context.Context, root, tmp string, m mark) (*server, error) {
	for _, need := range []struct{ file, command string }{
		{".tools/lab/installed", "tools/venv.sh lab"},
		{".tools/bin/gonb", "tools/kernel.sh"},
	} {
		if _, err := os.Stat(filepath.Join(root, need.file)); err != nil {
			return nil, missing("%s is not there: run %s", need.file, need.command)
		}
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &server{
		address: fmt.Sprintf("http://127.0.0.1:%d", port),
		token:   rand.Text(),
		folder:  filepath.Join(tmp, "notebooks"),
		ended:   make(chan struct{}),
	}
	if err := os.MkdirAll(s.folder, 0o755); err != nil {
		return nil, err
	}
	logName := filepath.Join(tmp, "jupyter.log")
	log, err := os.Create(logName)
	if err != nil {
		return nil, err
	}
	defer log.Close()

	s.process = exec.Command(filepath.Join(root, "tools", "lab", "jupyter.sh"), "jupyter", "lab",
		"--no-browser", "--allow-root", "--expose-app-in-browser",
		"--ip=127.0.0.1", fmt.Sprintf("--port=%d", port), "--ServerApp.port_retries=0",
		"--ServerApp.root_dir="+s.folder, "--FileContentsManager.preferred_dir="+s.folder, "--LabApp.default_url=/lab",
		"--LabApp.workspaces_dir="+filepath.Join(tmp, "workspaces"), "--LabApp.user_settings_dir="+filepath.Join(tmp, "settings"))
	// The token goes by the environment: a command line can be read by all users.
	s.process.Env = append(os.Environ(), string(m), "JUPYTER_TOKEN="+s.token, "NB_STRICT=1")
	s.process.Stdout, s.process.Stderr = log, log
	s.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us
	if err := s.process.Start(); err != nil {
		return nil, fmt.Errorf("starting JupyterLab: %w", err)
	}
	go func() {
		_ = s.process.Wait()
		close(s.ended)
	}()

	deadline := time.After(time.Minute)
	for {
		if _, err := s.ask(ctx, http.MethodGet, "/api/status"); err == nil {
			return s, nil
		}
		select {
		case <-ctx.Done():
			s.stop()
			return nil, ctx.Err()
		case <-s.ended:
			return nil, fmt.Errorf("JupyterLab ended at once: %s", lastLine(logName))
		case <-deadline:
			s.stop()
			return nil, fmt.Errorf("JupyterLab does not answer after a minute: %s", lastLine(logName))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// put copies a notebook into the folder that is served and returns its name there.
func (s *server) put(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	name := filepath.Base(path)
	return name, os.WriteFile(filepath.Join(s.folder, name), content, 0o644)
}

// endKernels shuts all kernels down.
func (s *server) endKernels() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	body, err := s.ask(ctx, http.MethodGet, "/api/kernels")
	if err != nil {
		return
	}
	var kernels []struct{ ID string }
	if json.Unmarshal(body, &kernels) != nil {
		return
	}
	for _, k := range kernels {
		_, _ = s.ask(ctx, http.MethodDelete, "/api/kernels/"+k.ID)
	}
}

// stop ends the kernels and then the server.
func (s *server) stop() {
	s.endKernels()
	_ = s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(15 * time.Second):
		_ = s.process.Process.Kill()
		<-s.ended
	}
}

// ask calls the server's REST interface.
func (s *server) ask(ctx context.Context, method, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.address+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "token "+s.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	return io.ReadAll(response.Body)
}

// freePort is a port of 127.0.0.1 that nobody listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func lastLine(file string) string {
	content, _ := os.ReadFile(file)
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return lines[len(lines)-1]
}
