/* program.c - see program.h.
 *
 * A fault in device code is a signal on its own stack (so that an overflowed device stack can be told of), and is left
 * by a long jump to where the program was entered: nothing of the program runs any more. A fault in the simulator is
 * the simulator's, except where it touches an address that device code gave it.
 */
#include "model/core/program.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "model/chip_state.h"
#include "model/embed/symbol.h"

/* Host stack beyond the device's: hooks, SystemC, and a C library call on top. */
#define SIMULATOR_STACK_BYTES (96u << 10)
#define SIGNAL_STACK_BYTES (64u << 10)
#define PAINT 0x5aa55aa55aa55aa5ull

enum leave_reason { LEAVE_STOP = 1, LEAVE_FAULT = 2 };

struct core program_nobody = {.bound = CLOCK_NEVER, .limit = CLOCK_NEVER, .hot_line = CLOCK_NEVER,
                              .private_size = UINT64_MAX, .in_simulator = true};

static const int caught[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
static struct sigaction users[4];
static stack_t users_stack;
static void *signal_stack;

static struct {
    int signal;
    uint64_t addr, pc;
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

/* Painted once, at the first program; what lies below this function's own frame is free then. */
__attribute__((noinline, no_sanitize_address)) static void paint(struct core *core, uintptr_t frame)
{
    uintptr_t free = (uintptr_t)__builtin_frame_address(0) - 256;

    core->stack_high = frame & ~(uintptr_t)15;
    core->stack_low = core->stack_high - device_stack(core);
    for (uintptr_t at = core->stack_low; at < free; at += 8)
        *(volatile uint64_t *)at = PAINT;
}

__attribute__((no_sanitize_address)) size_t stack_deepest(const struct core *core)
{
    uintptr_t at = core->stack_low;

    if (!at)
        return 0;
    while (at < core->stack_high && *(volatile uint64_t *)at == PAINT)
        at += 8;
    return core->stack_high - at;
}

/* ---- faults ---- */

static bool devices_own(const struct core *core, uint64_t addr)
{
    return !core->in_simulator || (core->accessing && addr - core->accessing + 64 < 64 + 4096);
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    const ucontext_t *machine = context;
    struct core *core = dav_running;
    uint64_t addr = (uintptr_t)info->si_addr;

    if (core == &program_nobody || !core->leave || !devices_own(core, addr)) {
        program_release(); /* not ours: it happens again under the user's handler */
        return;
    }
    fault.signal = signal;
    fault.addr = addr;
    fault.pc = (uint64_t)machine->uc_mcontext.gregs[REG_RIP];
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

static void describe_fault(struct core *core)
{
    static const char *const what[] = {[SIGSEGV] = "bad address", [SIGBUS] = "bad address",
                                       [SIGFPE] = "divide error", [SIGILL] = "illegal instruction"};
    char where[512] = "unknown code", task[96] = "", place[96] = "";
    struct symbol symbol;
    Dl_info library;

    if (symbol_find(fault.pc, &symbol))
        symbol_format(&symbol, where, sizeof(where));
    else if (dladdr((void *)(uintptr_t)fault.pc, &library) && library.dli_sname)
        snprintf(where, sizeof(where), "in library function %s", library.dli_sname);
    if (core->task_open)
        snprintf(task, sizeof(task), " in the task with arguments at 0x%llx", (unsigned long long)core->task_args);
    if (fault.signal == SIGSEGV || fault.signal == SIGBUS) {
        bool overflow = fault.addr < core->stack_low && core->stack_low - fault.addr < SIMULATOR_STACK_BYTES + 65536;

        snprintf(place, sizeof(place), overflow ? " 0x%llx: its stack has overflowed" : " 0x%llx",
                 (unsigned long long)fault.addr);
    }
    chip_stop_launch(core->chip, DAV_FAULT, "device exception on %s: %s%s, %s%s, at %llu ns (cycle %llu)", core->name,
                     what[fault.signal], place, where, task, (unsigned long long)(core->agent.now / 1000),
                     (unsigned long long)core_cycles(core, core->agent.now));
}

void program_leave(struct core *core, enum dav_status status, const char *line)
{
    chip_stop_launch(core->chip, status, "%s", line);
    siglongjmp(*core->leave, LEAVE_STOP);
}

/* ---- the program ---- */

static void announce_end(struct core *core)
{
    struct event event = {.kind = EVENT_PROGRAM, .time_ps = core->agent.now, .begin_ps = core->launched_ps,
                          .core = core};

    chip_announce(core->chip, &event);
}

void core_run_program(struct core *core)
{
    sigjmp_buf leave;

    if (!core->stack_low)
        paint(core, (uintptr_t)__builtin_frame_address(0));
    if (core->coherent) {
        core->private_base = core->stack_low;
        core->private_size = core->stack_high - core->stack_low;
    }
    core->leave = &leave;
    dav_running = core;
    view_enter(&core->chip->view, core->holder);
    core->hot_line = CLOCK_NEVER;
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
        describe_fault(core);
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
