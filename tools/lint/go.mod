// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// The formatter and the linter of the gate, pinned apart from what the product itself needs.
// gofumpt v0.11 is the last on the gofmt of Go 1.26, so that gofmt and it never disagree here.
// `go tool -modfile=tools/lint/go.mod NAME` builds and runs one; `go get -modfile=... -tool PATH@VERSION` moves a pin.

module pinn.example/repro/tools/lint

go 1.26.0

tool (
	honnef.co/go/tools/cmd/staticcheck
	mvdan.cc/gofumpt
)

require (
	github.com/BurntSushi/toml v1.4.1-0.20240526193622-a339e1f7089c // indirect
	golang.org/x/exp/typeparams v0.0.0-20231108232855-2478ac86f678 // indirect
	golang.org/x/mod v0.41.0 // indirect
	golang.org/x/sync v0.23.0 // indirect
	golang.org/x/tools v0.51.0 // indirect
	honnef.co/go/tools v0.8.2 // indirect
	mvdan.cc/gofumpt v0.11.0 // indirect
)
