// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import "testing"

func TestHeader(t *testing.T) {
	nb := &Notebook{Cells: []*Cell{{Kind: Markdown, Source: "# 2 · A PINN\n\nYou write\none.\n\n**By the end you can**\n- a\n\n" +
		"**Prerequisites:** lesson 1  \n**Time:** <!-- time -->about 2 min<!-- /time --> on 2 cores  \n**Explains:** Table 1  \n**Full run:** `make reproduce`"}}}
	want := Header{Title: "2 · A PINN", Goal: "You write one.", Time: "about 2 min", Explains: "Table 1"}
	if got := nb.Header(); got != want {
		t.Errorf("%+v, expected %+v", got, want)
	}
	if got := (&Notebook{}).Header(); got != (Header{}) {
		t.Errorf("a notebook without cells has the header %+v", got)
	}
}
