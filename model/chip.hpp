// chip.hpp - the chip as SystemC modules, built once a process.
//
// SystemC knows no modules that come later, and a process may use several devices. They are of one chip file, and one
// runs at a time, since the host's calls return when they are done: so there is one set of modules, which is lent to
// the device that runs. All that a device keeps is its chip_state; on the stacks of its cores nothing stands between
// launches.
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
    CoreModule(sc_core::sc_module_name name, std::size_t stack_bytes);

    // From now on be @core, which is the same one of another device, or the first.
    void be(core * core);

    // Make one transaction on the bus; return the time until its answer, ps.
    std::uint64_t transport(tlm::tlm_command command, std::uint64_t address, void *data, std::uint32_t size,
                            std::uint64_t at_ps);

  private:
    core *state = nullptr;
    Transaction transaction;
    void run();
};

SC_MODULE(Chip)
{
    chip_state *state = nullptr; // of the device that the modules are lent to
    GlobalMemory memory{"gm"};
    Bus bus{"bus"};
    HostDma dma{"host_dma"};
    std::vector<std::unique_ptr<CoreModule>> cores;

    // Modules for devices like @first, and lent to it.
    Chip(sc_core::sc_module_name name, chip_state * first);

    // Fill in a new device of the chip file in @state->file. Return 0, or -1 without memory or addresses.
    static int make(chip_state * state);

    // Lend the modules to another device; no core runs.
    void lend(chip_state * to);

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
