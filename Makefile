# The only entry. `make demo` shows Akashi at work, `make test` proves it.
# One build configuration: what is demonstrated, tested and measured is the same binary.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CONFIGURATION := -c release
BIN := .build/release/akashi
ARGS ?= --once
SOURCES := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources/akashi-bench \
	Benchmarks/Sources/akashi-growth Fuzz/Package.swift Fuzz/Sources/akashi-fuzz Fuzz/Sources/akashi-seeds Coverage/Package.swift
SUITES := $(or $(AKASHI_SUITES),../shared/suites)

.PHONY: help packages build demo test unit-tests lint format bench growth kiosk counter fuzz coverage clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

packages: ## installs the Debian packages that are missing
	@scripts/install-packages.sh

build: packages ## builds everything, with tests, warnings as errors
	@scripts/build.sh $(CONFIGURATION)

demo: build ## sandbox, platform and a scripted pass of the main job; ARGS="--once --json"
	@$(BIN) demo $(ARGS)

lint: ## the format check
	@swift format lint --strict --parallel --recursive $(SOURCES)

format: ## formats the sources in place
	@swift format --in-place --parallel --recursive $(SOURCES)

unit-tests: build ## the Swift tests alone; FILTER=regex
	@scripts/swift-tests.sh $(CONFIGURATION) "$(SUITES)" "$(FILTER)"

test: lint unit-tests ## everything that CI runs
	@scripts/check-packages.sh release
	@scripts/batch-memory.sh $(BIN) "$(SUITES)"
	@scripts/end-to-end.sh $(BIN)
	@scripts/kiosk.sh $(BIN)
	@scripts/counter.sh $(BIN)

bench: export AKASHI_BENCH = 1
bench: build ## what docs/performance.md states: the core and lists beside OpenSSL, and load over mutual TLS
	@scripts/bench-core.sh
	@scripts/bench-lists.sh $(BIN)
	@scripts/bench-http.sh $(BIN)

growth: ## how time grows when inputs are doubled; fails above 2.5
	@swift build -c release --package-path Benchmarks --product akashi-growth >&2
	@MALLOC_MMAP_THRESHOLD_=1000000000 MALLOC_TRIM_THRESHOLD_=1000000000 Benchmarks/.build/release/akashi-growth

kiosk: build ## the kiosk's page in a real browser; PICTURES=folder leaves pictures of every state
	@scripts/kiosk.sh $(BIN) $(PICTURES)

counter: build ## the counter with cards, browsers and printers; PICTURES=folder leaves pictures of pages and papers
	@scripts/counter.sh $(BIN) $(PICTURES)

fuzz: ## libFuzzer's targets; TARGET=crl SECONDS=600
	@scripts/fuzz.sh "$(or $(TARGET),all)" "$(or $(SECONDS),60)"

coverage: ## region coverage of the rooms that decide
	@scripts/coverage.sh

clean: ## removes what was built
	@rm -rf .build Benchmarks/.build Fuzz/.build Coverage/.build
