/* test_pipe.c - when instructions of the pipes start and end, and what they see of one another's bytes.
 *
 * One AIV, or one AIC, whose program is the test: it calls the port as compiled code does. Expected times are worked
 * out from the chip file here, in cycles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "isa/core_port.h"
#include "isa/isa.h"
#include "model/chip_cores.h"
#include "model/chip_state.h"
#include "model/core/mte.h"
#include "model/core/pipe.h"

enum { CYCLE = 1000, A = 0, B = 32768, C = 65536 };

static struct chip_state *chip;
static struct core *core;
static uint8_t *gm;

static void nobody_else(void *ctx, struct agent *from, struct agent *to)
{
    (void)ctx;
    (void)from;
    fail_msg("control passes to %s", to ? core_of(to)->name : "the host: a deadlock");
}

static void program(struct core *running)
{
    (void)running;
}

/* The 910B at 1 GHz, so that a cycle is 1000 ps. */
static int build(void **state)
{
    char chips[512], error[512];

    (void)state;
    snprintf(chips, sizeof(chips), "%s/model/chips", getenv("SOURCE_DIR"));
    chip = calloc(1, sizeof(*chip));
    if (chip_load(&chip->file, "minimal", chips, "aicore.clock=1GHz\npipe.depth=4", error, sizeof(error)) != 0)
        fail_msg("%s", error);
    assert_int_equal(chip_cores_init(chip, nobody_else, NULL), 0);
    gm = gm_alloc(&chip->gm, 1 << 20);
    dav_chip = chip;
    return 0;
}

static void start(uint32_t number)
{
    core = &chip->cores[number];
    chip_start_core(core, program, chip->clock.time + 1000 * CYCLE);
    assert_ptr_equal(clock_next(&chip->clock), &core->agent);
    dav_running = core;
    core->limit = core->bound = CLOCK_NEVER;
    mte_forget(chip);
}

static int start_aiv(void **state)
{
    build(state);
    start(1);
    return 0;
}

static int start_aic(void **state)
{
    build(state);
    start(0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    while (chip->clock.running && pipes_busy(core))
        dav_pipe_barrier(ISA_ALL);
    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
        pipes_free(&chip->cores[i]);
        park_fini(&chip->cores[i]);
        if (i < chip->aicores) {
            dcache_fini(chip->cores[i].cache);
            free(chip->cores[i].cache);
        }
    }
    dcache_fini(&chip->cluster_cache);
    free(chip->cores);
    free(chip->window_bases);
    mte_fini(chip);
    clock_fini(&chip->clock);
    view_fini(&chip->view);
    gm_fini(&chip->gm);
    munmap(chip->window_memory, chip->window_bytes);
    free(chip);
    return 0;
}

/* ---- instructions ---- */

static void vadd(uint64_t dst, uint64_t src0, uint64_t src1, uint32_t repeats)
{
    dav_issue(ISA_OP_vadd_F32, dst, src0, src1, ISA_V3(repeats, 1, 1, 1), ISA_V4(8, 8, 8, 0));
}

static void load(uint64_t dst, const void *src, uint32_t bytes)
{
    dav_issue(ISA_OP_copy_gm_to_ubuf_align_b8_U8, dst, (uintptr_t)src, ISA_MOVE2(1, bytes, 0, 0), ISA_MOVE3(0, 0), 0);
}

static void store(void *dst, uint64_t src, uint32_t bytes)
{
    dav_issue(ISA_OP_copy_ubuf_to_gm_align_b8_U8, (uintptr_t)dst, src, ISA_MOVE2(1, bytes, 0, 0), ISA_MOVE3(0, 0), 0);
}

static float *ub(uint64_t at)
{
    return (float *)(void *)(pipes_make(core)->buffer[ISA_UB] + at);
}

static void fill(float *at, float value, int count)
{
    for (int i = 0; i < count; i++)
        at[i] = value;
}

static void wait_for(enum isa_pipe pipe)
{
    dav_set_flag((int)pipe, ISA_S, 7);
    dav_wait_flag((int)pipe, ISA_S, 7);
}

/* Cycles of the scalar unit since @since, less what the wait itself costs. */
static uint64_t waited(enum isa_pipe pipe, uint64_t since)
{
    wait_for(pipe);
    return (core->agent.now - since - chip->file.pipe.flag_ps - chip->file.pipe.sync_ps) / CYCLE;
}

static uint64_t cost(enum isa_cost_class class, uint64_t units)
{
    const struct isa_linear *linear = &chip->file.isa[class];

    return (linear->head + linear->slope * units + linear->tail) / 1000000;
}

/* ---- time ---- */

static void an_isolated_instruction_costs_head_slope_and_tail(void **state)
{
    (void)state;
    for (uint32_t repeats = 0; repeats <= 200; repeats += 50) {
        uint64_t since = core->agent.now;

        vadd(C, A, B, repeats);
        assert_int_equal(waited(ISA_V, since), cost(ISA_COST_vadd, repeats));
    }
}

/* All of them with operands that most take; whoever refuses these has tests of its own of what it takes. */
static void every_vector_instruction_takes_the_time_of_its_class(void **state)
{
    uint32_t timed = 0;

    (void)state;
    chip->compute = false;
    for (uint32_t opcode = 0; opcode < ISA_OPCODES; opcode++) {
        const struct isa_entry *entry = isa_entry_of(opcode);
        struct isa_exec x = {.entry = entry,
                             .w = {C, A, B, ISA_V3(3, 1, 1, 1), ISA_V4(8, 8, 8, 0)},
                             .state = pipes_make(core)->state,
                             .v = &core->pipes->v};
        uint64_t since = core->agent.now;

        memcpy(x.buffer, core->pipes->buffer, sizeof(x.buffer));
        memcpy(x.bytes, core->pipes->bytes, sizeof(x.bytes));
        if (entry->pipe != ISA_V || entry->unit != ISA_REPEAT || (entry->shape->refuse && entry->shape->refuse(&x)))
            continue;
        dav_issue(opcode, x.w[0], x.w[1], x.w[2], x.w[3], x.w[4]);
        if (waited(ISA_V, since) != cost(entry->cost, entry->shape->units(&x)))
            fail_msg("%s %s does not take the time of %s", entry->name, entry->types, isa_cost_name(entry->cost));
        timed++;
    }
    assert_in_range(timed, 150, ISA_OPCODES);
}

static void instructions_behind_one_another_share_the_head(void **state)
{
    const struct isa_linear *vadd_cost = &chip->file.isa[ISA_COST_vadd];
    uint64_t since = core->agent.now;

    (void)state;
    for (int i = 0; i < 3; i++)
        vadd(C, A, B, 10);
    assert_int_equal(waited(ISA_V, since), (vadd_cost->head + 3 * 10 * vadd_cost->slope + vadd_cost->tail) / 1000000);
}

static void a_barrier_waits_for_the_tail_and_the_head_is_paid_again(void **state)
{
    uint64_t since = core->agent.now;

    (void)state;
    vadd(C, A, B, 10);
    dav_pipe_barrier(ISA_V);
    vadd(C, A, B, 10);
    assert_int_equal(waited(ISA_V, since), 2 * cost(ISA_COST_vadd, 10));
}

static void count_mode_counts_elements_and_costs_more(void **state)
{
    uint64_t since = core->agent.now;

    (void)state;
    dav_spr_write(ISA_SPR_MASK_COUNT, 1);
    dav_set_vector_mask(0, 1000); /* 16 repeats of 64 */
    vadd(C, A, B, 0);
    assert_int_equal(waited(ISA_V, since), cost(ISA_COST_vadd, 16) + chip->file.isa[ISA_COST_vadd].counted / 1000000);
}

static void a_transfer_costs_its_latency_and_its_bytes(void **state)
{
    uint64_t since = core->agent.now, missed;

    (void)state;
    load(A, gm, 16384);
    missed = waited(ISA_MTE2, since);
    since = core->agent.now;
    load(A, gm, 16384);
    assert_in_range(waited(ISA_MTE2, since), cost(ISA_COST_gm_to_ub, 16384), cost(ISA_COST_gm_to_ub, 16384) + 1);
    assert_in_range(missed, cost(ISA_COST_gm_to_ub, 16384) + chip->file.l2.miss_ps / CYCLE, CLOCK_NEVER);
}

static void transfers_overlap_their_latencies(void **state)
{
    uint64_t since, alone = cost(ISA_COST_gm_to_ub, 16384), bytes = 16384 / 128;

    (void)state;
    load(A, gm, 32768);
    wait_for(ISA_MTE2);
    since = core->agent.now;
    load(A, gm, 16384);
    load(B, gm + 16384, 16384);
    assert_in_range(waited(ISA_MTE2, since), alone + bytes, alone + bytes + 1);
}

/* A load and a store, begun at different times, end at once, and behind each waits another. */
static void transfers_that_end_at_once_make_room_for_others(void **state)
{
    uint64_t busy[ISA_PIPES];

    (void)state;
    chip->file.isa[ISA_COST_gm_to_ub].slope = chip->file.isa[ISA_COST_ub_to_gm].slope = 10000; /* 100 B a cycle */
    load(A, gm, 32768);
    wait_for(ISA_MTE2);
    for (int i = 0; i < ISA_PIPES; i++)
        busy[i] = core->pipes->pipe[i].busy_ps;
    load(A, gm, 6400);
    store(gm, A, 12800);
    load(A, gm, 6400);
    store(gm, A, 12800);
    load(A, gm, 6400);
    wait_for(ISA_MTE2);
    wait_for(ISA_MTE3);
    assert_int_equal(core->pipes->pipe[ISA_MTE2].busy_ps - busy[ISA_MTE2], 3 * 64 * CYCLE);
    assert_int_equal(core->pipes->pipe[ISA_MTE3].busy_ps - busy[ISA_MTE3], 2 * 128 * CYCLE);
}

static void pipes_run_beside_each_other(void **state)
{
    uint64_t since;

    (void)state;
    load(A, gm, 16384);
    wait_for(ISA_MTE2);
    since = core->agent.now;
    load(A, gm, 16384);
    vadd(C, B, B, 100);
    assert_int_equal(waited(ISA_V, since), cost(ISA_COST_vadd, 100)); /* MTE2 takes longer */
    assert_true(pipes_busy(core));
}

static void the_scalar_unit_runs_ahead_as_far_as_the_queue_is_deep(void **state)
{
    uint64_t since = core->agent.now;

    (void)state;
    for (int i = 0; i < 5; i++) /* one starts, four wait */
        vadd(C, A, B, 100);
    assert_int_equal(core->agent.now, since);
    vadd(C, A, B, 100);
    assert_true(core->agent.now > since);
}

static void pipe_barrier_all_waits_for_everything(void **state)
{
    uint64_t since = core->agent.now;

    (void)state;
    load(A, gm, 16384);
    vadd(C, B, B, 10);
    dav_pipe_barrier(ISA_ALL);
    assert_false(pipes_busy(core));
    assert_true(core->agent.now - since >= cost(ISA_COST_gm_to_ub, 16384) * CYCLE);
}

/* ---- flags ---- */

static void a_flag_may_be_set_before_it_is_waited_for_and_counts(void **state)
{
    (void)state;
    dav_set_flag(ISA_V, ISA_S, 3);
    dav_set_flag(ISA_V, ISA_S, 3);
    dav_set_flag(ISA_V, ISA_S, 4);
    dav_wait_flag(ISA_V, ISA_S, 3);
    dav_wait_flag(ISA_V, ISA_S, 4);
    dav_wait_flag(ISA_V, ISA_S, 3);
    for (int id = 0; id < PIPE_IDS; id++)
        assert_int_equal(core->pipes->flags[ISA_V][ISA_S][id].count, 0);
}

static void a_wait_in_a_pipe_holds_what_comes_behind(void **state)
{
    uint64_t since = core->agent.now;

    (void)state;
    dav_wait_flag(ISA_MTE2, ISA_V, 0);
    vadd(C, A, B, 10);
    load(A, gm, 16384);
    dav_set_flag(ISA_MTE2, ISA_V, 0);
    assert_true(waited(ISA_V, since) >= cost(ISA_COST_gm_to_ub, 16384) + cost(ISA_COST_vadd, 10));
}

static void a_set_waits_for_the_tail_but_does_not_hold_its_pipe(void **state)
{
    const struct isa_linear *vadd_cost = &chip->file.isa[ISA_COST_vadd];
    uint64_t since = core->agent.now;

    (void)state;
    vadd(C, A, B, 10);
    dav_set_flag(ISA_V, ISA_MTE3, 0);
    dav_wait_flag(ISA_V, ISA_MTE3, 0);
    vadd(C, A, B, 10);
    assert_int_equal(waited(ISA_V, since), (vadd_cost->head + 20 * vadd_cost->slope + vadd_cost->tail) / 1000000);
}

/* ---- bytes ---- */

static void an_instruction_writes_at_its_end(void **state)
{
    (void)state;
    fill(ub(A), 1, 640);
    fill(ub(B), 2, 640);
    fill(ub(C), 9, 640);
    vadd(C, A, B, 10);
    assert_true(*(float *)dav_ub(C, 4, 0) == 9);
    wait_for(ISA_V);
    assert_true(*(float *)dav_ub(C, 4, 0) == 3);
    assert_true(ub(C)[639] == 3);
}

static void without_a_barrier_v_reads_what_stood_there_before(void **state)
{
    (void)state;
    fill(ub(A), 1, 64);
    fill(ub(B), 2, 64);
    fill(ub(C), 100, 64);
    vadd(C, A, B, 1);
    vadd(B, C, A, 1); /* starts before the first has ended: 100 + 1 */
    wait_for(ISA_V);
    assert_true(ub(C)[0] == 3);
    assert_true(ub(B)[0] == 101);
}

/* Long instructions of one kind behind one another: repeat by repeat the second reads what the first has written by
 * then. */
static void v_passes_results_on_repeat_by_repeat(void **state)
{
    (void)state;
    fill(ub(A), 1, 64 * 64);
    fill(ub(B), 2, 64 * 64);
    fill(ub(C), 100, 64 * 64);
    vadd(C, A, B, 64);
    vadd(B, C, A, 64);
    wait_for(ISA_V);
    assert_true(ub(B)[0] == 4);
    assert_true(ub(B)[64 * 64 - 1] == 4);
}

/* One that needs in its first repeat what the other writes in its last. */
static void but_not_if_it_needs_the_last_repeat_first(void **state)
{
    (void)state;
    fill(ub(A), 1, 64 * 64);
    fill(ub(B), 2, 64 * 64);
    fill(ub(C), 100, 64 * 64);
    vadd(C, A, B, 64);
    dav_issue(ISA_OP_vadd_F32, B, C + 63 * 256, A, ISA_V3(64, 1, 1, 1), ISA_V4(8, 0, 8, 0));
    wait_for(ISA_V);
    assert_true(ub(B)[0] == 101);
}

static void copy(uint64_t dst, uint64_t src, uint32_t blocks)
{
    dav_issue(ISA_OP_copy_ubuf_to_ubuf_U8, dst, src, ISA_MOVE2(1, blocks, 0, 0), ISA_MOVE3(0, 0), 0);
}

/* A place that is used again and again, with a barrier each time. */
static void copies_through_one_place(void **state)
{
    float values[256];

    (void)state;
    for (int i = 0; i < 256; i++)
        values[i] = (float)i;
    view_write(&chip->view, (uintptr_t)gm, values, sizeof(values), GM_WRITER_DMA, DIRECTORY_NOBODY);
    load(A, gm, sizeof(values));
    dav_set_flag(ISA_MTE2, ISA_V, 0);
    dav_wait_flag(ISA_MTE2, ISA_V, 0);
    for (uint32_t i = 0; i < 4; i++) {
        dav_pipe_barrier(ISA_V);
        dav_issue(ISA_OP_vector_dup_F32, C + 4096, 0, 0, ISA_V3(1, 1, 1, 0), ISA_V4(0, 0, 0, 0));
        copy(C, A + i * 256, 8);
        dav_pipe_barrier(ISA_V);
        copy(B + i * 256, C, 8);
        dav_pipe_barrier(ISA_V);
    }
    dav_set_flag(ISA_V, ISA_MTE3, 0);
    dav_wait_flag(ISA_V, ISA_MTE3, 0);
    store(gm + 4096, B, sizeof(values));
    wait_for(ISA_MTE3);
    view_read(&chip->view, (uintptr_t)gm + 4096, values, sizeof(values));
    for (int i = 0; i < 256; i++)
        assert_true(values[i] == (float)i);
}

static void with_a_barrier_v_reads_the_result(void **state)
{
    (void)state;
    fill(ub(A), 1, 64);
    fill(ub(B), 2, 64);
    fill(ub(C), 100, 64);
    vadd(C, A, B, 1);
    dav_pipe_barrier(ISA_V);
    vadd(B, C, A, 1);
    wait_for(ISA_V);
    assert_true(ub(B)[0] == 4);
}

static void an_instruction_reads_at_its_start(void **state)
{
    float got[4096];

    (void)state;
    fill(ub(A), 1, 4096);
    fill(ub(B), 2, 4096);
    store(gm, A, 16384); /* reads A now, though its bytes are long on their way */
    vadd(A, A, B, 1);
    vadd(A, A, B, 1);
    wait_for(ISA_V);
    assert_true(pipes_busy(core));
    *(float *)dav_ub(A + 4000, 4, 1) = 7;
    wait_for(ISA_MTE3);
    view_read(&chip->view, (uintptr_t)gm, got, sizeof(got));
    for (int i = 0; i < 4096; i++)
        assert_true(got[i] == 1);
    assert_true(ub(A)[0] == 3); /* both additions read 1 */
    assert_true(ub(A)[1000] == 7);
}

static void results_kept_until_the_end_leave_the_bytes_between_them_alone(void **state)
{
    (void)state;
    fill(ub(A), 1, 64);
    fill(ub(B), 2, 64);
    fill(ub(C), 100, 256);
    /* Every other block of C: what is written between is another's. */
    dav_issue(ISA_OP_vadd_F32, C, A, B, ISA_V3(1, 2, 1, 1), ISA_V4(16, 8, 8, 0));
    *(float *)dav_ub(A, 4, 1) = 50;      /* it has read A: its results are made now, and kept */
    *(float *)dav_ub(C + 32, 4, 1) = 60; /* between two of its blocks */
    wait_for(ISA_V);
    assert_true(ub(C)[0] == 3);
    assert_true(ub(C)[8] == 60);
    assert_true(ub(C)[16] == 3);
}

static void a_load_reads_gm_at_its_start(void **state)
{
    float values[64];

    (void)state;
    fill(values, 5, 64);
    view_write(&chip->view, (uintptr_t)gm, values, sizeof(values), GM_WRITER_DMA, DIRECTORY_NOBODY);
    load(A, gm, sizeof(values));
    core_wait(core, core->agent.now + 10 * CYCLE);
    fill(values, 6, 64);
    view_write(&chip->view, (uintptr_t)gm, values, sizeof(values), GM_WRITER_DMA, DIRECTORY_NOBODY);
    wait_for(ISA_MTE2);
    assert_true(ub(A)[0] == 5);
}

static void atomic_stores_add(void **state)
{
    float sum;

    (void)state;
    sum = 10;
    view_write(&chip->view, (uintptr_t)gm, &sum, sizeof(sum), GM_WRITER_DMA, DIRECTORY_NOBODY);
    fill(ub(A), 1.5f, 8);
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_F32);
    store(gm, A, 4);
    store(gm, A, 4);
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_NONE);
    wait_for(ISA_MTE3);
    view_read(&chip->view, (uintptr_t)gm, &sum, sizeof(sum));
    assert_true(sum == 13);
}

static void without_compute_nothing_moves_and_time_passes(void **state)
{
    uint64_t since = core->agent.now;

    (void)state;
    chip->compute = false;
    fill(ub(A), 1, 64);
    fill(ub(C), 9, 64);
    vadd(C, A, A, 10);
    assert_int_equal(waited(ISA_V, since), cost(ISA_COST_vadd, 10));
    assert_true(ub(C)[0] == 9);
}

/* The scalar unit overwrites what a store still has to read: nothing has to be kept for it. */
static void without_compute_nothing_is_kept(void **state)
{
    float value = 5;

    (void)state;
    chip->compute = false;
    view_write(&chip->view, (uintptr_t)gm, &value, sizeof(value), GM_WRITER_AICORE, core->holder);
    store(gm, A, 4096);
    core_wait(core, core->agent.now + 10 * CYCLE);
    assert_non_null(core->pipes->pipe[ISA_MTE3].flying);
    *(float *)dav_ub(A, 4, 1) = 50;
    wait_for(ISA_MTE3);
    view_read(&chip->view, (uintptr_t)gm, &value, sizeof(value));
    assert_true(value == 5);
}

/* ---- what is announced ---- */

static struct event told[16];
static size_t told_count;

static void keep(struct event_sink *sink, const struct event *event)
{
    (void)sink;
    if (told_count < 16)
        told[told_count++] = *event;
}

static void expect_told(size_t index, enum event_kind kind, enum isa_pipe pipe, uint64_t cycles)
{
    assert_true(index < told_count);
    assert_int_equal(told[index].kind, kind);
    assert_int_equal(told[index].pipe, pipe);
    assert_int_equal((told[index].time_ps - told[0].begin_ps) / CYCLE, cycles);
}

/* A set is heard of behind the instruction before it, also where the flag itself comes later than the next one. */
static void pipes_tell_what_they_do_if_asked(void **state)
{
    static struct event_sink sink = {.event = keep};
    uint64_t slope = cost(ISA_COST_vadd, 1) - cost(ISA_COST_vadd, 0);
    uint64_t head = chip->file.isa[ISA_COST_vadd].head / 1000000, tail = chip->file.isa[ISA_COST_vadd].tail / 1000000;

    (void)state;
    told_count = 0;
    chip_listen(chip, &sink);
    vadd(C, A, A, 1);
    wait_for(ISA_V);
    announcer_flush(&chip->announcer, CLOCK_NEVER);
    assert_int_equal(told_count, 0);
    chip->tell_pipes = true;
    vadd(C, A, A, 2);
    dav_set_flag(ISA_V, ISA_S, 3);
    vadd(B, A, A, 1);
    dav_wait_flag(ISA_V, ISA_S, 3);
    wait_for(ISA_V);
    announcer_flush(&chip->announcer, CLOCK_NEVER);
    expect_told(0, EVENT_INSTR, ISA_V, head + 2 * slope);
    assert_string_equal(told[0].text, "vadd");
    assert_int_equal(told[0].bytes, 512);
    assert_int_equal((told[0].ended_ps - told[0].time_ps) / CYCLE, tail);
    expect_told(1, EVENT_SET, ISA_V, head + 2 * slope);
    assert_int_equal(told[1].ended_ps, told[0].ended_ps);
    expect_told(2, EVENT_INSTR, ISA_V, head + 3 * slope);
    assert_int_equal(told[2].begin_ps, told[0].time_ps);
    assert_true(told[0].serial < told[1].serial && told[1].serial < told[2].serial);
    assert_int_equal(told[3].kind, EVENT_FLAG);
    assert_int_equal(told[3].to_pipe, ISA_S);
    assert_int_equal(told[3].set_serial, told[1].serial);
    assert_int_equal(told[3].begin_ps, told[1].ended_ps);
    announcer_fini(&chip->announcer);
}

static void an_aic_has_its_own_buffers_and_pipes(void **state)
{
    (void)state;
    assert_null(pipes_make(core)->buffer[ISA_UB]);
    assert_int_equal(core->pipes->bytes[ISA_L1], chip->file.aicore.l1_bytes);
    assert_true(pipe_exists(core, ISA_M, false));
    assert_false(pipe_exists(core, ISA_V, false));
}

/* c = a * b of 16 x 16 halves that are all 1, and c to GM in rows. */
static float product(uint32_t unit_flag, bool flags)
{
    float c[256];
    uint16_t *a, *b;

    pipes_make(core);
    a = (uint16_t *)(void *)core->pipes->buffer[ISA_L0A];
    b = (uint16_t *)(void *)core->pipes->buffer[ISA_L0B];
    for (int i = 0; i < 256; i++)
        a[i] = b[i] = 0x3c00;
    memset(core->pipes->buffer[ISA_L0C], 0, 1024);
    dav_spr_write(ISA_SPR_ND_PARA, 1);
    dav_issue(ISA_OP_mad_F16, 0, 0, 0, ISA_MAD3(16, 16, 16, unit_flag, 0, 0, 1), 0);
    if (flags) {
        dav_set_flag(ISA_M, ISA_FIX, 0);
        dav_wait_flag(ISA_M, ISA_FIX, 0);
    }
    dav_issue(ISA_OP_copy_matrix_cc_to_gm_F32_F32, (uintptr_t)gm, 0, ISA_FIX2(16, 16, 16),
              ISA_FIX3(16, unit_flag, 0, 0, 0, 1), 16);
    if (flags) {
        dav_set_flag(ISA_FIX, ISA_M, 0);
        dav_wait_flag(ISA_FIX, ISA_M, 0);
    }
    dav_issue(ISA_OP_mad_F16, 0, 0, 0, ISA_MAD3(16, 16, 16, unit_flag, 0, 0, 0), 0); /* 16 more, not to be seen */
    wait_for(ISA_FIX);
    view_read(&chip->view, (uintptr_t)gm, c, sizeof(c));
    for (int i = 1; i < 256; i++)
        assert_true(c[i] == c[0]);
    return c[0];
}

static void fix_reads_before_mad_has_written(void **state)
{
    (void)state;
    assert_true(product(0, false) == 0);
}

static void flags_let_fix_wait_for_mad_and_mad_for_fix(void **state)
{
    (void)state;
    assert_true(product(0, true) == 16);
}

static void the_unit_flag_lets_fix_wait_for_mad_and_mad_for_fix(void **state)
{
    (void)state;
    assert_true(product(3, false) == 16);
}

#define ON_AIV(test) cmocka_unit_test_setup_teardown(test, start_aiv, stop)
#define ON_AIC(test) cmocka_unit_test_setup_teardown(test, start_aic, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_AIV(an_isolated_instruction_costs_head_slope_and_tail),
        ON_AIV(every_vector_instruction_takes_the_time_of_its_class),
        ON_AIV(instructions_behind_one_another_share_the_head),
        ON_AIV(a_barrier_waits_for_the_tail_and_the_head_is_paid_again),
        ON_AIV(count_mode_counts_elements_and_costs_more),
        ON_AIV(a_transfer_costs_its_latency_and_its_bytes),
        ON_AIV(transfers_overlap_their_latencies),
        ON_AIV(transfers_that_end_at_once_make_room_for_others),
        ON_AIV(pipes_run_beside_each_other),
        ON_AIV(the_scalar_unit_runs_ahead_as_far_as_the_queue_is_deep),
        ON_AIV(pipe_barrier_all_waits_for_everything),
        ON_AIV(a_flag_may_be_set_before_it_is_waited_for_and_counts),
        ON_AIV(a_wait_in_a_pipe_holds_what_comes_behind),
        ON_AIV(a_set_waits_for_the_tail_but_does_not_hold_its_pipe),
        ON_AIV(an_instruction_writes_at_its_end),
        ON_AIV(without_a_barrier_v_reads_what_stood_there_before),
        ON_AIV(v_passes_results_on_repeat_by_repeat),
        ON_AIV(but_not_if_it_needs_the_last_repeat_first),
        ON_AIV(copies_through_one_place),
        ON_AIV(with_a_barrier_v_reads_the_result),
        ON_AIV(an_instruction_reads_at_its_start),
        ON_AIV(results_kept_until_the_end_leave_the_bytes_between_them_alone),
        ON_AIV(a_load_reads_gm_at_its_start),
        ON_AIV(atomic_stores_add),
        ON_AIV(without_compute_nothing_moves_and_time_passes),
        ON_AIV(without_compute_nothing_is_kept),
        ON_AIV(pipes_tell_what_they_do_if_asked),
        ON_AIC(an_aic_has_its_own_buffers_and_pipes),
        ON_AIC(fix_reads_before_mad_has_written),
        ON_AIC(flags_let_fix_wait_for_mad_and_mad_for_fix),
        ON_AIC(the_unit_flag_lets_fix_wait_for_mad_and_mad_for_fix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
