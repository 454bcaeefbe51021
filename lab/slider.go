// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"html"
	"math"
	"os"
	"os/signal"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
	"github.com/janpfeifer/gonb/gonbui/dom"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Slider is a figure that follows a slider: what Draw returns for its value. Where
// no browser answers (a notebook that runs headless, a front end without widgets), the
// figure at Start stays, and nothing else is missing. Its cell runs on until the
// slider has not been moved for a minute, or its button is pressed; so it stands last
// in a notebook.
//
//	lab.Slider{Label: "β", From: 30, To: 40, Step: .5, Start: 40, Draw: func(beta float64) lab.Drawing { … }}.Show()
type Slider struct {
	Label          string
	From, To, Step float64
	Start          float64
	Draw           func(value float64) Drawing
}

const (
	sliderIdle  = time.Minute     // without a move, the cell ends
	sliderHello = 5 * time.Second // in which a browser answers
)

// stop is what the button sends: no position is negative.
const stop = -1

// Show shows the figure and the slider, and returns when the slider sleeps.
func (s Slider) Show() {
	if !(s.Step > 0) || !(s.From < s.To) || s.Start < s.From || s.Start > s.To {
		Check(fmt.Errorf("lab.Slider: from %g to %g by %g, starting at %g: give an increasing range, a positive step and a start within", s.From, s.To, s.Step, s.Start))
	}
	if !attended() {
		Figure(s.Draw(s.Start))
		return
	}
	picture := gonbui.UniqueId()
	show := func(value float64) {
		svg, png := draw(s.Draw(value))
		gonbui.SendData(&protocol.DisplayData{
			Data:      map[protocol.MIMEType]any{protocol.MIMEImageSVG: string(svg), protocol.MIMEImagePNG: png},
			DisplayID: picture,
		})
		gonbui.Sync()
	}
	address := "/slider/" + gonbui.UniqueId()
	moves := comms.Listen[int](address).LatestOnly()
	var control live
	control.show(s.control(address))
	show(s.Start)
	dom.TransientJavascript(fmt.Sprintf(sliderScript, address))
	defer control.clear()

	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	defer signal.Stop(interrupted)
	patience := sliderHello
	for at := s.position(s.Start); ; {
		select {
		case to := <-moves.C:
			patience = sliderIdle
			if to == stop {
				return
			}
			if to != at {
				at = to
				show(s.value(at))
			}
		case <-interrupted:
			return
		case <-time.After(patience):
			return
		}
	}
}

// attended is whether a Jupyter server runs the notebook for someone: it tells its
// kernels the notebook's path. Without, nothing would answer, and the script that the
// kernel sends to ask would stay in the notebook.
func attended() bool { return gonbui.IsNotebook && os.Getenv("JPY_SESSION_NAME") != "" }

// The slider's positions are whole numbers from 0.
func (s Slider) position(value float64) int { return int(math.Round((value - s.From) / s.Step)) }

func (s Slider) value(position int) float64 {
	return min(s.To, s.From+float64(position)*s.Step)
}

func (s Slider) control(address string) string {
	return fmt.Sprintf("<div class=pinn-slider data-address=%q data-from=%g data-step=%g><label>%s <input type=range min=0 max=%d value=%d style=width:24em></label> <output>%g</output> <button class=pinn-stop type=button>Stop</button></div>",
		address, s.From, s.Step, html.EscapeString(s.Label), s.position(s.To), s.position(s.Start), s.Start)
}

// sliderScript ties the control to its address. gonb_comm is what the kernel has
// installed in the page.
const sliderScript = `(() => {
	const box = document.querySelector('[data-address="%s"]');
	if (!box || !globalThis.gonb_comm) return;
	const input = box.querySelector('input'), output = box.querySelector('output');
	const position = globalThis.gonb_comm.newSyncedVariable(box.dataset.address, Number(input.value));
	const digits = (box.dataset.step.split('.')[1] || '').length;
	input.addEventListener('input', () => {
		output.textContent = (Number(box.dataset.from) + Number(input.value) * Number(box.dataset.step)).toFixed(digits);
		position.set(Number(input.value));
	});
	box.querySelector('button').addEventListener('click', () => position.set(-1));
})();`
