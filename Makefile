# The commands of the project. `make demo` is the place to start.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help build demo test lint mutants simulate bench bench-raft bench-brain bench-console hot-functions api clean bootstrap

CHECKED := --explicit-target-dependency-import-check error

help: ## Lists the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

bootstrap: ## Installs the Debian packages that are needed
	@./scripts/bootstrap

RELEASE := $(shell ./scripts/optimised)

build: bootstrap ## Builds swarmd and swarmtop, optimised, into .build-release/release
	swift build $(RELEASE) --product swarmd
	swift build $(RELEASE) --product swarmtop

demo: ## Brings up a manager and two workers, runs a service, and opens swarmtop
	@./scripts/demo

# Real processes, simulations and thousands of screens would starve the tests that wait for each other in the first
# run, and each other; those that measure time run one by one.
ALONE := FailoverTests|SurvivalTests|ConsoleTypesTests|ConsoleRecordingTests|ConsoleOptionsTests|RaftTabTests|TrustStoryTests|GroupStoryTests|OperatorStoryTests|DockerWorkerTests|HostileTests|RoleTests|AutolockTests|InteropTests.TrustTests
# Groups of real daemons beside each other: as many as two processors carry without elections for want of time.
TWO := --experimental-maximum-parallelization-width 2
test: bootstrap ## Builds everything and runs every test
	swift build --build-tests $(CHECKED)
	swift test --skip-build $(CHECKED) --skip 'SimulationTests|InteropTests|ConsoleCoreTests'
	swift test --skip-build $(CHECKED) --filter ConsoleCoreTests
	swift test --skip-build $(CHECKED) --filter InteropTests --skip '$(ALONE)' $(TWO)
	swift test --skip-build $(CHECKED) --filter '$(ALONE)' --no-parallel
	swift test --skip-build $(CHECKED) --filter SimulationTests

lint: ## Checks the style
	swift format lint --strict --recursive --parallel Sources/Shared/Primitives Sources/Shared/ControlClient \
	    Sources/Shared/SwarmRPC/Transport Sources/swarmd Sources/swarmtop Tests Benchmarks Package.swift

mutants: bootstrap ## Plants bugs in a copy and sees whether the simulator finds them
	@./scripts/mutants

simulate: ## Runs ten thousand simulated groups and a thousand clusters, optimised
	swift build $(RELEASE) --product swarm-sim
	"$$(swift build $(RELEASE) --show-bin-path)/swarm-sim" --seeds 10000
	"$$(swift build $(RELEASE) --show-bin-path)/swarm-sim" --clusters --past --seeds 1000

bench: ## Prints the figures that the project promises
	@./scripts/bench

bench-raft: ## Measures writes and failover beside etcd; ARGS="writes --seconds 5" chooses
	@./scripts/bench-raft $(ARGS)

bench-brain: bootstrap ## Measures the scheduler beside SwarmKit's figures
	@./scripts/bench-brain

bench-console: bootstrap ## Measures swarmtop against its bars, beside htop and tig; ARGS="--minutes 1" is short
	@./scripts/bench-console $(ARGS)

hot-functions: ## Looks at what a loaded group runs, for the linker of optimised builds
	@./scripts/hot-functions

api: ## Regenerates the Swift of Sources/Shared/SwarmAPI/Protos
	@./scripts/api

clean: ## Removes what was built
	rm -rf .build .build-* .build_*
