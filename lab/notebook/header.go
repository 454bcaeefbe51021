// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"errors"
	"regexp"
)

// timeMark is where the header says how long the notebook takes.
var timeMark = regexp.MustCompile(`<!-- time -->[^<\n]*<!-- /time -->`)

// SetTime writes into the header how long the notebook takes ("about 2 min"), between
// <!-- time --> and <!-- /time -->. Without this marker, just once in the first cell,
// it is an error.
func (nb *Notebook) SetTime(text string) error {
	if len(nb.Cells) == 0 || len(timeMark.FindAllString(nb.Cells[0].Source, -1)) != 1 {
		return errors.New("cell 1: expected <!-- time -->about 2 min<!-- /time --> in the header, once")
	}
	header := nb.Cells[0]
	header.Source = timeMark.ReplaceAllLiteralString(header.Source, "<!-- time -->"+text+"<!-- /time -->")
	return nil
}
