/* litmus.h - the memory model as tables.
 *
 * A test is a row of phases: what the host does, and launches in which each agent has a list of steps. It names
 * outcomes, tuples of registers r0, r1, ...: those that are allowed, those that are required, which are allowed too,
 * and those that are forbidden, which are mostly what memory without the chip's caches would give. Memory is 0 and all
 * caches are empty when a test begins.
 *
 *     {.name = "fresh_read_with_dcci",
 *      .says = "a dcci before the load makes an AICore see what another has written back",
 *      .phases = {LAUNCH(AIV0(LOAD(x, r0), DELAY(5000), DCCI(x), LOAD(x, r1)),
 *                        AIV1(DELAY(1000), STORE(x, 1), DCCI(x)))},
 *      .allowed = {OUTCOME(0, 1)},
 *      .forbidden = {OUTCOME(0, 0)}},
 *
 * With `.sweep = n` the test runs n + 1 times, its SWEEP steps being delays of 0 to n ns: each run must end in an
 * allowed or required outcome, and each required one must come up in some run. Every run is made twice, and with
 * parking on and off: the outcome, the time of every step and all counters must be the same.
 *
 * `.stride = k` makes every k-th of these delays. With `.vary = "drain,load"` and `.seeds = n` (model/vary.h) all that
 * is done for n seeds.
 */
#ifndef DAV_LITMUS_H
#define DAV_LITMUS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { PHASES = 8, THREADS = 5, AICPUS = 4, STEPS = 16, REGISTERS = 8, OUTCOMES = 8, BLOCK_BYTES = 81920 };

enum agent_name {
    ABSENT,
    HOST_CPU,
    AGENT_AIC0,
    AGENT_AIV0,
    AGENT_AIV1,
    AGENT_AICPU0,
    AGENT_AICPU1,
    AGENT_AICPU2,
    AGENT_AICPU3,
    AGENTS
};

/* Words of 4 bytes; `done` is for a last flag and always stands alone. The last ones are registers of AIV0 as the AICPU
 * addresses them. */
enum place { x, y, z, p, q, r, s, t, done, PLACES, aiv0_fast_path = PLACES, aiv0_data_main_base, aiv0_cond };

/* Where they stand. */
enum layout {
    APART,        /* each in a line of its own, in different sets of a cache */
    ONE_LINE,     /* all in one line */
    ACROSS_LINES, /* x begins 2 bytes before the end of a line; y begins the next line */
    ONE_SET,      /* x and y in one line; p, q, r, s in others of its set: as many as an AICore's cache has ways */
    CLUSTER_SET,  /* each in a line of its own, all in one set of the AICPU cluster's cache, which has one way less */
};

enum reg { r0, r1, r2, r3, r4, r5, none = REGISTERS - 1 };

enum op {
    OP_END,
    OP_STORE,
    OP_STORE64,
    OP_LOAD,
    OP_DCCI,
    OP_DCCI_ALL,
    OP_DSB,
    OP_FENCE,
    OP_INVALIDATE,
    OP_CLEAN,
    OP_RMW_ADD,
    OP_ATOMIC_ADD,
    OP_ATOMIC_STORE,
    OP_ATOMIC_LOAD,
    OP_WAIT,
    OP_WAIT_DCCI,
    OP_WAIT_REGISTER,
    OP_REGISTER,
    OP_REGISTER64,
    OP_WATCH,
    OP_SET_COND,
    OP_TASKS,
    OP_SEND,
    OP_SEND_MUCH,
    OP_FETCH,
    OP_SENT,
    OP_FETCHED,
    OP_SEND_TO_FETCH,
    OP_DRAIN,
    OP_LD_DEV,
    OP_ST_DEV,
    OP_CROSS_SYNC,
    OP_CROSS_STORE,
    OP_CROSS_WAIT,
    OP_STACK,
    OP_STATIC,
    OP_DELAY,
    OP_SWEEP,
    OP_WRITE,
    OP_READ,
    OP_FREE_AND_ALLOC,
};

struct step {
    enum op op;
    enum place place;
    enum reg reg;
    uint32_t value;
};

struct thread {
    enum agent_name agent;
    struct step steps[STEPS + 1];
};

struct phase {
    struct thread threads[THREADS];
};

struct outcome {
    bool given;
    uint32_t registers[REGISTERS - 1];
    bool any;
};

struct litmus {
    const char *name, *says;
    enum layout layout;
    uint32_t sweep, stride; /* ns; 0 is a stride of 1 */
    const char *vary;
    uint32_t seeds;
    struct phase phases[PHASES];
    struct outcome allowed[OUTCOMES], required[OUTCOMES], forbidden[OUTCOMES];
};

/* clang-format off */
#define OUTCOME(...) {true, {__VA_ARGS__}, false}
#define ANY_OTHER    {true, {0}, true} /* that is not forbidden */

/* Phases: the host's steps, or a launch of some agents. */
#define HOST(...)   {{{HOST_CPU, {__VA_ARGS__}}}}
#define LAUNCH(...) {{__VA_ARGS__}}
#define AIC0(...)   {AGENT_AIC0, {__VA_ARGS__}}
#define AIV0(...)   {AGENT_AIV0, {__VA_ARGS__}}
#define AIV1(...)   {AGENT_AIV1, {__VA_ARGS__}}
#define AICPU0(...) {AGENT_AICPU0, {__VA_ARGS__}}
#define AICPU1(...) {AGENT_AICPU1, {__VA_ARGS__}}
#define AICPU2(...) {AGENT_AICPU2, {__VA_ARGS__}}
#define AICPU3(...) {AGENT_AICPU3, {__VA_ARGS__}}

/* Steps of a core. */
#define STORE(place, value)       {OP_STORE, place, none, value}
#define STORE64(place, low, high) {OP_STORE64, place, none, (low) | (high) << 16}
#define LOAD(place, reg)          {OP_LOAD, place, reg, 0}
#define DELAY(ns)                 {OP_DELAY, x, none, ns}
#define SWEEP                     {OP_SWEEP, x, none, 0}
/* Store a value to a variable on the stack, or to a static one, and load it. */
#define STACK(value, reg)         {OP_STACK, x, reg, value}
#define STATIC(value, reg)        {OP_STATIC, x, reg, value}
/* An AICore's. WAIT_DCCI polls with a dcci before each load; WAIT_REGISTER polls DATA_MAIN_BASE, REGISTER reads it once,
 * REGISTER64 its upper half, too, into the next register. */
#define DCCI(place)               {OP_DCCI, place, none, 3}
#define DCCI_TWO_ARGUMENTS(place) {OP_DCCI, place, none, 2}
#define DCCI_ALL                  {OP_DCCI_ALL, x, none, 0}
#define DSB                       {OP_DSB, x, none, 0}
#define WAIT_DCCI(place, value)   {OP_WAIT_DCCI, place, none, value}
#define WAIT_REGISTER(value)      {OP_WAIT_REGISTER, x, none, value}
#define REGISTER(reg)             {OP_REGISTER, x, reg, 0}
#define REGISTER64(reg)           {OP_REGISTER64, x, reg, 0}
#define SET_COND(value)           {OP_SET_COND, x, none, value}
/* An AIV's pipes: MTE3 stores a word of UB that holds @value, MTE2 loads one into UB; the scalar unit goes on. It waits
 * for MTE3 in SENT, for MTE2 in FETCHED, which reads the word from UB, and for all pipes in DRAIN. SEND_TO_FETCH lets MTE2
 * wait for MTE3. */
#define SEND(place, value)        {OP_SEND, place, none, value}
#define FETCH(place)              {OP_FETCH, place, none, 0}
/* 32 KB into memory that no place is in (layout APART): MTE3 is busy for a while. */
#define SEND_MUCH                 {OP_SEND_MUCH, x, none, 0}
#define SENT                      {OP_SENT, x, none, 0}
#define FETCHED(reg)              {OP_FETCHED, x, reg, 0}
#define SEND_TO_FETCH             {OP_SEND_TO_FETCH, x, none, 0}
#define DRAIN                     {OP_DRAIN, x, none, 0}
/* Past the data cache. */
#define LD_DEV(place, reg)        {OP_LD_DEV, place, reg, 0}
#define ST_DEV(place, value)      {OP_ST_DEV, place, none, value}
/* A flag to the other AIVs when MTE3's stores are done, and the wait for one. */
#define CROSS_SYNC(id)            {OP_CROSS_SYNC, x, none, id}
/* The same by the scalar unit, as a store to the address of the flags. */
#define CROSS_STORE(id)           {OP_CROSS_STORE, x, none, id}
#define CROSS_WAIT(id)            {OP_CROSS_WAIT, x, none, id}
/* Run @n kernels that do nothing, and after each store into a line of its own and dcci it, as a worker's report does. */
#define TASKS(n)                  {OP_TASKS, x, none, n}
/* An AICPU thread's. WAIT polls with plain loads. */
#define RMB                       {OP_FENCE, x, none, DAV_FENCE_LOAD}
#define WMB                       {OP_FENCE, x, none, DAV_FENCE_STORE}
#define FULL_FENCE                {OP_FENCE, x, none, DAV_FENCE_FULL}
#define INVALIDATE(place)         {OP_INVALIDATE, place, none, 0}
#define CLEAN(place)              {OP_CLEAN, place, none, 0}
#define RMW_ADD(place, value, reg) {OP_RMW_ADD, place, reg, value}
/* C11 atomics; @order: __ATOMIC_... */
#define ATOMIC_ADD(place, value, reg, order) {OP_ATOMIC_ADD, place, reg, (value) | (uint32_t)(order) << 16}
#define ATOMIC_STORE(place, value, order) {OP_ATOMIC_STORE, place, none, (value) | (uint32_t)(order) << 16}
#define ATOMIC_LOAD(place, reg, order) {OP_ATOMIC_LOAD, place, reg, (uint32_t)(order) << 16}
#define WAIT(place, value)        {OP_WAIT, place, none, value}
/* Poll x, y, z, p and `done` until `done` is set: the register tells of every value seen, and when. @how: WATCH_... */
#define WATCH(how, reg)           {OP_WATCH, x, reg, how}
enum { WATCH_DCCI_X = 1, WATCH_DCCI_Y = 2, WATCH_DCCI_Z = 4, WATCH_DCCI_P = 8, WATCH_DCCI_ALL = 16, WATCH_REGISTER = 32 };

/* The host's: copies by DMA, and giving the memory back and asking for as much again. */
#define WRITE(place, value)       {OP_WRITE, place, none, value}
#define READ(place, reg)          {OP_READ, place, reg, 0}
#define FREE_AND_ALLOC            {OP_FREE_AND_ALLOC, x, none, 0}
/* clang-format on */

/* One concept a file; each list ends with an entry without a name. */
extern const struct litmus litmus_aicore[], litmus_launch[], litmus_host[], litmus_aicpu[], litmus_message[],
    litmus_register[], litmus_order[], litmus_word[], litmus_share[], litmus_tear[], litmus_weak[], litmus_task[],
    litmus_move[];

/** litmus_by_lot - a test without outcomes, made of random steps: watchers, and agents that give them something to see.
 *  Its names must outlive @test. */
void litmus_by_lot(struct litmus *test, uint64_t seed);

/* ---- running one (interpret.c) ---- */

struct run {
    uint8_t *block;
    enum layout layout;
    uint32_t sweep_ns;
    uint64_t start_ps; /* of the launch */
    const struct thread *threads[AGENTS];
    struct core *cores[AGENTS];
    uint32_t registers[REGISTERS];
    uint64_t times[PHASES][AGENTS][STEPS]; /* since the start of the launch, after each step */
    struct core_counters counters[AGENTS]; /* what this run added to them */
    int phase;
};

/** litmus_address - where @place stands in this run. */
uint64_t litmus_address(const struct run *run, enum place place);

/** litmus_interpret - the program of every core: its steps of `litmus_running`. */
void litmus_interpret(struct core *core);

extern struct run *litmus_running;

#ifdef __cplusplus
}
#endif
#endif
