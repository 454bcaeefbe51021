// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"testing"
	"time"
)

func TestPresetsKeepToTheirLimits(t *testing.T) {
	lines, err := Budget()
	if err != nil {
		t.Fatal(err)
	}
	total := map[string]time.Duration{}
	for _, l := range lines {
		total[l.Preset] += l.Time()
	}
	for _, p := range Presets() {
		t.Logf("%s: %s", p.Name, total[p.Name].Round(time.Second))
		if limit, ok := Limits[p.Name]; ok && total[p.Name] > limit {
			t.Errorf("preset %s is planned at %s, more than its %s", p.Name, total[p.Name].Round(time.Minute), limit)
		}
	}
	if total["quick"] == 0 {
		t.Error("the plan of quick is empty")
	}
}
