// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"strings"
	"testing"
	"time"
)

func TestPresetsKeepToTheirLimits(t *testing.T) {
	lines, err := Budget()
	if err != nil {
		t.Fatal(err)
	}
	total := map[string]Limit{}
	for _, l := range lines {
		t := total[l.Preset]
		t.All += l.Time()
		switch {
		case strings.HasPrefix(l.Experiment, "hyperpinn/"):
			t.HyperPINN += l.Time()
		case !strings.HasPrefix(l.Experiment, "beyond/"):
			t.HyperLRPINN += l.Time()
		}
		total[l.Preset] = t
	}
	for _, p := range Presets() {
		is, limit := total[p.Name], Limits[p.Name]
		for _, part := range []struct {
			name      string
			is, limit time.Duration
		}{{"all", is.All, limit.All}, {"Hyper-LR-PINN", is.HyperLRPINN, limit.HyperLRPINN}, {"HyperPINN", is.HyperPINN, limit.HyperPINN}} {
			t.Logf("%s, %s: %s", p.Name, part.name, part.is.Round(time.Second))
			if part.limit > 0 && part.is > part.limit {
				t.Errorf("preset %s is planned at %s for %s, more than %s", p.Name, part.is.Round(time.Second), part.name, part.limit)
			}
		}
	}
	if total["quick"].All == 0 {
		t.Error("the plan of quick is empty")
	}
}
