/* deadlock.c - see deadlock.h.
 *
 * A parked core has the loads of its last round on record. One that reads from its own cache what GM no longer says is
 * the culprit: it waits for a value that is there already. Without one, a core that should not have to wait (it is in a
 * kernel, it holds the processor, it wants a lock) tells more than one that polls for orders. Cores that wait at the
 * same place in the code are told of together.
 */
#include "model/deadlock.h"

#include <stdio.h>
#include <string.h>

#include "model/core/aicore.h"
#include "model/core/pipe.h"
#include "model/core/program.h"
#include "model/embed/device_sync.h"
#include "model/embed/symbol.h"
#include "model/watch.h"

struct wait {
    const struct core *core;
    const struct park_op *op; /* what it polls; NULL when it does not */
    uint64_t in_gm;           /* what stands there in GM */
    bool stale;
    bool runs;          /* it neither polls nor is blocked */
    struct symbol code; /* where it is; place NULL if nobody knows */
    uint64_t pc;        /* the same as an address; 0 */
    uint32_t alike;     /* cores that wait likewise, itself included */
};

enum { KINDS = 8 };

static uint64_t gm_value(const struct chip_state *chip, const struct park_op *op)
{
    uint64_t value = 0;

    view_read(&chip->view, op->addr, &value, op->size < 8 ? op->size : 8);
    return value;
}

static bool is_read(const struct park_op *op)
{
    return op->kind == PARK_LOAD || op->kind == PARK_FILL || op->kind == PARK_SPR;
}

/* Which of the loads of its last round a parked core waits for: the first one, unless another is stale. */
static void look_at_loads(const struct chip_state *chip, struct wait *wait)
{
    const struct park *park = &wait->core->park;

    for (uint32_t i = 0; i < park->count_before; i++) {
        const struct park_op *op = &park->before[i];
        bool gm = op->kind != PARK_SPR && gm_contains(&chip->gm, (void *)(uintptr_t)op->addr, op->size);
        uint64_t value = gm ? gm_value(chip, op) : op->value;

        if (!is_read(op))
            continue;
        if (!wait->op || (value != op->value && !wait->stale)) {
            wait->op = op;
            wait->in_gm = value;
            wait->stale = value != op->value;
        }
    }
}

static void look_at(const struct chip_state *chip, const struct core *core, struct wait *wait)
{
    const struct park *park = &core->park;
    uint64_t found[PROGRAM_CALLERS] = {park->anchor_pc};
    unsigned count = 1;

    memset(wait, 0, sizeof(*wait));
    wait->core = core;
    wait->alike = 1;
    if (park->parked)
        look_at_loads(chip, wait);
    wait->runs = !park->parked && core->agent.state == AGENT_READY;
    if (!park->parked || !symbol_is_code(found[0]))
        count = program_callers(core, park->parked ? park->anchor_sp : core->stack_at, found);
    if (!program_place(found, count, &wait->code)) {
        wait->code.place = NULL;
        return;
    }
    for (unsigned i = 0; i < count && !wait->pc; i++) {
        struct symbol symbol;

        if (symbol_find(found[i] - 1, &symbol) && symbol.place == wait->code.place &&
            symbol.offset == wait->code.offset)
            wait->pc = found[i];
    }
}

/* ---- in words ---- */

static void name_place(const struct chip_state *chip, uint64_t addr, char *text, size_t size)
{
    if (gm_contains(&chip->gm, (void *)(uintptr_t)addr, 1) || !symbol_data(addr, text, size))
        chip_where(chip, addr, text, size);
}

static void describe_lock(struct chip_state *chip, const struct core *core, char *text, size_t size)
{
    static const char *const what[] = {
        [SYNC_LOCK] = "waits for the lock",           [SYNC_CONDITION] = "waits for the condition variable",
        [SYNC_ONCE] = "waits for the initialization", [SYNC_JOIN] = "waits for the end of thread",
        [SYNC_READ] = "waits to read under the lock", [SYNC_WRITE] = "waits to write under the lock",
        [SYNC_SEMAPHORE] = "waits for the semaphore", [SYNC_BARRIER] = "waits at the barrier",
    };
    const struct sync_wait *wait = &core->wait;
    char where[128], holder[64] = ", and nobody will wake it";

    if (wait->what == SYNC_NOTHING || wait->launch != chip->launch) {
        snprintf(text, size, "is blocked, and nobody will wake it");
        return;
    }
    if (wait->what == SYNC_JOIN)
        snprintf(where, sizeof(where), "AICPU_%u", (unsigned)(wait->addr & 0xffff) - 1);
    else
        name_place(chip, wait->addr, where, sizeof(where));
    if (wait->what == SYNC_LOCK) {
        uint32_t owner = (uint32_t)sync_state(chip, wait->addr, 4) - 1;

        if (owner == (uint32_t)core->number)
            snprintf(holder, sizeof(holder), ", which it holds itself");
        else if (owner < chip->aicpus)
            snprintf(holder, sizeof(holder), ", which %s holds%s", chip_aicpu(chip, owner)->name,
                     chip_aicpu(chip, owner)->has_program ? "" : ", though its program has ended");
    }
    snprintf(text, size, "%s %s%s", what[wait->what], where, holder);
}

static const char *pipe_name(int pipe)
{
    return isa_pipe_name((enum isa_pipe)pipe);
}

/* Which of @core's pipes waits for a flag; NULL if none does. */
static const struct pipe *stuck_pipe(const struct core *core)
{
    for (int i = 0; core->pipes && i < ISA_PIPES; i++) {
        const struct pipe *pipe = &core->pipes->pipe[i];

        if (pipe->count && pipe->queue[pipe->first].kind == PIPE_WAIT)
            return pipe;
    }
    return NULL;
}

/* What the scalar unit, or a pipe whose program has ended or waits for it, waits for. False: for nothing of this kind.
 */
static bool describe_pipes(const struct core *core, char *text, size_t size)
{
    const struct pipes *pipes = core->pipes;
    const struct pipe *pipe = stuck_pipe(core);
    const struct pipe_entry *head = pipe ? &pipe->queue[pipe->first] : NULL;
    char behind[160] = "", place[512] = "";
    struct symbol symbol;

    if (!pipes || (pipes->wait == PIPES_GO && !pipe))
        return false;
    if (head) {
        if (symbol_find(head->pc - 1, &symbol))
            symbol_format(&symbol, place, sizeof(place));
        snprintf(behind, sizeof(behind), "%sits pipe %s waits for flag %s->%s %d",
                 pipes->wait == PIPES_GO ? "" : ", while ", pipe_name((int)pipe->number), pipe_name(head->from),
                 pipe_name(head->to), head->id);
    }
    switch (pipes->wait) {
    case PIPES_FLAG:
        snprintf(text, size, "waits for flag %s->S %d, which nobody sets%s", pipe_name(pipes->wait_from),
                 pipes->wait_id, behind);
        break;
    case PIPES_CROSS:
        snprintf(text, size, "waits for cross-core flag %d, which nobody sets%s", pipes->wait_id, behind);
        break;
    case PIPES_DRAIN:
        snprintf(text, size, "waits in pipe_barrier(PIPE_ALL)%s", behind);
        break;
    case PIPES_QUEUE:
        snprintf(text, size, "waits for room in the queue of pipe %s%s", pipe_name(pipes->wait_to), behind);
        break;
    case PIPES_MEMORY:
        snprintf(text, size, "waits for what ld_dev loads%s", behind);
        break;
    case PIPES_GO:
        snprintf(text, size, "%s", behind);
        break;
    }
    if (head)
        snprintf(text + strlen(text), size - strlen(text), ", which nobody sets (%s)", place);
    return true;
}

static void describe_poll(const struct chip_state *chip, const struct wait *wait, char *text, size_t size)
{
    unsigned long long seen = wait->op->value, line = wait->op->addr & ~63ull;
    char where[128];

    if (wait->op->kind == PARK_SPR) {
        snprintf(text, size, "polls its DATA_MAIN_BASE, which stays 0x%llx", seen);
        return;
    }
    name_place(chip, wait->op->addr, where, sizeof(where));
    if (wait->stale)
        snprintf(text, size,
                 "polls %s and sees 0x%llx in line 0x%llx of its own cache, but GM already holds 0x%llx: dcci the line "
                 "before the load",
                 where, seen, line, (unsigned long long)wait->in_gm);
    else
        snprintf(text, size, "polls %s, which stays 0x%llx", where, seen);
}

static void describe(struct chip_state *chip, const struct wait *wait, char *text, size_t size)
{
    char code[512] = "unknown code", others[64] = "", what[900];

    if (wait->alike > 1)
        snprintf(others, sizeof(others), " (and %u core%s like it)", wait->alike - 1, wait->alike > 2 ? "s" : "");
    if (wait->code.place)
        symbol_format(&wait->code, code, sizeof(code));
    if (aicore_repeats(wait->core))
        snprintf(what, sizeof(what),
                 "runs one task over and over, and no AICPU thread is left to stop it: does it look at "
                 "task_status, too?");
    else if (wait->op)
        describe_poll(chip, wait, what, sizeof(what));
    else if (describe_pipes(wait->core, what, sizeof(what)))
        ;
    else if (!wait->core->has_program)
        snprintf(what, sizeof(what), "has ended its program, and its pipes still work");
    else if (wait->runs)
        snprintf(what, sizeof(what), wait->core->task_open ? "is still in a kernel" : "is still running");
    else
        describe_lock(chip, wait->core, what, sizeof(what));
    snprintf(text, size, "%s%s, in %s, %s", wait->core->name, others, code, what);
}

/* ---- who is told of ---- */

static unsigned weight(const struct wait *wait)
{
    if (wait->stale)
        return 5;
    if (wait->core->task_open)
        return 4;
    if (wait->runs)
        return wait->core->coherent ? 3 : 1;
    if (!wait->op)
        return 2;
    return wait->core->coherent ? 1 : 0;
}

static bool are_alike(const struct wait *a, const struct wait *b)
{
    return a->core->kind == b->core->kind && a->code.place && b->code.place &&
           strcmp(a->code.place, b->code.place) == 0 && a->code.offset == b->code.offset && weight(a) == weight(b) &&
           a->core->wait.addr == b->core->wait.addr;
}

/* Put @wait among the @count found; those that wait alike are one. Return the new count. */
static uint32_t gather(struct wait *found, uint32_t count, const struct wait *wait)
{
    for (uint32_t i = 0; i < count; i++) {
        if (are_alike(&found[i], wait)) {
            found[i].alike++;
            return count;
        }
    }
    if (count < KINDS)
        found[count++] = *wait;
    else if (weight(wait) > weight(&found[KINDS - 1]))
        found[KINDS - 1] = *wait;
    return count;
}

static void head_for_timeout(uint64_t quiet_ps, char *text, size_t size)
{
    static const struct {
        const char *name;
        uint64_t ps;
    } units[] = {{"s", 1000000000000}, {"ms", 1000000000}, {"us", 1000000}, {"ns", 1000}, {"ps", 1}};
    int i = 0;

    while (quiet_ps % units[i].ps)
        i++;
    snprintf(text, size, "no task began or ended for %llu %s (--max-time), given up",
             (unsigned long long)(quiet_ps / units[i].ps), units[i].name);
}

/* The flag that the core waits for: its pipe's, if one waits, else its scalar unit's. */
static void tell_flag(const struct core *core, struct watch_wait *wait)
{
    const struct pipe *pipe = stuck_pipe(core);
    const struct pipe_entry *head = pipe ? &pipe->queue[pipe->first] : NULL;
    const struct pipes *pipes = core->pipes;

    if (head) {
        wait->flag = true;
        wait->from = head->from;
        wait->to = head->to;
        wait->id = head->id;
        wait->flag_pc = head->pc;
    } else if (pipes && (pipes->wait == PIPES_FLAG || pipes->wait == PIPES_CROSS)) {
        wait->flag = true;
        wait->crosses = pipes->wait == PIPES_CROSS;
        wait->from = pipes->wait_from;
        wait->to = ISA_S;
        wait->id = pipes->wait_id;
        wait->flag_pc = pipes->wait_pc;
    }
}

static void tell_watcher(struct chip_state *chip, enum dav_status status, const struct wait *found, uint32_t count,
                         uint32_t worst)
{
    struct watch_wait waits[KINDS];
    char lines[KINDS][1500];

    for (uint32_t i = 0; i < count; i++) {
        const struct wait *wait = &found[(worst + i) % count];

        describe(chip, wait, lines[i], sizeof(lines[i]));
        waits[i] = (struct watch_wait){.core = wait->core, .pc = wait->pc, .text = lines[i], .runs = wait->runs};
        if (!wait->op) {
            tell_flag(wait->core, &waits[i]);
            continue;
        }
        waits[i].polls = true;
        waits[i].is_register = wait->op->kind == PARK_SPR;
        waits[i].addr = wait->op->addr;
        waits[i].size = wait->op->size;
        waits[i].seen = wait->op->value;
        waits[i].in_gm = wait->in_gm;
        waits[i].stale = wait->stale;
    }
    WATCH(chip, stuck, status == DAV_TIMEOUT, waits, count);
}

void deadlock_report(struct chip_state *chip, enum dav_status status, void (*more)(const char *line))
{
    struct wait found[KINDS], wait;
    uint64_t time = chip->clock.time;
    char line[1500], head[96];
    uint32_t count = 0, worst = 0;

    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
        if (!chip->cores[i].has_program && !pipes_busy(&chip->cores[i]))
            continue;
        look_at(chip, &chip->cores[i], &wait);
        count = gather(found, count, &wait);
        if (wait.runs && chip->cores[i].agent.now > time)
            time = chip->cores[i].agent.now;
    }
    for (uint32_t i = 1; i < count; i++)
        if (weight(&found[i]) > weight(&found[worst]))
            worst = i;
    if (!count)
        return;
    tell_watcher(chip, status, found, count, worst);
    if (status == DAV_DEADLOCK)
        snprintf(head, sizeof(head), "deadlock");
    else
        head_for_timeout(chip->max_quiet_ps, head, sizeof(head));
    describe(chip, &found[worst], line, sizeof(line));
    chip_blame(chip, found[worst].core, time);
    chip_stop_launch(chip, status, "%s at %llu ns: %s%s", head, (unsigned long long)(time / 1000), line,
                     count > 1 && !more ? "; -v tells what the other cores do" : "");
    for (uint32_t i = 0; i < count && more; i++) {
        if (i == worst)
            continue;
        describe(chip, &found[i], line, sizeof(line));
        more(line);
    }
}
