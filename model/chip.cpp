// chip.cpp - see chip.hpp.
#include "model/chip.hpp"

#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <new>

#include <sys/mman.h>

#include "model/chip_cores.h"
#include "model/core/program.h"

namespace dav {

CoreModule::CoreModule(sc_core::sc_module_name name, core *state, std::size_t stack_bytes)
    : sc_module(name), state(state)
{
    state->process = this;
    transaction.master.from = state;
    transaction.master.writer = state->coherent ? GM_WRITER_AICPU : GM_WRITER_AICORE;
    SC_THREAD(run);
    set_stack_size(stack_bytes);
}

std::uint64_t CoreModule::transport(tlm::tlm_command command, std::uint64_t address, void *data, std::uint32_t size,
                                    std::uint64_t at_ps)
{
    sc_core::sc_time delay;

    transaction.master.at_ps = at_ps;
    socket->b_transport(transaction.set(command, address, data, size), delay);
    return delay.value();
}

// A core's life: wait for a program, run it, tell the book that it has ended.
void CoreModule::run()
{
    for (;;) {
        sc_core::wait(go);
        while (state->has_program) {
            core_run_program(state);
            clock_finish(&state->chip->clock, &state->agent);
        }
    }
}

void notify(agent *to)
{
    auto *module = static_cast<CoreModule *>(core_of(to)->process);
    const std::uint64_t now = sc_core::sc_time_stamp().value();

    if (to->resume > now)
        module->go.notify(sc_core::sc_time::from_value(to->resume - now));
    else
        module->go.notify();
}

void Chip::switch_to(void *, agent *from, agent *to)
{
    core_of(from)->stack_at = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (to)
        notify(to);
    // With nothing notified SystemC runs dry and sc_start returns to the host.
    sc_core::wait(static_cast<CoreModule *>(core_of(from)->process)->go);
}

void Chip::run()
{
    if (agent *first = clock_next(&state.clock))
        notify(first);
    sc_core::sc_start();
}

Chip::Chip(sc_core::sc_module_name name, const chip &file)
    : sc_module(name), memory("gm", &state), bus("bus", &state), dma("host_dma", &state)
{
    state.file = file;
    if (chip_cores_init(&state, &Chip::switch_to, this) != 0)
        throw std::bad_alloc();
    bus.memory.bind(memory.socket);
    dma.socket.bind(bus.cores);
    for (std::uint32_t i = 0; i < state.aicores + state.aicpus; i++) {
        core *c = &state.cores[i];

        cores.push_back(std::make_unique<CoreModule>(c->name, c, stack_room(&state, c)));
        cores.back()->socket.bind(bus.cores);
    }
}

}  // namespace dav
