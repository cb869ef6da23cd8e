// bus.hpp - the GM bus: initiators are the cores' ports and host DMA, the target is GM. TLM-2.0, loosely timed.
//
// A transaction is made when its request arrives, so its data moves at that moment; the annotated delay is the time
// until the initiator has its answer. It names the device whose memory it means, so the modules serve all devices.
#pragma once

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "model/chip_state.h"

namespace dav
{

// What a transaction carries besides address and data.
struct Master : tlm::tlm_extension<Master> {
    chip_state *chip = nullptr; // the device
    core *from = nullptr;       // nullptr: host DMA
    gm_writer writer = GM_WRITER_DMA;
    std::uint64_t at_ps = 0; // when the request arrives

    tlm::tlm_extension_base *clone() const override { return new Master(*this); }
    void copy_from(const tlm::tlm_extension_base &other) override { *this = static_cast<const Master &>(other); }
};

// GM as a target: answers with what stands there, whatever any cache thinks.
SC_MODULE(GlobalMemory)
{
    tlm_utils::simple_target_socket<GlobalMemory> socket{"socket"};

    explicit GlobalMemory(sc_core::sc_module_name name);

  private:
    void b_transport(tlm::tlm_generic_payload & payload, sc_core::sc_time & delay);
};

SC_MODULE(Bus)
{
    tlm_utils::multi_passthrough_target_socket<Bus> cores{"cores"};
    tlm_utils::simple_initiator_socket<Bus> memory{"memory"};

    explicit Bus(sc_core::sc_module_name name);

  private:
    void b_transport(int id, tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);
};

// A payload that an initiator reuses, with its extension attached for good.
struct Transaction {
    tlm::tlm_generic_payload payload;
    Master master;

    Transaction() { payload.set_extension(&master); }
    ~Transaction() { payload.clear_extension(&master); }

    // Fill it in for [address, +size).
    tlm::tlm_generic_payload &set(tlm::tlm_command command, std::uint64_t address, void *data, std::uint32_t size);
};

} // namespace dav
