// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

//go:build !cgo

package backend

const xlaBuilt = false

func pluginVersion(string) string { return "unknown" }
