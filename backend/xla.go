// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

//go:build cgo

package backend

import (
	"fmt"

	"github.com/gomlx/go-xla/compute/xla" // registers "xla"
	"github.com/gomlx/go-xla/pjrt"
)

// xlaBuilt says whether this program holds the XLA bindings, which need a C
// compiler to build.
const xlaBuilt = true

// Nothing is ever downloaded at run time: the set-up brings the plugin.
func init() { xla.EnableAutoInstall(false) }

func pluginVersion(path string) string {
	p, err := pjrt.GetPlugin(path)
	if err != nil {
		return "unknown"
	}
	major, minor := p.Version()
	return fmt.Sprintf("PJRT %d.%d", major, minor)
}
