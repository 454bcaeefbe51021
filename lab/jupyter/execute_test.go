// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"testing"

	"pinn.example/repro/lab/notebook"
)

// published gives a kernel's messages to the cell that the request "r" runs.
func published(messages ...[2]string) *notebook.Cell {
	cell := &notebook.Cell{Kind: notebook.Code}
	k := &Kernel{running: map[string]*notebook.Cell{"r": cell}, shown: map[string][]*notebook.Output{}, clearing: map[*notebook.Cell]bool{}}
	for _, m := range messages {
		k.publish(&message{header: header{Type: m[0]}, parent: "r", content: []byte(m[1])})
	}
	return cell
}

func TestPublish(t *testing.T) {
	text := func(s string) [2]string { return [2]string{"stream", `{"name":"stdout","text":"` + s + `"}`} }
	shown := func(kind, id, s string) [2]string {
		return [2]string{kind, `{"data":{"text/plain":"` + s + `"},"metadata":{},"transient":{"display_id":"` + id + `"}}`}
	}
	for _, tc := range []struct {
		name     string
		messages [][2]string
		want     []string // each output's text
	}{
		{"streams merge", [][2]string{text("a"), text("b")}, []string{"ab"}},
		{"not across another stream", [][2]string{text("a"), {"stream", `{"name":"stderr","text":"b"}`}, text("c")}, []string{"a", "b", "c"}},
		{"clear", [][2]string{text("a"), {"clear_output", `{"wait":false}`}}, nil},
		{"clear at the next", [][2]string{text("a"), {"clear_output", `{"wait":true}`}, text("b"), text("c")}, []string{"bc"}},
		{"clear, and nothing follows", [][2]string{text("a"), {"clear_output", `{"wait":true}`}}, []string{"a"}},
		{"display without id", [][2]string{shown("display_data", "", "a"), shown("display_data", "", "b")}, []string{"a", "b"}},
		{"update", [][2]string{shown("display_data", "x", "a"), text("b"), shown("update_display_data", "x", "c")}, []string{"c", "b"}},
		{"same id twice", [][2]string{shown("display_data", "x", "a"), shown("display_data", "x", "b")}, []string{"b", "b"}},
		{"update of what was never shown", [][2]string{shown("update_display_data", "x", "a")}, nil},
		{"result", [][2]string{{"execute_result", `{"data":{"text/plain":"a"},"metadata":{},"execution_count":7}`}}, []string{"a"}},
		{"no JSON", [][2]string{{"stream", "{"}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cell := published(tc.messages...)
			var got []string
			for _, o := range cell.Outputs {
				s := o.Text
				if o.Data != nil {
					s = o.Data["text/plain"].(string)
				}
				got = append(got, s)
			}
			if len(got) != len(tc.want) {
				t.Fatalf("outputs %q, expected %q", got, tc.want)
			}
			for i := range got {
				if got[i] != tc.want[i] {
					t.Errorf("outputs %q, expected %q", got, tc.want)
				}
			}
		})
	}
}

// What another request's cell publishes late is not lost and not mixed up.
func TestPublishGoesToItsCell(t *testing.T) {
	first, second := &notebook.Cell{}, &notebook.Cell{}
	k := &Kernel{running: map[string]*notebook.Cell{"1": first, "2": second}, shown: map[string][]*notebook.Output{}, clearing: map[*notebook.Cell]bool{}}
	for _, parent := range []string{"2", "1", "stranger"} {
		k.publish(&message{header: header{Type: "stream"}, parent: parent, content: []byte(`{"name":"stdout","text":"` + parent + `"}`)})
	}
	if first.Outputs[0].Text != "1" || second.Outputs[0].Text != "2" {
		t.Errorf("%q and %q", first.Outputs[0].Text, second.Outputs[0].Text)
	}
}
