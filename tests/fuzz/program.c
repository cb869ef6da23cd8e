/* program.c - see program.h. The first byte says what chip it is; a step takes a few bytes each, so that a program with
 * a byte changed is nearly the same program. Lines are few and values fewer, for every line to be fought over and for
 * bytes to be often rewritten as they were.
 */
#include "tests/fuzz/program.h"

#include <stdarg.h>
#include <string.h>

#include "tests/fuzz/machine.h"
#include "tests/fuzz/observe.h"
#include "tests/fuzz/reference.h"

enum { HOT_LINES = 6, HOT_FROM = 13, NOTHING = '.' };

struct program {
    const uint8_t *next, *end;
    struct reference ref;
    struct machine machine;
    FILE *log;
    int step;
};

static uint8_t take(struct program *program)
{
    return program->next < program->end ? *program->next++ : 0;
}

/* ---- operands ---- */

/* Most often one of the hot lines, some of which are on either side of a boundary between allocations. */
static uint32_t take_line(struct program *program)
{
    uint8_t byte = take(program);

    return byte < 224 ? HOT_FROM + byte % HOT_LINES : byte % LINES;
}

/* [@at, @at + @size) in GM, often across two lines. */
static uint32_t take_range(struct program *program, uint32_t *size)
{
    static const uint32_t sizes[] = {1, 2, 4, 8, 16, 32, 60, 64};
    uint32_t at = take_line(program) * LINE_BYTES;
    uint8_t byte = take(program);

    at += byte % LINE_BYTES;
    *size = sizes[take(program) % 8];
    if (*size > SIZE - at)
        *size = SIZE - at;
    return at;
}

static void take_bytes(struct program *program, uint8_t *bytes, uint32_t size)
{
    uint8_t byte = take(program);

    for (uint32_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)('a' + (byte + i * (byte >> 4)) % 3);
}

__attribute__((format(printf, 2, 3))) static void say(const struct program *program, const char *format, ...)
{
    va_list args;

    if (!program->log)
        return;
    va_start(args, format);
    fprintf(program->log, "%4d ", program->step);
    vfprintf(program->log, format, args);
    fputc('\n', program->log);
    va_end(args);
}

/* ---- steps of the agent that runs ---- */

static void load(struct program *program, int agent)
{
    uint32_t size, at = take_range(program, &size);

    say(program, "agent %d loads %u bytes at %u", agent, size, at);
    reference_load(&program->ref, agent, at, size);
    machine_load(&program->machine, at, size);
}

static void store(struct program *program, int agent)
{
    uint32_t size, at = take_range(program, &size);
    uint8_t bytes[LINE_BYTES];

    take_bytes(program, bytes, size);
    say(program, "agent %d stores %u bytes at %u: %.*s", agent, size, at, (int)size, (const char *)bytes);
    if (is_thread(agent)) { /* as the thread does when its buffer is full */
        machine_enter(&program->machine);
        while (store_buffer_room(&program->machine.stores[agent - AICORES]) < 2) {
            reference_arrive(&program->ref, agent);
            machine_arrive(&program->machine, agent);
        }
        machine_leave(&program->machine);
    }
    reference_store(&program->ref, agent, at, size, bytes);
    machine_store(&program->machine, at, size, bytes);
}

static void dcci(struct program *program, int core)
{
    uint8_t how = take(program);
    int line = how & 1 ? (int)take_line(program) : NOBODY;

    say(program, "AICore %d: dcci of line %d%s", core, line, how & 6 ? "" : ", without a clean");
    reference_dcci(&program->ref, core, line, how & 6);
    machine_dcci(&program->machine, line, how & 6);
}

static void invalidate(struct program *program)
{
    uint32_t size, at = take_range(program, &size);
    bool keep = take(program) & 1;

    say(program, "the cluster %s %u bytes at %u", keep ? "cleans" : "invalidates", size, at);
    reference_invalidate(&program->ref, at, size, keep);
    machine_invalidate(&program->machine, at, size, keep);
}

/* Return whether both saw the same old value. */
static bool rmw(struct program *program, int thread)
{
    uint32_t size = take(program) & 1 ? 8 : 4, at = take_line(program) * LINE_BYTES;
    uint64_t operand = take(program) % 4;

    at += take(program) % (LINE_BYTES / size) * size;
    say(program, "agent %d adds %llu to %u bytes at %u", thread, (unsigned long long)operand, size, at);
    return reference_rmw(&program->ref, thread, at, size, operand) == machine_rmw(&program->machine, at, size, operand);
}

/* ---- steps of the rest of the chip, whoever runs ---- */

static void fetch(struct program *program)
{
    int holder = take(program) % HOLDERS;
    uint32_t line = take_line(program);
    bool older = take(program) % 4 == 0;
    uint8_t old[LINE_BYTES];

    if (holder == CLUSTER)
        older = false;
    else if (!program->ref.caches[holder][line].held) /* it may have to wait: then GM may change first */
        while (program->ref.writebacks[holder].count) {
            reference_arrive(&program->ref, holder);
            machine_arrive(&program->machine, holder);
        }
    memcpy(old, program->ref.before + line * LINE_BYTES, LINE_BYTES);
    say(program, "holder %d fetches line %u%s", holder, line, older ? ", as it was" : "");
    reference_fetch(&program->ref, holder, line, older);
    machine_fetch(&program->machine, holder, line, older ? old : NULL);
}

static void arrive(struct program *program)
{
    int agent = take(program) % AGENTS;

    say(program, "the oldest of what agent %d sent arrives", agent);
    reference_arrive(&program->ref, agent);
    machine_arrive(&program->machine, agent);
}

static void fence(struct program *program)
{
    int agent = take(program) % AGENTS;

    say(program, "all that agent %d sent arrives", agent);
    reference_fence(&program->ref, agent);
    machine_fence(&program->machine, agent);
}

static void dma(struct program *program)
{
    uint32_t size, at = take_range(program, &size);
    uint8_t bytes[4 * LINE_BYTES];

    size *= 1 + take(program) % 4;
    if (size > SIZE - at)
        size = SIZE - at;
    take_bytes(program, bytes, size);
    say(program, "the host copies %u bytes to %u: %.8s...", size, at, (const char *)bytes);
    reference_dma_write(&program->ref, at, size, bytes);
    machine_dma_write(&program->machine, at, size, bytes);
}

/* Return whether both gave the same memory. */
static bool alloc(struct program *program)
{
    static const uint32_t units[] = {1, 1, 1, 1, 2, 2, 3, 5};
    uint8_t byte = take(program);
    uint32_t size = units[byte % 8] * UNIT_BYTES - byte / 8 * 16, at = reference_alloc(&program->ref, size);
    const uint8_t *got = gm_alloc(&program->machine.gm, size);

    say(program, "%u bytes are allocated at %u", size, at);
    return got == (at ? machine_at(&program->machine, at) : NULL);
}

static bool free_one(struct program *program)
{
    uint8_t byte = take(program);
    uint32_t unit = 1 + byte % (UNITS - 1),
             at = byte < 200 ? program->ref.owner[unit] * UNIT_BYTES : byte * LINE_BYTES % SIZE;

    say(program, "what is allocated at %u is freed", at);
    return (gm_free(&program->machine.gm, program->machine.gm.base + at) == 0) == reference_free(&program->ref, at);
}

/* ---- one step ---- */

static void run_agent(struct program *program, int agent)
{
    if (agent == program->machine.running)
        return;
    say(program, "agent %d runs", agent);
    machine_enter(&program->machine);
    machine_run(&program->machine, agent);
    machine_leave(&program->machine);
}

/* A step that only the agent that runs can make. */
static bool step_of_agent(struct program *program, uint8_t op)
{
    int agent = op / 16 % AGENTS;
    bool same = true;

    run_agent(program, agent);
    switch (op % 8) {
    case 0:
    case 1:
        load(program, agent);
        return true;
    case 2:
    case 3:
    case 4:
        store(program, agent);
        return true;
    default:
        machine_enter(&program->machine);
        if (!is_thread(agent))
            dcci(program, agent);
        else if (op % 8 == 5)
            same = rmw(program, agent);
        else
            invalidate(program);
        machine_leave(&program->machine);
        return same;
    }
}

static bool step_of_chip(struct program *program, uint8_t op)
{
    bool same = true;

    machine_enter(&program->machine);
    switch (op / 16) {
    case 0:
    case 1:
    case 2:
    case 3:
        arrive(program);
        break;
    case 4:
    case 5:
        fence(program);
        break;
    case 6:
    case 7:
    case 8:
        fetch(program);
        break;
    case 9:
    case 10:
    case 11:
        dma(program);
        break;
    case 12:
    case 13:
        same = alloc(program);
        break;
    case 14:
        same = free_one(program);
        break;
    default:
        say(program, "nobody runs");
        machine_run(&program->machine, NOBODY);
        break;
    }
    machine_leave(&program->machine);
    return same;
}

/* With nobody holding anything, the mapping is GM. */
static bool end(struct program *program, char *why, size_t room)
{
    machine_enter(&program->machine);
    machine_run(&program->machine, NOBODY);
    machine_drop_all(&program->machine);
    if (memcmp(machine_at(&program->machine, 0), program->ref.gm, SIZE) == 0)
        return true;
    snprintf(why, room, "in the end, with all caches empty, the mapping is not GM");
    return false;
}

bool program_run(const uint8_t *bytes, size_t size, FILE *log, char *why, size_t room)
{
    static struct program program; /* too large for a stack */
    bool agree = true;

    program = (struct program){.next = bytes, .end = bytes + size, .log = log};
    reference_reset(&program.ref, size && *bytes & 1, NOTHING);
    if (!machine_build(&program.machine, take(&program) & 1, NOTHING)) {
        snprintf(why, room, "the machine could not be built");
        return false;
    }
    for (; agree && program.next < program.end; program.step++) {
        uint8_t op = take(&program);

        agree = op & 8 ? step_of_chip(&program, op) : step_of_agent(&program, op);
        if (!agree)
            snprintf(why, room, "step %d has another result", program.step);
        else
            agree = observe(&program.machine, &program.ref, program.step, why, room);
    }
    agree = agree && end(&program, why, room);
    machine_take_down(&program.machine);
    return agree;
}
