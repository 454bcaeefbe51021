// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"pinn.example/repro/lab/notebook"
)

// Execute runs a code cell and puts into it what it shows and its execution count. That
// the cell fails is no error: it is the cell's last output (Cell.Failure).
//
// When ctx is done, the cell is interrupted, and if that does not help the kernel is
// killed; the error is ctx's cause. If the kernel ends, the error is a *DeadError.
func (k *Kernel) Execute(ctx context.Context, cell *notebook.Cell) error {
	cell.Outputs, cell.ExecutionCount = nil, 0
	id, err := k.send(k.sockets.shell, "execute_request", map[string]any{
		"code": cell.Source, "silent": false, "store_history": true,
		"user_expressions": map[string]any{}, "allow_stdin": false, "stop_on_error": true,
	})
	if err != nil {
		if k.dead() {
			return k.death()
		}
		return err
	}
	k.running[id] = cell
	// The notes that JupyterLab and nbclient take: the book shows the cell's time from them.
	times := map[string]any{}
	cell.Metadata = withEntry(cell.Metadata, "execution", times)
	note := func(what string) { times[what] = time.Now().UTC().Format(time.RFC3339Nano) }

	done := ctx.Done()
	var cause error
	var again, giveUp <-chan time.Time
	replied, idle := false, false
	for !replied || !idle {
		select {
		case m := <-k.iopub:
			switch k.publish(m) {
			case "busy":
				if m.parent == id {
					note("iopub.status.busy")
				}
			case "input":
				if m.parent == id {
					note("iopub.execute_input")
				}
			case "idle":
				if m.parent == id {
					note("iopub.status.idle")
					idle = true
				}
			}
		case m := <-k.replies:
			if m.parent == id && m.header.Type == "execute_reply" {
				note("shell.execute_reply")
				replied = true
				k.reply(m, cell)
			}
		case <-k.exited:
			k.drain(100 * time.Millisecond)
			if cause != nil {
				return cause
			}
			return k.death()
		case <-done:
			cause, done = context.Cause(ctx), nil
			again, giveUp = time.After(0), time.After(interruptGrace)
		case <-again:
			// Repeated: between compiling a cell and running it, gonb hears nothing.
			k.send(k.sockets.control, "interrupt_request", map[string]any{})
			again = time.After(time.Second)
		case <-giveUp:
			k.kill()
			k.drain(100 * time.Millisecond)
			return cause
		}
	}
	k.drain(0)
	return cause
}

// drain takes what has arrived, and what arrives while nothing is quiet for so long.
func (k *Kernel) drain(quiet time.Duration) {
	for {
		select {
		case m := <-k.iopub:
			k.publish(m)
			continue
		default:
		}
		select {
		case m := <-k.iopub:
			k.publish(m)
		case <-time.After(quiet):
			return
		}
	}
}

// reply takes an execute_reply.
func (k *Kernel) reply(m *message, cell *notebook.Cell) {
	var r struct {
		Status string   `json:"status"`
		Count  int      `json:"execution_count"`
		Name   string   `json:"ename"`
		Value  string   `json:"evalue"`
		Trace  []string `json:"traceback"`
	}
	if json.Unmarshal(m.content, &r) != nil {
		return
	}
	if r.Count > 0 {
		cell.ExecutionCount = r.Count
	}
	// A kernel that replies "error" publishes it as well; "aborted" it does not.
	if r.Status == "aborted" && cell.Failure() == nil {
		cell.Outputs = append(cell.Outputs, &notebook.Output{Type: notebook.Failure, ErrorName: "aborted", ErrorValue: "the kernel did not run the cell"})
	}
}

// publish takes a message of iopub. What belongs to a cell goes there, however late it
// comes. It returns busy, idle or input for what marks the stages of a cell.
func (k *Kernel) publish(m *message) (stage string) {
	cell := k.running[m.parent]
	switch m.header.Type {
	case "status":
		var c struct {
			State string `json:"execution_state"`
		}
		json.Unmarshal(m.content, &c)
		return c.State
	case "execute_input":
		var c struct {
			Count int `json:"execution_count"`
		}
		if json.Unmarshal(m.content, &c) == nil && cell != nil {
			cell.ExecutionCount = c.Count
		}
		return "input"
	case "stream":
		var c struct{ Name, Text string }
		if json.Unmarshal(m.content, &c) == nil && cell != nil {
			k.stream(cell, c.Name, c.Text)
		}
	case "display_data", "execute_result", "update_display_data":
		var c shownContent
		if decode(m.content, &c) == nil {
			k.display(cell, m.header.Type, c)
		}
	case "error":
		var c struct {
			Name  string   `json:"ename"`
			Value string   `json:"evalue"`
			Trace []string `json:"traceback"`
		}
		if json.Unmarshal(m.content, &c) == nil && cell != nil {
			k.append(cell, &notebook.Output{Type: notebook.Failure, ErrorName: c.Name, ErrorValue: c.Value, Traceback: c.Trace})
		}
	case "clear_output":
		var c struct{ Wait bool }
		if json.Unmarshal(m.content, &c) == nil && cell != nil {
			if c.Wait {
				k.clearing[cell] = true
			} else {
				cell.Outputs = nil
			}
		}
	}
	return ""
}

type shownContent struct {
	Data      map[string]any `json:"data"`
	Metadata  map[string]any `json:"metadata"`
	Count     int            `json:"execution_count"`
	Transient struct {
		DisplayID string `json:"display_id"`
	} `json:"transient"`
}

// decode reads JSON with its numbers as they are written.
func decode(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	return dec.Decode(into)
}

// append adds an output to a cell.
func (k *Kernel) append(cell *notebook.Cell, o *notebook.Output) {
	if k.clearing[cell] {
		delete(k.clearing, cell)
		cell.Outputs = nil
	}
	cell.Outputs = append(cell.Outputs, o)
}

// stream adds to what was written last, if it is of the same stream.
func (k *Kernel) stream(cell *notebook.Cell, name, text string) {
	if n := len(cell.Outputs); n > 0 && !k.clearing[cell] && cell.Outputs[n-1].Type == notebook.Stream && cell.Outputs[n-1].Name == name {
		cell.Outputs[n-1].Text += text
		return
	}
	k.append(cell, &notebook.Output{Type: notebook.Stream, Name: name, Text: text})
}

// display shows data, and brings every earlier display of the same id up to date,
// whichever cell it is in.
func (k *Kernel) display(cell *notebook.Cell, kind string, c shownContent) {
	for mime, v := range c.Data {
		if v == nil { // no mimebundle holds null
			delete(c.Data, mime)
		}
	}
	id := c.Transient.DisplayID
	for _, o := range k.shown[id] {
		o.Data, o.Metadata = c.Data, c.Metadata
	}
	if kind == "update_display_data" || cell == nil {
		return
	}
	o := &notebook.Output{Type: notebook.OutputType(kind), Data: c.Data, Metadata: c.Metadata, ExecutionCount: c.Count}
	k.append(cell, o)
	if id != "" {
		k.shown[id] = append(k.shown[id], o)
	}
}

func withEntry(m map[string]any, key string, value any) map[string]any {
	if m == nil {
		m = map[string]any{}
	}
	m[key] = value
	return m
}
