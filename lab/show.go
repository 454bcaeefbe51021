// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"encoding/gob"
	"fmt"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

func init() {
	// A Vega-Lite specification and a picture's size go to the kernel as maps.
	gob.Register(map[string]any{})
	gob.Register([]any{})
}

// display shows data in all the forms it has; the front end takes the one that it
// likes best. plain is what a program outside of a notebook prints, and what a front
// end shows that knows none of the forms. The display is delivered before display
// returns.
func display(data map[protocol.MIMEType]any, plain string) {
	if !gonbui.IsNotebook {
		if plain != "" {
			fmt.Println(plain)
		}
		return
	}
	if plain != "" {
		data[protocol.MIMETextPlain] = plain
	}
	gonbui.SendData(&protocol.DisplayData{Data: data})
	gonbui.Sync()
}

// Markdown shows Markdown text, in which $…$ is a formula.
func Markdown(format string, args ...any) {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	display(map[protocol.MIMEType]any{protocol.MIMETextMarkdown: text}, text)
}

// live is a display that is replaced in place, such as progress. Nothing of it stays
// in the notebook after clear.
type live struct{ id string }

func (l *live) show(html string) {
	if !gonbui.IsNotebook {
		return
	}
	if l.id == "" {
		l.id = gonbui.UniqueId()
	}
	gonbui.UpdateHTML(l.id, html)
	gonbui.Sync()
}

func (l *live) clear() {
	if l.id != "" {
		l.show("")
	}
}
