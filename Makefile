# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# `make` lists the targets. Each brings what it needs, once, into .tools/ (git-ignored).

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL: # the steps of the gate share two cores and the Go cache
.PHONY: help setup cuda snakemake slurm-test kernel reproduce lab notebooks notebooks-nbclient notebooks-times browser book test check screenshots bench bench-peers bench-check fmt fmt-check tree-check vet lint generated-check clean distclean

PRESET ?= quick
# ARGS goes to the command line as it is: make reproduce ARGS=--help
ARGS ?=
# TESTFLAGS goes to both passes of go test: make test TESTFLAGS='-run Residual -v'
TESTFLAGS ?=
# Packages that build or run graphs: they are tested on both backends. The others don't depend on one.
GO_BACKEND_PKGS ?= backend jet pde train pinn lrpinn hyperpinn baselines examples/allencahn

GO ?= go
TOOL := $(GO) tool -modfile=tools/lint/go.mod
PLUGIN := .tools/xla/pjrt_c_api_cpu_plugin.so

# A home that is unset, missing or read-only (a container's "nobody") would leave Go without its caches.
ifneq ($(shell test -d "$${HOME:-}" && test -w "$${HOME:-}" && echo yes),yes)
export HOME := $(CURDIR)/.tools/home
$(shell mkdir -p "$(HOME)")
endif

# OFFLINE=1: no step touches the network; what is missing fails at once or is done without.
export OFFLINE ?=
ifneq ($(filter-out 0,$(OFFLINE)),)
export GOPROXY := off
endif

# What is, or would be, committed.
FILES = git ls-files -z --cached --others --exclude-standard
GO_FILES = $(wildcard $(shell git ls-files --cached --others --exclude-standard '*.go'))

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r t d; do printf '  make %-16s %s\n' "$$t" "$$d"; done

setup: ## fetch the XLA CPU plugin into .tools/ (implied by the targets that need it)
	@tools/setup.sh

# The CUDA of `make cuda`: 13 for drivers from 580, 12 for older ones from 525.
CUDA ?= 13

cuda: ## fetch the CUDA plugin and libraries for an NVIDIA GPU into .tools/ (2.4 GB, once): CUDA=13|12
	@tools/cuda.sh $(CUDA)

# $(call build,COMMAND) builds a command aside and moves it, so that two at once don't run half a binary.
# A second argument is its folder, where that is not cmd/COMMAND.
define build
@mkdir -p .tools/bin
@new="$(CURDIR)/.tools/bin/$1.$$$$"; trap 'rm -f "$$new"' EXIT; \
cd $(or $2,.); $(GO) build -buildvcs=false -o "$$new" $(if $2,.,./cmd/$1); mv -f "$$new" "$(CURDIR)/.tools/bin/$1"
endef

reproduce: setup ## train and report: PRESET=smoke|quick|laptop|paper (default quick), ARGS=…
	$(call build,reproduce)
	.tools/bin/reproduce run --preset $(PRESET) $(ARGS)

kernel: ## install the notebooks' kernel into .tools/ (implied by the targets that need it)
	@tools/kernel.sh

lab: setup kernel ## open the course in JupyterLab: ARGS=…
	@tools/venv.sh lab
	tools/lab/jupyter.sh jupyter lab $(ARGS)

notebooks: setup kernel ## run the course's notebooks without a browser: PRESET=smoke|quick, ARGS=…
	$(call build,notebooks)
	.tools/bin/notebooks run --preset $(PRESET) $(ARGS)

notebooks-nbclient: setup kernel ## run them with Jupyter's own runner as well, and compare the two: PRESET=smoke|quick, ARGS=…
	@tools/venv.sh lab
	$(call build,notebooks)
	.tools/bin/notebooks run --preset $(PRESET) $(ARGS)
	tools/lab/jupyter.sh python tools/lab/nbclient_run.py --preset $(PRESET) $(ARGS)
	.tools/bin/notebooks summary out/notebooks-nbclient
	.tools/bin/notebooks compare out/notebooks/summary.json out/notebooks-nbclient/summary.json

browser: setup kernel ## run them in JupyterLab in a real browser (where Chromium is installed): PRESET=smoke|quick, ARGS=…
	@tools/venv.sh lab
	$(call build,browser,tools/browser)
	NB_PRESET=$(PRESET) .tools/bin/browser $(ARGS)

book: setup kernel ## make a static site of the notebooks as they were last run: out/book/
	@tools/venv.sh book
	@[[ -e out/notebooks/summary.json ]] || $(MAKE) --no-print-directory notebooks
	.tools/book/bin/python tools/lab/book.py $(ARGS)
	$(call build,browser,tools/browser)
	.tools/bin/browser -book out/book

notebooks-times: setup kernel ## measure how long each notebook takes, and write it into its header
	$(call build,notebooks)
	.tools/bin/notebooks run --times $(ARGS)
	.tools/bin/notebooks generate

test: setup kernel ## run the tests, on XLA and on the pure-Go backend
	@if [[ -e $(PLUGIN) ]]; then \
	  echo "test: all packages, backend xla:cpu"; \
	  GOMLX_BACKEND=xla:cpu $(GO) test -timeout 30m $(TESTFLAGS) ./...; \
	else \
	  echo "test: all packages, backend go (no XLA plugin: see make setup)" >&2; \
	  GOMLX_BACKEND=go $(GO) test -timeout 30m $(TESTFLAGS) ./...; \
	fi
	@pkgs="$(strip $(foreach p,$(GO_BACKEND_PKGS),$(if $(wildcard $(p)/*.go),./$(p)/...)))"; \
	if [[ -e $(PLUGIN) && -n $$pkgs ]]; then \
	  echo "test: $$pkgs, backend go, -short"; \
	  GOMLX_BACKEND=go $(GO) test -timeout 30m -short $(TESTFLAGS) $$pkgs; \
	fi

check: fmt-check tree-check vet lint generated-check screenshots test ## the gate: format, vet, lint, generated files, tests
	@echo "check: passed"

fmt: ## format the Go files
	@$(TOOL) gofumpt -w $(GO_FILES)

fmt-check:
	@echo "check: format"
	@diff=$$($(TOOL) gofumpt -d $(GO_FILES) || true); \
	if [[ -n $$diff ]]; then printf '%s\n' "$$diff"; echo "check: not formatted: run make fmt" >&2; exit 1; fi

tree-check:
	@echo "check: licence lines and paths"
	@$(FILES) | tools/check-tree.sh

vet:
	@echo "check: vet"
	@$(GO) vet ./...
	@cd tools/browser && $(GO) vet ./... # a module of its own

lint: ## run staticcheck (settings: staticcheck.conf)
	@echo "check: lint"
	@$(TOOL) staticcheck ./...

generated-check:
	@echo "check: generated files"
	@before=$$($(FILES) | xargs -0 cksum 2>/dev/null || true); $(GO) generate ./...; \
	after=$$($(FILES) | xargs -0 cksum 2>/dev/null || true); \
	diff <(printf '%s\n' "$$before") <(printf '%s\n' "$$after") || \
	{ echo "check: generated files were out of date: they are rewritten now, commit them" >&2; exit 1; }

screenshots: ## show a report on a desktop and a phone, light and dark (where Chromium is installed)
	@GO="$(GO)" tools/screenshot.sh

bench: setup ## time every training step, with memory and speed: ARGS='--run REGEX --count 6', --quick, or scale
	@mkdir -p .tools/bin
	$(GO) test -c -o .tools/bin/bench.test ./bench
	$(call build,reproduce)
	$(call build,bench,bench/suite)
	.tools/bin/bench $(ARGS)

# The processors that bench-peers binds all frameworks to: as many threads each.
PEERS_CPUS ?= 0,1

bench-peers: setup ## time training steps beside PyTorch, JAX and DeepXDE (2.5 GB, once): ARGS=…
	@tools/venv.sh peers
	$(call build,peers,bench/peers)
	taskset -c $(PEERS_CPUS) .tools/bin/peers run $(ARGS)

bench-check: setup ## do so again, and fail where a step became slower beside the others: ARGS=…
	@tools/venv.sh peers
	$(call build,peers,bench/peers)
	taskset -c $(PEERS_CPUS) .tools/bin/peers check $(ARGS)

snakemake: ## install Snakemake for the tests and for workflows of `reproduce export` (65 MB, once)
	@tools/venv.sh snakemake

slurm-test: setup snakemake ## run smoke through a real Slurm on this machine, kill a job and a node, compare bits: ARGS=EXPERIMENT…
	$(call build,reproduce)
	tools/slurm/test.sh $(ARGS)

clean: ## remove what was built (never results/ or runs/)
	rm -rf .tools/bin

distclean: clean ## remove .tools/ whole; the next make fetches it anew
	@# Go's module cache is read-only; it is here only where there was no usable home.
	if [[ -e .tools ]]; then chmod -R u+w .tools; rm -rf .tools; fi
