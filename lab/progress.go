// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"html"
	"strings"
	"time"

	"pinn.example/repro/figure"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// refresh is how often the live display is drawn anew: a draw takes about 10 ms.
const refresh = time.Second

// progress is the live display of a training run: loss and error so far, and the time
// left.
type progress struct {
	live  live
	label string
	shown time.Time

	last            train.Progress
	steps, loss     []float64
	errorAt, errors []float64
}

func newProgress(label string) *progress {
	return &progress{label: label, shown: time.Now()}
}

func (v *progress) update(p train.Progress) {
	v.last = p
	if p.Step > 0 {
		v.steps, v.loss = append(v.steps, float64(p.Step)), append(v.loss, p.Loss)
	}
	if e, ok := p.Probe[pinn.RelProbe]; ok {
		v.errorAt, v.errors = append(v.errorAt, float64(p.Step)), append(v.errors, e)
	}
	if time.Since(v.shown) < refresh {
		return
	}
	v.shown = time.Now()
	v.live.show(v.html())
}

// at says where training stands.
func (v *progress) at() string {
	if v.last.Steps == 0 {
		return ""
	}
	return fmt.Sprintf(" at step %d of %d", v.last.Step, v.last.Steps)
}

// wait shows that another process trains the run, and waits a little.
func (v *progress) wait() {
	v.live.show(html.EscapeString(v.label) + ": another notebook or command is training this run; waiting for it")
	time.Sleep(refresh)
}

func (v *progress) html() string {
	p := v.last
	text := fmt.Sprintf("%s: step %d of %d, loss %.3g", p.Label, p.Step, p.Steps, p.Loss)
	if len(v.errors) > 0 {
		text += fmt.Sprintf(", rel L2 %.3g", v.errors[len(v.errors)-1])
	}
	if p.StepsPerSecond > 0 {
		text += fmt.Sprintf("; %.0f steps/s, %s left", p.StepsPerSecond, p.Left.Round(time.Second))
	}
	var svg strings.Builder
	curve := figure.Lines{
		XLabel: "step", YLabel: "loss, error", LogY: true,
		XRange: [2]float64{0, float64(p.Steps)},
		Series: []figure.Series{{Name: "loss", X: v.steps, Y: v.loss}},
	}
	if len(v.errors) > 0 {
		curve.Series = append(curve.Series, figure.Series{Name: "rel L2 error", X: v.errorAt, Y: v.errors})
	}
	// A curve of which no point can be drawn yet is no reason to stop training.
	if err := curve.SVG(&svg); err != nil {
		svg.Reset()
	}
	return fmt.Sprintf("<div>%s</div><progress max=%d value=%d style=width:30em></progress><div>%s</div>",
		html.EscapeString(text), p.Steps, p.Step, svg.String())
}
