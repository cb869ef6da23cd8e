// runner.cpp - litmus [--check FILE | --write FILE]: builds the chip once and runs every litmus test on it, as one
// cmocka test each. --check compares what came up with the tables in FILE (docs/memory-model.md), --write puts them
// there.
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "model/chip.hpp"
#include "model/chip_cores.h"
#include "model/core/program.h"
#include "model/deadlock.h"
#include "tests/litmus/document.hpp"
#include "tests/litmus/litmus.h"
#include "tests/litmus/verdict.h"

extern "C" {
#include <cmocka.h> // last: its macros have names that SystemC uses
}

namespace
{

constexpr std::uint64_t launch_ps = 1000000, quiet_ps = 100000000000; // a launch that takes longer has gone wrong

dav::Chip *the_chip;
bool broken;           // a launch did not end: no other can be made
std::uint64_t skipped; // polls that were not simulated, thanks to parking

chip_state *state()
{
    return the_chip->state;
}

// As after power-on: registers are 0, and no line is in any cache. What they held is lost.
void reset()
{
    for (std::uint32_t i = 0; i < state()->aicores; i++)
        state()->cores[i].window = window{};
    for (int holder = 0; holder < DIRECTORY_HOLDERS; holder++) {
        dcache *cache = state()->view.caches[holder];

        for (std::uint32_t index = 0; cache && index < cache->count; index++)
            if (dcache_valid(cache, index))
                view_drop(&state()->view, holder, index);
    }
}

void set_parking(bool on)
{
    for (std::uint32_t i = 0; i < state()->aicores + state()->aicpus; i++)
        state()->cores[i].park.enabled = on;
}

std::uint64_t skipped_rounds()
{
    std::uint64_t rounds = 0;

    for (std::uint32_t i = 0; i < state()->aicores + state()->aicpus; i++)
        rounds += state()->cores[i].park.rounds_skipped;
    return rounds;
}

void launch(run &now, const phase &what)
{
    chip_state *chip = state();

    now.start_ps = chip->clock.time + launch_ps;
    chip->stop = chip_stop{};
    chip->launch++;
    chip->max_quiet_ps = quiet_ps;
    clock_set_deadline(&chip->clock, CLOCK_NEVER);
    chip_progress(chip, now.start_ps);
    for (const thread &each : what.threads) {
        if (each.agent == ABSENT)
            continue;
        now.threads[each.agent] = &each;
        window_reset(&now.cores[each.agent]->window);
        chip_start_core(now.cores[each.agent], litmus_interpret, now.start_ps);
    }
    litmus_running = &now;
    verdict_launch(chip, true);
    assert_int_equal(program_catch(), 0);
    broken = true; // unless it returns
    the_chip->run();
    broken = false;
    program_release();
    for (std::uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
        broken |= chip->cores[i].has_program;
        chip->clock.time = std::max(chip->clock.time, chip->cores[i].agent.now);
    }
    if (broken)
        deadlock_report(chip, chip->clock.expired ? DAV_TIMEOUT : DAV_DEADLOCK, nullptr);
    if (broken || chip->stop.status != DAV_OK)
        fail_msg("the launch did not end well: %s", chip->stop.line);
    dav_running = &program_nobody;
    view_enter(&chip->view, DIRECTORY_NOBODY);
    clock_set_deadline(&chip->clock, CLOCK_NEVER);
    verdict_launch(chip, false);
}

void host(run &now, const thread &what)
{
    chip_state *chip = state();

    for (const step *each = what.steps; each->op != OP_END; each++) {
        const std::uint64_t address = litmus_address(&now, each->place);

        if (each->op == OP_WRITE) {
            verdict_copy(chip, address, &each->value, sizeof(each->value));
            chip->clock.time += the_chip->dma.to_device(chip, address, &each->value, sizeof(each->value));
        } else if (each->op == OP_READ) {
            verdict_copy(chip, address, nullptr, sizeof(std::uint32_t));
            chip->clock.time += the_chip->dma.from_device(chip, &now.registers[each->reg], address, sizeof(std::uint32_t));
        } else if (each->op == OP_FREE_AND_ALLOC) {
            assert_int_equal(gm_free(&chip->gm, now.block), 0);
            now.block = static_cast<std::uint8_t *>(gm_alloc(&chip->gm, BLOCK_BYTES));
            assert_non_null(now.block);
        } else {
            fail_msg("a step that is not the host's");
        }
    }
}

// What the counters of all agents have grown by since @before.
void count(run &now, const std::vector<core_counters> &before)
{
    constexpr int counters = sizeof(core_counters) / sizeof(std::uint64_t);

    for (int agent = AGENT_AIC0; agent < AGENTS; agent++) {
        const auto *from = reinterpret_cast<const std::uint64_t *>(&before[agent]);
        const auto *to = reinterpret_cast<const std::uint64_t *>(&now.cores[agent]->counters);
        auto *delta = reinterpret_cast<std::uint64_t *>(&now.counters[agent]);

        for (int i = 0; i < counters; i++)
            delta[i] = to[i] - from[i];
    }
}

// What this run perturbs, drawn anew.
void perturb(const char *items, std::uint64_t seed)
{
    char error[256];

    if (vary_init(&state()->vary, &state()->file, state()->aicpus, seed, items, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    assert_int_equal(chip_vary(state()), 0);
}

// One run from an empty chip. @verdict: let the checker watch, and give its kinds of findings.
run run_once(const litmus &test, std::uint32_t sweep_ns, bool parking, std::uint64_t seed = 1,
             std::uint32_t *verdict = nullptr)
{
    chip_state *chip = state();
    std::vector<core_counters> before(AGENTS);
    run now{};

    reset();
    perturb(test.vary, seed);
    set_parking(parking);
    now.layout = test.layout;
    now.sweep_ns = sweep_ns;
    now.block = static_cast<std::uint8_t *>(gm_alloc(&chip->gm, BLOCK_BYTES));
    assert_non_null(now.block);
    std::memset(now.block, 0, BLOCK_BYTES);
    if (verdict)
        verdict_begin(chip, now.block, BLOCK_BYTES);
    now.cores[AGENT_AIC0] = &chip->cores[0];
    now.cores[AGENT_AIV0] = &chip->cores[1];
    now.cores[AGENT_AIV1] = &chip->cores[2];
    for (int thread = 0; thread < AICPUS; thread++)
        now.cores[AGENT_AICPU0 + thread] = chip_aicpu(chip, thread);
    for (int agent = AGENT_AIC0; agent < AGENTS; agent++)
        before[agent] = now.cores[agent]->counters;
    for (now.phase = 0; now.phase < PHASES && test.phases[now.phase].threads[0].agent != ABSENT; now.phase++) {
        const phase &what = test.phases[now.phase];

        if (what.threads[0].agent == HOST_CPU)
            host(now, what.threads[0]);
        else
            launch(now, what);
    }
    if (verdict)
        *verdict = verdict_end(chip);
    gm_free(&chip->gm, now.block);
    count(now, before);
    return now;
}

bool is(const outcome &wanted, const run &seen)
{
    return wanted.given && (wanted.any || std::memcmp(wanted.registers, seen.registers, sizeof(wanted.registers)) == 0);
}

// The number of @outcomes that was seen, or -1.
int among(const outcome (&outcomes)[OUTCOMES], const run &seen)
{
    for (int i = 0; i < OUTCOMES; i++)
        if (is(outcomes[i], seen))
            return i;
    return -1;
}

std::string text(const std::uint32_t *registers)
{
    std::string all;
    int last = REGISTERS - 2;

    while (last > 0 && !registers[last])
        last--;
    for (int i = 0; i <= last; i++) {
        char one[32];

        std::snprintf(one, sizeof(one), "%sr%d=0x%x", i ? " " : "", i, registers[i]);
        all += one;
    }
    return all;
}

// The first counter that differs, by its offset in core_counters, and its two values.
void expect_same_counters(const litmus &test, const run &one, const run &other, const char *how)
{
    static const char *const names[] = {
        "hits",           "misses",          "stores",         "writebacks",      "dcci",         "spr_reads",
        "spr_writes",     "atomics",         "fences",         "invalidates",     "window_loads", "window_stores",
        "bus_read_bytes", "bus_write_bytes", "mte_read_bytes", "mte_write_bytes", "hbm_bytes"};
    static_assert(sizeof(names) / sizeof(*names) == sizeof(core_counters) / sizeof(std::uint64_t));

    for (int agent = AGENT_AIC0; agent < AGENTS; agent++) {
        const auto *a = reinterpret_cast<const std::uint64_t *>(&one.counters[agent]);
        const auto *b = reinterpret_cast<const std::uint64_t *>(&other.counters[agent]);

        for (std::size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
            if (a[i] != b[i])
                fail_msg("%s: at %u ns, %s: %s counts %llu %s, then %llu", test.says, one.sweep_ns, how,
                         one.cores[agent]->name, (unsigned long long)a[i], names[i], (unsigned long long)b[i]);
    }
}

// Equal outcomes, and every step at the same time.
void expect_same(const litmus &test, const run &one, const run &other, const char *how)
{
    if (std::memcmp(one.registers, other.registers, sizeof(one.registers) - sizeof(one.registers[none])) != 0)
        fail_msg("%s: at %u ns, %s: %s, then %s", test.says, one.sweep_ns, how, text(one.registers).c_str(),
                 text(other.registers).c_str());
    for (int i = 0; i < PHASES; i++)
        for (int agent = 0; agent < AGENTS; agent++)
            for (int step = 0; step < STEPS; step++)
                if (one.times[i][agent][step] != other.times[i][agent][step])
                    fail_msg("%s: at %u ns, %s: phase %d, agent %d, step %d ends at %llu ps, then at %llu ps",
                             test.says, one.sweep_ns, how, i, agent, step,
                             (unsigned long long)one.times[i][agent][step],
                             (unsigned long long)other.times[i][agent][step]);
    expect_same_counters(test, one, other, how);
}

// All ways of running it at one delay and seed. Return the number of the required outcome, or -1.
int run_alike(const litmus &test, std::uint32_t sweep_ns, std::uint64_t seed)
{
    const run first = run_once(test, sweep_ns, false, seed);
    const int required = among(test.required, first);
    const bool may = required >= 0 || among(test.allowed, first) >= 0;

    document_run(test, first);
    if (!may || among(test.forbidden, first) >= 0)
        fail_msg("%s: at %u ns, seed %llu: %s is %s", test.says, sweep_ns, (unsigned long long)seed,
                 text(first.registers).c_str(), may ? "forbidden" : "not allowed");
    expect_same(test, first, run_once(test, sweep_ns, false, seed), "run twice");
    const std::uint64_t before = skipped_rounds();
    const run parked = run_once(test, sweep_ns, true, seed);
    skipped += skipped_rounds() - before;
    expect_same(test, first, parked, "without parking and with it");
    expect_same(test, parked, run_once(test, sweep_ns, true, seed), "run twice with parking");
    return required;
}

void run_litmus(void **arg)
{
    const litmus &test = *static_cast<const litmus *>(*arg);
    const std::uint32_t seeds = test.seeds ? test.seeds : 1;
    bool seen[OUTCOMES] = {};

    if (broken)
        skip();
    for (std::uint32_t sweep_ns = 0; sweep_ns <= test.sweep; sweep_ns += test.stride ? test.stride : 1) {
        for (std::uint64_t seed = 1; seed <= seeds; seed++) {
            const int required = run_alike(test, sweep_ns, seed);

            if (required >= 0)
                seen[required] = true;
        }
    }
    // With other latencies than the table was made for, an outcome may have moved out of the sweep.
    for (int i = 0; !std::getenv("LITMUS_SET") && i < OUTCOMES; i++)
        if (test.required[i].given && !seen[i])
            fail_msg("%s: %s is required, but never came up", test.says, text(test.required[i].registers).c_str());
}

std::uint32_t verdicts[FINDING_KINDS]; // random programs with a finding of each kind

// Parking must not show in any program, also where many changes meet many polls.
void test_random_programs(void **)
{
    enum { PROGRAMS = 300 };
    litmus test;

    if (broken)
        skip();
    for (std::uint64_t seed = 1; seed <= 2 * PROGRAMS; seed++) {
        litmus_by_lot(&test, seed);
        test.vary = seed <= PROGRAMS ? nullptr : "all";
        const std::string name = test.says + std::to_string(seed);
        test.says = name.c_str();
        const run first = run_once(test, 0, false, seed);
        const std::uint64_t before = skipped_rounds();
        const run parked = run_once(test, 0, true, seed);

        skipped += skipped_rounds() - before;
        expect_same(test, first, parked, "without parking and with it");
        // Nor must a checker that watches; and it says the same of both.
        std::uint32_t verdict, verdict_parked;
        expect_same(test, first, run_once(test, 0, false, seed, &verdict), "without a checker and with it");
        expect_same(test, first, run_once(test, 0, true, seed, &verdict_parked),
                    "without a checker and with it, parked");
        if (verdict != verdict_parked) {
            char one[256], other[256];

            verdict_text(verdict, one, sizeof(one));
            verdict_text(verdict_parked, other, sizeof(other));
            fail_msg("%s: the checker finds %s, and with parking %s", test.says, one, other);
        }
        for (int kind = 0; kind < FINDING_KINDS; kind++)
            verdicts[kind] += verdict >> kind & 1;
    }
}

// The tests above say nothing about parking unless cores did park.
void test_cores_parked(void **)
{
    if (broken)
        skip();
    assert_true(skipped > 1000);
}

// Nor about the checker unless it found something.
void test_the_checker_spoke(void **)
{
    if (broken)
        skip();
    for (const finding_kind kind : {FINDING_STALE_READ, FINDING_RESIDUAL_LINE, FINDING_LOST_WRITE,
                                    FINDING_DMA_NOT_INVALIDATED, FINDING_MISSING_DCCI_PUBLISH})
        if (verdicts[kind] < 3)
            fail_msg("%u random programs with %s", verdicts[kind], findings_name(kind));
}

int build(void **)
{
    char error[512];
    const char *source = std::getenv("SOURCE_DIR");
    const char *more = std::getenv("LITMUS_SET"); // overrides of the chip file
    const std::string set = "aicpu.threads=" + std::to_string(AICPUS) + "\n" + (more ? more : "");
    chip file;

    if (chip_load(&file, "minimal", (std::string(source ? source : ".") + "/model/chips").c_str(), set.c_str(), error,
                  sizeof(error)) != 0) {
        print_error("%s\n", error);
        return -1;
    }
    file.vary.evict_ps = 2000000; // so that short programs meet it
    auto *device = new chip_state{};
    device->file = file;
    if (dav::Chip::make(device) != 0)
        return -1;
    the_chip = new dav::Chip("chip", device);
    dav_chip = state();
    dav_running = &program_nobody;
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    return verdict_open(state());
}

int close(void **)
{
    verdict_close();
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::vector<litmus_chapter> chapters = {
        {"AICores among themselves", litmus_aicore},
        {"One word", litmus_word},
        {"Two words: store buffering, load buffering, independent reads", litmus_order},
        {"AICPU threads", litmus_aicpu},
        {"Messages", litmus_message},
        {"A weakly ordered AICPU, and other perturbations", litmus_weak},
        {"False sharing", litmus_share},
        {"Words across lines", litmus_tear},
        {"Registers", litmus_register},
        {"The host", litmus_host},
        {"From launch to launch", litmus_launch},
    };
    std::vector<CMUnitTest> tests;
    const auto add = [&tests](const litmus *list) {
        for (; list->name; list++)
            tests.push_back({list->name, run_litmus, nullptr, nullptr, const_cast<litmus *>(list)});
    };

    for (const auto &chapter : chapters)
        add(chapter.second);
    tests.push_back(cmocka_unit_test(test_random_programs));
    tests.push_back(cmocka_unit_test(test_cores_parked));
    tests.push_back(cmocka_unit_test(test_the_checker_spoke));
    add(litmus_task);
    add(litmus_move);
    if (_cmocka_run_group_tests("litmus", tests.data(), tests.size(), build, close) != 0)
        return 1;
    if (argc == 3 && std::strcmp(argv[1], "--write") == 0)
        return document_write(argv[2], document_text(chapters)) ? 0 : 1;
    return argc == 3 && !document_check(argv[2], document_text(chapters)) ? 1 : 0;
}
