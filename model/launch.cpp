// launch.cpp - see launch.hpp.
#include "model/launch.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>

#include "model/chip_cores.h"
#include "model/core/flag.h"
#include "model/core/mte.h"
#include "model/core/program.h"
#include "model/deadlock.h"
#include "model/embed/device_log.h"
#include "model/embed/emutls.h"
#include "model/embed/entry.h"
#include "model/embed/port.h"
#include "model/interrupt.h"
#include "model/watch.h"

namespace dav
{

using AicpuEntry = int (*)(void *runtime);
using RunEntry = void (*)();
using AicoreEntry = void (*)(void *runtime, int block_idx, int core_type);

// The names under which the platform generations export their entries; the guide's Run takes and returns nothing.
static const char *const aicpu_names[] = {"aicpu_execute", "AicpuExecute", "Run", nullptr};
static const char *const aicore_names[] = {"aicore_execute", "AicoreExecute", nullptr};

static void enter_aicpu(core *c)
{
    c->outcome = reinterpret_cast<AicpuEntry>(c->entry)(c->chip->runtime);
}

static void enter_run(core *c)
{
    reinterpret_cast<RunEntry>(c->entry)();
}

static void enter_aicore(core *c)
{
    reinterpret_cast<AicoreEntry>(c->entry)(c->chip->runtime, c->worker, c->kind == CORE_AIC ? 0 : 1);
}

// An exception that device code does not catch ends the launch, not the process.
static void run_guarded(void (*body)(core *), core *c)
{
    try {
        body(c);
    } catch (const std::exception &exception) {
        port_fail("uncaught C++ exception: %s", exception.what());
    } catch (...) {
        port_fail("uncaught C++ exception");
    }
}

static void run_aicpu(core *c)
{
    run_guarded(enter_aicpu, c);
}

static void run_run(core *c)
{
    run_guarded(enter_run, c);
}

static void run_aicore(core *c)
{
    run_guarded(enter_aicore, c);
}

static dav_status check(const chip_state *chip, const struct dav_launch &launch, char *error, std::size_t size)
{
    const auto clusters = static_cast<int>(chip->file.chip.clusters);
    const bool aivs = launch.only == DAV_ONLY_AIV;
    const int most = aivs ? clusters * static_cast<int>(chip->file.chip.aiv_per_cluster) : clusters;
    const auto threads = static_cast<int>(chip->file.aicpu.threads);

    if (!launch.runtime)
        std::snprintf(error, size, "launch: the Runtime is NULL; initialize it first");
    else if (!gm_contains(&chip->gm, launch.runtime, launch.runtime_size ? launch.runtime_size : 1))
        std::snprintf(error, size, "launch: the Runtime at %p is not in device memory; allocate it with device_malloc",
                      launch.runtime);
    else if (launch.block_dim < 1 || launch.block_dim > most)
        std::snprintf(error, size, "launch: block_dim is %d, but chip %s has %d %s: give 1 to %d", launch.block_dim,
                      chip->file.name, most,
                      aivs          ? "AIVs"
                      : launch.only ? "AICs"
                                    : "clusters",
                      most);
    else if (launch.aicpu_threads < 1 || launch.aicpu_threads > threads)
        std::snprintf(error, size, "launch: aicpu_thread_num is %d, but chip %s has %d AICPU cores: give 1 to %d",
                      launch.aicpu_threads, chip->file.name, threads, threads);
    else if (!launch.aicpu_binary || !launch.aicore_binary)
        std::snprintf(error, size, "launch: the %s binary is NULL; build the runtime first",
                      launch.aicpu_binary ? "AICore" : "AICPU");
    else
        return DAV_OK;
    return DAV_BAD_INPUT;
}

// Load @binary and find its entry.
static dav_status load(chip_state *chip, Part &part, const void *binary, std::size_t size, const char *name,
                       const instruction_costs &costs, const char *const *names, char *error, std::size_t error_size)
{
    part.loaded = module_load(&chip->modules, binary, size, name, &costs, error, error_size);
    if (!part.loaded)
        return DAV_BAD_INPUT;
    if (entry_find(binary, size, names, part.symbol, sizeof(part.symbol)))
        return DAV_OK;
    std::snprintf(error, error_size, "launch: the %s has no function %s (or %s); export it with C linkage", name,
                  names[0], names[1]);
    return DAV_BAD_INPUT;
}

static void *entry_of(const module *loaded, const Part &part)
{
    const char *const names[] = {part.symbol, nullptr};

    return module_symbol(loaded, names);
}

dav_status launch_prepare(chip_state *chip, const struct dav_launch &launch, Modules &modules, char *error,
                          std::size_t error_size)
{
    dav_status status = check(chip, launch, error, error_size);

    if (status == DAV_OK)
        status = load(chip, modules.aicpu, launch.aicpu_binary, launch.aicpu_size, "AICPU binary",
                      chip->file.aicpu.cost, aicpu_names, error, error_size);
    if (status == DAV_OK)
        status = load(chip, modules.aicore, launch.aicore_binary, launch.aicore_size, "AICore binary",
                      chip->file.aicore.cost, aicore_names, error, error_size);
    return status;
}

// Physical AICore @c's place among the workers of a launch, -1 if it has none.
static int worker_of(const chip_state *chip, const core *c, const struct dav_launch &launch)
{
    const auto cluster = static_cast<int>(chip_cluster(&chip->file, static_cast<std::uint32_t>(c->number)));
    const int of_kind = chip_place(c);

    if (launch.only)
        return (launch.only == DAV_ONLY_AIC) == (c->kind == CORE_AIC) && of_kind < launch.block_dim ? of_kind : -1;
    if (cluster >= launch.block_dim)
        return -1;
    // The AIVs follow the launch's AICs as the chip's follow all of its AICs.
    return c->kind == CORE_AIC ? of_kind : of_kind + launch.block_dim;
}

static void start_aicore(chip_state *chip, core *c, const struct dav_launch &launch, const Modules &modules,
                         std::uint64_t at)
{
    const auto number = static_cast<std::uint32_t>(c->number);
    char error[512];
    module *own;

    c->worker = worker_of(chip, c, launch);
    if (c->worker < 0)
        return;
    own = module_for_core(modules.aicore.loaded, number, error, sizeof(error));
    if (!own) {
        chip_stop_launch(chip, DAV_BAD_INPUT, "launch: %s: %s", c->name, error);
        return;
    }
    c->entry = entry_of(own, modules.aicore);
    c->block_dim = launch.block_dim;
    c->block_idx = launch.only ? c->worker : static_cast<int>(chip_cluster(&chip->file, number));
    c->subblock_id = launch.only ? 0 : static_cast<int>(chip_subblock(&chip->file, number));
    window_reset(&c->window);
    chip_start_core(c, run_aicore, at);
}

// After a stop: every program leaves its stack, so that the next launch finds idle cores.
static void leave_programs(Chip &chip)
{
    chip_state *state = chip.state;
    const std::uint64_t now = state->clock.time;

    for (std::uint32_t i = 0; i < state->aicores + state->aicpus; i++)
        core_forget_pending(&state->cores[i]);
    mte_forget(state);
    clock_reset(&state->clock);
    state->clock.applying = nullptr; // a stack may have run over in the middle of an effect
    clock_set_deadline(&state->clock, CLOCK_NEVER);
    bool any = false;
    for (std::uint32_t i = 0; i < state->aicores + state->aicpus; i++) {
        core *c = &state->cores[i];

        if (!c->has_program)
            continue;
        any = true;
        c->unwind = true;
        c->agent.state = AGENT_BLOCKED;
        clock_wake(&state->clock, &c->agent, now);
    }
    if (any) // SystemC warns of a run in which nothing happens
        chip.run();
    clock_reset(&state->clock);
}

// A launch that was given up leaves caches, statics and threads in no state to go on from. What hardware needs then, a
// reset of the device, comes with it: only GM stays as it is.
static void reset_device(chip_state *chip)
{
    view_enter(&chip->view, DIRECTORY_NOBODY);
    for (int holder = 0; holder < DIRECTORY_HOLDERS; holder++) {
        const dcache *cache = chip->view.caches[holder];

        for (std::uint32_t index = 0; cache && index < cache->count; index++)
            if (dcache_valid(cache, index))
                view_drop(&chip->view, holder, index);
    }
    for (std::uint32_t i = 0; i < chip->aicpus; i++) {
        core *c = chip_aicpu(chip, i);

        c->outcome = 0;
        c->thread_kept = false;
        c->thread_leave = nullptr;
        c->wait.what = SYNC_NOTHING;
    }
    module_forget_all(&chip->modules);
}

// How it ended, once no core can go on.
static void judge(chip_state *chip, void (*more)(const char *line))
{
    bool running = false;

    if (interrupt_came())
        chip_stop_launch(chip, DAV_INTERNAL, "launch: ended by signal %d (%s)", interrupt_came(),
                         strsignal(interrupt_came()));
    program_explain(chip);
    for (std::uint32_t i = 0; i < chip->aicpus && chip->stop.status == DAV_OK; i++) {
        const core *c = chip_aicpu(chip, i);

        if (!c->outcome || c->has_program)
            continue;
        chip_blame(chip, c, c->agent.now);
        chip_stop_launch(chip, DAV_FAULT, "launch: aicpu_execute returned %d on %s; see the device's log (-v)",
                         c->outcome, c->name);
    }
    for (std::uint32_t i = 0; i < chip->aicores + chip->aicpus; i++)
        running |= chip->cores[i].has_program || pipes_busy(&chip->cores[i]);
    if (running && chip->stop.status == DAV_OK)
        deadlock_report(chip, chip->clock.expired ? DAV_TIMEOUT : DAV_DEADLOCK, more);
}

static void announce(chip_state *chip, event_kind kind, std::uint64_t begin, const char *text)
{
    event what{};

    what.kind = kind;
    what.time_ps = chip->clock.time;
    what.begin_ps = begin;
    what.text = text;
    chip_announce(chip, &what);
}

// On the core that is to blame, if one is.
static void announce_fault(chip_state *chip)
{
    event what{};

    what.kind = EVENT_FAULT;
    what.time_ps = chip->stop.at_ps;
    what.core = chip->stop.core;
    what.text = chip->stop.line;
    if (what.core)
        chip_announce(chip, &what);
}

void launch_run(Chip &chip, const struct dav_launch &launch, const Modules &modules, void (*more)(const char *line))
{
    chip_state *state = chip.state;
    const std::uint64_t begin = state->clock.time;
    const std::uint64_t start = begin + state->file.host.launch_ps;

    state->stop = chip_stop{};
    state->launch++;
    state->runtime = launch.runtime;
    state->runtime_size = launch.runtime_size;
    clock_set_deadline(&state->clock, CLOCK_NEVER);
    chip_progress(state, start);
    for (int i = 0; i < launch.aicpu_threads; i++) {
        core *c = chip_aicpu(state, static_cast<std::uint32_t>(i));

        c->entry = entry_of(modules.aicpu.loaded, modules.aicpu);
        c->outcome = 0;
        emutls_new_thread(c);
        chip_start_core(c, std::strcmp(modules.aicpu.symbol, "Run") == 0 ? run_run : run_aicpu, start);
    }
    flag_forget_arrivals(state);
    for (std::uint32_t i = 0; i < state->aicores; i++)
        start_aicore(state, &state->cores[i], launch, modules, start);
    announce(state, EVENT_LAUNCH_BEGIN, begin, nullptr);
    WATCH(state, launched);
    if (program_catch() != 0)
        chip_stop_launch(state, DAV_INTERNAL, "launch: no memory for a signal stack");
    interrupt_watch(&state->clock);
    chip.run();
    interrupt_release();
    for (std::uint32_t i = 0; i < state->aicores + state->aicpus; i++)
        device_log_flush(&state->cores[i]);
    judge(state, more);
    if (state->stop.status != DAV_OK) {
        for (std::uint32_t i = 0; i < state->aicores + state->aicpus; i++)
            device_log_flush(&state->cores[i]); // what was printed without a newline may be the best clue
        announce_fault(state);
        announce(state, EVENT_STOP, begin, state->stop.line);
        leave_programs(chip);
        reset_device(state);
    }
    for (std::uint32_t i = 0; i < state->aicores + state->aicpus; i++)
        state->clock.time = std::max(state->clock.time, state->cores[i].agent.now);
    program_release();
    dav_running = &program_nobody;
    view_enter(&state->view, DIRECTORY_NOBODY);
    clock_set_deadline(&state->clock, CLOCK_NEVER);
    state->clock.expired = false;
    WATCH(state, ended);
    announce(state, EVENT_LAUNCH_END, begin, nullptr);
}

} // namespace dav
