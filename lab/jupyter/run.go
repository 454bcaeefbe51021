// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"context"
	"errors"
	"strings"

	"pinn.example/repro/lab/notebook"
)

// Run executes a notebook's code cells in order, up to the first that fails, and says
// what failed; the notebook then holds what the cells showed. A cell tagged raises must
// fail, and the run goes on after it; one tagged figure must show an image.
//
// A kernel that dies or does not start, and a ctx that is done, are failures as well:
// of the cell that it happened to (of none before the first). The error is for what is
// not the notebook's fault: the caller's own cancellation of ctx (context.Canceled).
func Run(ctx context.Context, nb *notebook.Notebook, spec *Spec, s Settings) (failures []Failure, err error) {
	k, err := Start(ctx, spec, s)
	if err != nil {
		return failure(ctx, nb, -1, err)
	}
	defer k.Close()
	for i, c := range nb.Cells {
		if c.Kind != notebook.Code || strings.TrimSpace(c.Source) == "" {
			continue
		}
		if err := k.Execute(ctx, c); err != nil {
			more, err := failure(ctx, nb, i, err)
			if len(more) > 0 && c.Failure() == nil { // for who reads the notebook
				c.Outputs = append(c.Outputs, &notebook.Output{Type: notebook.Failure, ErrorName: "notebooks", ErrorValue: more[0].Message})
			}
			return append(failures, more...), err
		}
		failed := c.Failure() != nil
		switch {
		case failed && c.HasTag(notebook.TagRaises):
		case failed:
			return append(failures, diagnose(nb, i)), nil
		case c.HasTag(notebook.TagRaises):
			failures = append(failures, newFailure(nb, i, "is tagged raises, and did not fail"))
		}
		if c.HasTag(notebook.TagFigure) && !c.HasImage() {
			failures = append(failures, newFailure(nb, i, "is tagged figure, and shows no image"))
		}
	}
	return failures, nil
}

// failure is the failure of a cell that has no end of its own. The caller's
// cancellation is no failure.
func failure(ctx context.Context, nb *notebook.Notebook, i int, err error) ([]Failure, error) {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil, err
	}
	text := err.Error()
	if err == context.DeadlineExceeded { // without a cause of the caller's own
		text = "timed out"
	}
	return []Failure{newFailure(nb, i, text)}, nil
}
