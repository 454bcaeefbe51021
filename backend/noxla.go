// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

//go:build !cgo

package backend

import "unsafe"

const xlaBuilt = false

func pluginVersion(string) string { return "unknown" }

func askDriver(string) (driver, error) { return driver{}, errNoCompiler }

func openLibrary(string) (unsafe.Pointer, error) { return nil, errNoCompiler }
