// chip.hpp - the chip as SystemC modules, built once a process from a chip file.
#pragma once

#include <memory>
#include <vector>

#include "model/bus.hpp"
#include "model/host_dma.hpp"

namespace dav
{

// An AICPU thread or an AICore: the process on whose stack its device code runs, and its port onto the bus.
SC_MODULE(CoreModule)
{
    tlm_utils::simple_initiator_socket<CoreModule> socket{"socket"};
    sc_core::sc_event go; // its turn has come

    SC_HAS_PROCESS(CoreModule);
    CoreModule(sc_core::sc_module_name name, core * state, std::size_t stack_bytes);

    // Make one transaction on the bus; return the time until its answer, ps.
    std::uint64_t transport(tlm::tlm_command command, std::uint64_t address, void *data, std::uint32_t size,
                            std::uint64_t at_ps);

  private:
    core *state;
    Transaction transaction;
    void run();
};

SC_MODULE(Chip)
{
    chip_state state{};
    GlobalMemory memory;
    Bus bus;
    HostDma dma;
    std::vector<std::unique_ptr<CoreModule>> cores;
    sc_core::sc_event idle; // no core has anything to do: back to the host

    Chip(sc_core::sc_module_name name, const chip &file);

    // Once, when all is built: each core gets to where it waits for a program.
    void start();

    // Give control to the next core and come back when none can go on.
    void run();

  private:
    static void switch_to(void *ctx, agent *from, agent *to);
};

// Let @to run at its resume time; it is the only notification pending in SystemC.
void notify(agent *to);

} // namespace dav
