// host_dma.hpp - the engine behind host copies: a bus master with its own latency and bandwidths, one for all devices.
#pragma once

#include "model/bus.hpp"

namespace dav
{

SC_MODULE(HostDma)
{
    tlm_utils::simple_initiator_socket<HostDma> socket{"socket"};

    explicit HostDma(sc_core::sc_module_name name);

    // Copy @size bytes between host memory and @chip's GM while it is idle; return what it took, ps.
    std::uint64_t to_device(chip_state * chip, std::uint64_t address, const void *from, std::uint64_t size);
    std::uint64_t from_device(chip_state * chip, void *to, std::uint64_t address, std::uint64_t size);

  private:
    Transaction transaction;
    std::uint64_t copy(chip_state * chip, tlm::tlm_command command, std::uint64_t address, void *data,
                       std::uint64_t size, std::uint64_t bytes_per_s);
};

} // namespace dav
