// host_dma.hpp - the engine behind host copies: a bus master with its own latency and bandwidths.
#pragma once

#include "model/bus.hpp"

namespace dav
{

SC_MODULE(HostDma)
{
    tlm_utils::simple_initiator_socket<HostDma> socket{"socket"};

    HostDma(sc_core::sc_module_name name, chip_state * chip);

    // Copy @size bytes between host memory and GM while the chip is idle; return what it took, ps.
    std::uint64_t to_device(std::uint64_t address, const void *from, std::uint64_t size);
    std::uint64_t from_device(void *to, std::uint64_t address, std::uint64_t size);

  private:
    chip_state *chip;
    Transaction transaction;
    std::uint64_t deviate(std::uint64_t took);
    std::uint64_t copy(tlm::tlm_command command, std::uint64_t address, void *data, std::uint64_t size,
                       std::uint64_t bytes_per_s);
};

} // namespace dav
