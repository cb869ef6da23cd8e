# What a newcomer types. CMake does the work; see CMakePresets.json for its presets.
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
PRESET ?= release
SECONDS ?= 60
TRACE ?= build/vector_graph.pftrace.gz
BUILD = build/$(PRESET)
DAVSIM = $(BUILD)/tools/davsim

.PHONY: build run test test-litmus test-patterns test-findings test-asan fuzz docs bench fidelity view-page pictures install format clean deps

build: deps
	@cmake --preset $(PRESET) $(CMAKE_FLAGS) >build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build --preset $(PRESET) -j $(JOBS)

deps:
	@tools/install-deps.sh $(DEPS)
	@mkdir -p build

run: build
	$(DAVSIM) run --trace $(TRACE) examples/vector_graph
	@echo "trace: $(TRACE) ($(DAVSIM) view $(TRACE) shows it, and so does https://ui.perfetto.dev)"

test: DEPS = test
test: build
	@ctest --preset $(PRESET) -j $(JOBS) $(CTEST_FLAGS)

test-litmus test-patterns test-findings: test-%: build
	@ctest --preset $(PRESET) -j $(JOBS) -L $* $(CTEST_FLAGS)

test-asan:
	@$(MAKE) --no-print-directory test PRESET=asan

fuzz: build
	@mkdir -p build/fuzz
	@cd build/fuzz && ../../$(BUILD)/tests/fuzz/fuzz_memory -max_total_time=$(SECONDS) -max_len=400 -print_final_stats=1
	@cd build/fuzz && ../../$(BUILD)/tests/fuzz/fuzz_elf -max_total_time=$(SECONDS) -max_len=2048 -print_final_stats=1
	@cd build/fuzz && ../../$(BUILD)/tests/fuzz/fuzz_trace -max_total_time=$(SECONDS) -max_len=8192 -print_final_stats=1
	@cd build/fuzz && ../../$(BUILD)/tests/fuzz/fuzz_report -max_total_time=$(SECONDS) -max_len=2048 -print_final_stats=1

docs: build
	@SOURCE_DIR=. $(BUILD)/tests/litmus/litmus --write docs/memory-model.md >build/litmus.log 2>&1 || \
		{ cat build/litmus.log; exit 1; }
	@$(BUILD)/tests/isa/isa_document --write docs/isa.md model/chips/ascend910b.ini
	@DAVSIM=$(CURDIR)/$(BUILD)/tools/davsim SOURCE_DIR=$(CURDIR) BUILD_DIR=$(CURDIR)/$(BUILD) \
		tests/e2e/schedulers_document.sh --write
	@PATH=$(CURDIR)/$(BUILD)/tools:$$PATH python3 tests/e2e/tutorial.py --update docs/implementing-a-runtime.md

fidelity: build
	@$(BUILD)/tests/fidelity/fidelity --check docs/fidelity.md

# The page of `davsim view`, which is in the source tree as built: only a change of it needs Node.js.
view-page:
	@modules=$$(tools/view/page/install.sh) && NODE_MODULES=$$modules node tools/view/page/build.mjs tools/view/page.html

# The README's pictures, from the test of the page.
pictures: DEPS = test
pictures: build
	@mkdir -p docs/pictures
	@DAVSIM=$(CURDIR)/$(DAVSIM) SOURCE_DIR=$(CURDIR) BUILD_DIR=$(CURDIR)/$(BUILD) PICTURES=docs/pictures \
		bash tests/e2e/view_browser.sh

bench: DEPS = bench
bench: build
	@bench/bench.sh $(BUILD)

install:
	@$(MAKE) --no-print-directory build CMAKE_FLAGS=-DCMAKE_INSTALL_PREFIX=$(PREFIX)
	@cmake --install $(BUILD)

format:
	@git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | xargs clang-format -i

clean:
	@rm -rf build
