/* program.c - see program.h.
 *
 * A fault in device code is a signal on its own stack (so that an overflowed device stack can be told of), and is left
 * by a long jump to where the program was entered: nothing of the program runs any more. A fault in the simulator is
 * the simulator's, except where it touches an address that device code gave it. Which function and line it was is found
 * out after the launch, on the host's stack.
 */
#include "model/core/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "model/chip_state.h"
#include "model/embed/module.h"
#include "model/embed/symbol.h"

/* Host stack beyond the device's: hooks, SystemC, and a C library call on top. */
#define SIMULATOR_STACK_BYTES (96u << 10)
#define SIGNAL_STACK_BYTES    (64u << 10)

enum leave_reason { LEAVE_STOP = 1, LEAVE_FAULT = 2 };

static struct dcache_recent nothing_recent = {.line = DCACHE_NO_LINE};

struct core program_nobody = {.bound = CLOCK_NEVER,
                              .limit = CLOCK_NEVER,
                              .recent = &nothing_recent,
                              .private_size = UINT64_MAX,
                              .in_simulator = true};

static const int caught[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
static struct sigaction users[4];
static stack_t users_stack;
static void *signal_stack;

/* The device exception that ended the launch. */
static struct {
    struct core *core; /* NULL: there was none */
    int signal;        /* 0: what the simulator itself objected to */
    uint64_t addr;
    uint64_t at[PROGRAM_CALLERS]; /* as return addresses: one past the instruction */
    unsigned depth;
    uint64_t at_ps; /* 0: when its core was left */
    char what[640];
} fault;

/* ---- stacks ---- */

size_t stack_room(const struct chip_state *chip, const struct core *core)
{
    return (core->coherent ? chip->file.aicpu.stack_bytes : chip->file.aicore.stack_bytes) + SIMULATOR_STACK_BYTES;
}

static size_t device_stack(const struct core *core)
{
    return core->coherent ? core->chip->file.aicpu.stack_bytes : core->chip->file.aicore.stack_bytes;
}

static void find_stack(struct core *core, uintptr_t frame)
{
    core->stack_high = frame & ~(uintptr_t)15;
    core->stack_low = core->stack_high - device_stack(core);
    core->stack_deepest = core->stack_high;
}

size_t stack_deepest(const struct core *core)
{
    return core->stack_high - core->stack_deepest;
}

/* ---- faults ---- */

/* Is @addr just below the device's part of @core's stack? */
static bool is_overflow(const struct core *core, uint64_t addr)
{
    return addr < core->stack_low && core->stack_low - addr < SIMULATOR_STACK_BYTES + 65536;
}

static bool devices_own(const struct core *core, uint64_t addr)
{
    return !core->in_simulator || (core->accessing && addr - core->accessing + 64 < 64 + 4096) ||
           is_overflow(core, addr); /* the simulator stands on what device code has left of its stack */
}

/* Is it in the memory of another device? That is hidden while this one runs. */
static bool is_foreign(const struct core *core, uint64_t addr)
{
    int slot = gm_slot_of(addr);

    return slot >= 0 && slot != core->chip->device_id;
}

/* Do the bytes before @pc, which is device code, end in a call? */
static bool follows_call(uint64_t pc)
{
    const uint8_t *code = (const uint8_t *)(uintptr_t)pc;

    if (!symbol_is_code(pc - 7))
        return false;
    return code[-5] == 0xe8 || (code[-6] == 0xff && code[-5] == 0x15) || (code[-7] == 0xff && code[-6] == 0x14) ||
           (code[-2] == 0xff && (code[-1] & 0x38) == 0x10) || (code[-3] == 0xff && (code[-2] & 0x38) == 0x10);
}

__attribute__((no_sanitize_address)) unsigned program_callers(const struct core *core, uint64_t sp,
                                                              uint64_t found[PROGRAM_CALLERS])
{
    const uint64_t *word = (const uint64_t *)(uintptr_t)sp;
    unsigned count = 0;

    if (!core->stack_low || (sp < core->stack_low && !is_overflow(core, sp)))
        return 0;
    for (; (uintptr_t)word < core->stack_high && count < PROGRAM_CALLERS; word++)
        if (symbol_is_code(*word) && !is_foreign(core, *word) && follows_call(*word))
            found[count++] = *word;
    return count;
}

bool program_place(const uint64_t *found, unsigned count, struct symbol *place)
{
    for (unsigned i = 0; i < count; i++)
        if (symbol_find(found[i] - 1, place) && place->frames[0].file && place->frames[0].line)
            return true;
    return count && symbol_find(found[0] - 1, place);
}

/* The signal stack is small and the heap may be in any state: one line, by write. */
static void die(const struct core *core, int signal, uint64_t addr)
{
    char line[256];
    int size =
        snprintf(line, sizeof(line),
                 "davsim: signal %d (address 0x%llx) in the simulator while %s ran: device code has damaged host "
                 "memory, or davsim is at fault\n",
                 signal, (unsigned long long)addr, core->name);

    if (write(STDERR_FILENO, line, (size_t)size) != size)
        return;
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    const ucontext_t *machine = context;
    struct core *core = dav_running;
    uint64_t addr = (uintptr_t)info->si_addr;

    if (core == &program_nobody || !core->leave || !devices_own(core, addr)) {
        if (core != &program_nobody)
            die(core, signal, addr);
        program_release(); /* it happens again under the user's handler */
        return;
    }
    fault.signal = signal;
    fault.at_ps = 0;
    fault.addr = addr;
    fault.at[0] = (uint64_t)machine->uc_mcontext.gregs[REG_RIP] + 1;
    fault.depth = 1;
    if (!symbol_is_code(fault.at[0] - 1)) {
        uint64_t sp = (uint64_t)machine->uc_mcontext.gregs[REG_RSP], page = (addr | 4095) + 1;

        fault.depth = program_callers(core, is_overflow(core, addr) && sp < page ? page : sp, fault.at);
    }
    siglongjmp(*core->leave, LEAVE_FAULT);
}

int program_catch(void)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    stack_t stack = {.ss_size = SIGNAL_STACK_BYTES};

    if (!signal_stack)
        signal_stack = malloc(SIGNAL_STACK_BYTES);
    stack.ss_sp = signal_stack;
    if (!signal_stack || sigaltstack(&stack, &users_stack) != 0)
        return -1;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++)
        sigaction(caught[i], &action, &users[i]);
    return 0;
}

void program_release(void)
{
    for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++)
        sigaction(caught[i], &users[i], NULL);
    if (!(users_stack.ss_flags & SS_DISABLE))
        sigaltstack(&users_stack, NULL);
}

/* What the hardware would call it. */
static void name_fault(const struct core *core, char *text, size_t size)
{
    bool access = fault.signal == SIGSEGV || fault.signal == SIGBUS;

    if (access && is_overflow(core, fault.addr))
        snprintf(text, size, "its stack of %zu bytes has overflowed", device_stack(core));
    else if (access && fault.addr == fault.at[0] - 1 && module_is_closed(module_at(&core->chip->modules, fault.addr)))
        snprintf(text, size, "it calls into a library that dlclose has closed");
    else if (access && is_foreign(core, fault.addr))
        snprintf(text, size, "bad address 0x%llx: that is memory of device %d, and this is device %d",
                 (unsigned long long)fault.addr, gm_slot_of(fault.addr), core->chip->device_id);
    else if (access)
        snprintf(text, size, "bad address 0x%llx", (unsigned long long)fault.addr);
    else
        snprintf(text, size, "%s", fault.signal == SIGFPE ? "divide error" : "illegal instruction");
}

void program_explain(struct chip_state *chip)
{
    struct core *core = fault.core;
    char what[sizeof(fault.what)], where[512] = "unknown code", task[96] = "";
    struct symbol symbol;
    bool named; /* the simulator's own objections begin with the core */
    uint64_t when_ps = fault.at_ps;

    if (!core)
        return;
    fault.core = NULL;
    if (!when_ps)
        when_ps = core->agent.now;
    snprintf(what, sizeof(what), "%s", fault.what);
    if (fault.signal)
        name_fault(core, what, sizeof(what));
    if (program_place(fault.at, fault.depth, &symbol))
        symbol_format(&symbol, where, sizeof(where));
    if (core->task_open)
        snprintf(task, sizeof(task), " (task with arguments at 0x%llx)", (unsigned long long)core->task_args);
    named = strncmp(what, core->name, strlen(core->name)) == 0;
    snprintf(chip->stop.line, sizeof(chip->stop.line), "device exception: %s%s%s, in %s%s, at %llu ns (cycle %llu)",
             named ? "" : core->name, named ? "" : ": ", what, where, task, (unsigned long long)(when_ps / 1000),
             (unsigned long long)core_cycles(core, when_ps));
}

/* The launch ends here and now; the words come later. */
static void stop_for_fault(struct core *core)
{
    if (core->chip->stop.status == DAV_OK)
        fault.core = core;
    chip_blame(core->chip, core, fault.at_ps ? fault.at_ps : core->agent.now);
    chip_stop_launch(core->chip, DAV_FAULT, "device exception on %s", core->name);
}

void program_leave(struct core *core, const char *what)
{
    fault.signal = 0;
    fault.at_ps = 0;
    fault.depth = program_callers(core, (uintptr_t)__builtin_frame_address(0), fault.at);
    snprintf(fault.what, sizeof(fault.what), "%s", what);
    stop_for_fault(core);
    siglongjmp(*core->leave, LEAVE_STOP);
}

void program_blame(struct core *core, uint64_t pc, uint64_t at_ps, const char *what)
{
    if (core->chip->stop.status != DAV_OK)
        return;
    fault.signal = 0;
    fault.at_ps = at_ps;
    fault.at[0] = pc;
    fault.depth = 1;
    snprintf(fault.what, sizeof(fault.what), "%s", what);
    stop_for_fault(core);
}

/* ---- the program ---- */

static void announce_end(struct core *core)
{
    struct event event = {
        .kind = EVENT_PROGRAM, .time_ps = core->agent.now, .begin_ps = core->launched_ps, .core = core};

    chip_announce(core->chip, &event);
}

void core_run_program(struct core *core)
{
    sigjmp_buf leave;

    if (!core->stack_low)
        find_stack(core, (uintptr_t)__builtin_frame_address(0));
    if (core->coherent) {
        core->private_base = core->stack_low;
        core->private_size = core->stack_high - core->stack_low;
    }
    core->leave = &leave;
    dav_running = core;
    view_enter(&core->chip->view, core->holder);
    core->device_sp = 0;
    core->agent.horizon = 0; /* the first shared access asks the book */
    core_set_limits(core);
    switch (sigsetjmp(leave, 1)) {
    case 0:
        if (!core->unwind) {
            core_leave(core);
            core->program(core);
            core_enter(core);
            announce_end(core);
        }
        break;
    case LEAVE_FAULT:
        core->in_simulator = true;
        stop_for_fault(core);
        break;
    default:
        break;
    }
    core->in_simulator = true;
    core->has_program = false;
    core->leave = NULL;
    core->park.probing = false;
    core->park.parked = false;
    core->changes++;
}
