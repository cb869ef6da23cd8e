// chip.cpp - see chip.hpp.
#include "model/chip.hpp"

#include <pthread.h>
#include <sys/mman.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

#include "model/chip_cores.h"
#include "model/core/program.h"

namespace dav
{

CoreModule::CoreModule(sc_core::sc_module_name name, std::size_t stack_bytes) : sc_module(name)
{
    SC_THREAD(run);
    set_stack_size(stack_bytes);
}

void CoreModule::be(core *core)
{
    state = core;
    core->process = this;
    transaction.master.chip = core->chip;
    transaction.master.from = core;
    transaction.master.writer = core->coherent ? GM_WRITER_AICPU : GM_WRITER_AICORE;
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

// SystemC tells the address sanitizer which stack it switches to, but it does not know how far the host's reaches.
static void back_on_host_stack()
{
#ifdef __SANITIZE_ADDRESS__
    pthread_attr_t attributes;
    void *bottom;
    std::size_t size;

    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    pthread_attr_getstack(&attributes, &bottom, &size);
    pthread_attr_destroy(&attributes);
    __sanitizer_start_switch_fiber(nullptr, bottom, size);
    __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
}

void Chip::start()
{
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    back_on_host_stack();
}

void Chip::run()
{
    if (agent *first = clock_next(&state->clock))
        notify(first);
    sc_core::sc_start();
    back_on_host_stack();
}

int Chip::make(chip_state *state)
{
    return chip_cores_init(state, &Chip::switch_to, nullptr);
}

void Chip::lend(chip_state *to)
{
    state = to;
    for (std::size_t i = 0; i < cores.size(); i++)
        cores[i]->be(&to->cores[i]);
}

Chip::Chip(sc_core::sc_module_name name, chip_state *first) : sc_module(name)
{
    bus.memory.bind(memory.socket);
    dma.socket.bind(bus.cores);
    for (std::uint32_t i = 0; i < first->aicores + first->aicpus; i++) {
        const core *c = &first->cores[i];

        cores.push_back(std::make_unique<CoreModule>(c->name, stack_room(first, c)));
        cores.back()->socket.bind(bus.cores);
    }
    lend(first);
}

} // namespace dav
