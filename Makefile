# make test is what CI runs. make help lists the rest.

SHELL := /bin/bash
GO    ?= go
# Packages that are built and tested at once; four tests of one of them run at a time besides: they mostly wait.
JOBS  ?= 2
# The race detector also checks unsafe pointers, for which the SQLite driver, C turned into Go, costs a third of a run.
RACE  := -race -gcflags=modernc.org/...=-d=checkptr=0

.PHONY: help test quick race lint chaos semester bench demo

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

test: lint ## everything: what lint checks, and all tests with the race detector, on the embedded and the real stores and in a browser
	. scripts/need.sh && need_chromium && need_axe && scripts/with-stores.sh $(GO) test -p $(JOBS) -parallel 4 $(RACE) -timeout 20m ./...

quick: ## all tests on the embedded stores; takes seconds when little has changed
	$(GO) test -p $(JOBS) -timeout 10m ./...

race: ## all tests on the embedded stores with the race detector
	$(GO) test -p $(JOBS) $(RACE) -timeout 20m ./...

lint: ## formatting, go vet, staticcheck
	@unformatted=$$(git ls-files -co --exclude-standard -- '*.go' | while read -r f; do [ ! -e "$$f" ] || gofmt -l "$$f"; done); \
	if [ -n "$$unformatted" ]; then echo "not formatted; run gofmt -w on:" >&2; echo "$$unformatted" >&2; exit 1; fi
	$(GO) vet -p $(JOBS) ./...
	$(GO) tool staticcheck ./...

KILLS ?= 50
PROBES ?= 10000
NOTICES ?= 10000
NEWS ?= 100000
SEED  ?= 7
chaos: ## kills the bot at every moment and takes its stores and Telegram away, on both pairs of stores: some half an hour; see docs/reliability.md
	scripts/with-stores.sh $(GO) test -count=1 -v -timeout 60m -run 'TestKill|TestOutages|TestPlays|TestProbes|TestACrowdAtOnce|TestAPeak|TestBroadcastKilled|TestTakeover' ./cmd/dauys -notices $(NOTICES) -probes $(PROBES) -crowd 200 -peak 1000 -kills $(KILLS) -seed $(SEED) -everywhere

CASES ?= 300
DAYS  ?= 120
semester: ## a whole semester with 300 cases, on both pairs of stores at once: a minute or two; see docs/reliability.md
	scripts/with-stores.sh $(GO) test -count=1 -v -timeout 30m -run 'TestSemester$$' ./cmd/dauys -cases $(CASES) -days $(DAYS)

BENCHTIME ?= 10s
bench: ## how fast a turn is and what it costs, on the embedded and the real stores; see docs/performance.md
	scripts/with-stores.sh $(GO) test -run '^$$' -bench 'Next|Dialogue$$|Complaint|Paced|Start' -benchtime $(BENCHTIME) -timeout 30m ./flows/... ./cmd/dauys
	scripts/with-stores.sh $(GO) test -count=1 -v -timeout 30m -run 'TestBroadcast$$|TestPlanning$$' ./cmd/dauys -notices $(NOTICES) -news $(NEWS)

demo: ## Dauys with a Telegram of its own in the browser; needs nothing else
	$(GO) run ./cmd/dauys demo
