// host_dma.cpp - see host_dma.hpp.
#include "model/host_dma.hpp"

#include <algorithm>

namespace dav
{

// One TLM transaction at most; its length is a 32-bit number.
static constexpr std::uint64_t burst_bytes = 1u << 30;

HostDma::HostDma(sc_core::sc_module_name name) : sc_module(name)
{
    transaction.master.writer = GM_WRITER_DMA;
}

// What a copy really takes, where that is perturbed.
static std::uint64_t deviate(chip_state *chip, std::uint64_t took)
{
    const std::uint64_t most = took / 100 * chip->file.vary.dma_percent;

    if (!vary_active(&chip->vary, VARY_DMA, 0))
        return took;
    return took - most + vary_draw(&chip->vary, VARY_DMA, 0, 2 * most);
}

std::uint64_t HostDma::copy(chip_state *chip, tlm::tlm_command command, std::uint64_t address, void *data,
                            std::uint64_t size, std::uint64_t bytes_per_s)
{
    const std::uint64_t took =
        deviate(chip, chip->file.host.latency_ps + static_cast<std::uint64_t>(static_cast<unsigned __int128>(size) *
                                                                              1000000000000ull / bytes_per_s));
    auto *bytes = static_cast<unsigned char *>(data);

    transaction.master.chip = chip;
    while (size) {
        const std::uint64_t part = std::min(size, burst_bytes);
        sc_core::sc_time delay;

        transaction.master.at_ps = chip->clock.time + took;
        socket->b_transport(transaction.set(command, address, bytes, static_cast<std::uint32_t>(part)), delay);
        address += part;
        bytes += part;
        size -= part;
    }
    return took;
}

std::uint64_t HostDma::to_device(chip_state *chip, std::uint64_t address, const void *from, std::uint64_t size)
{
    chip->counters.h2d_bytes += size;
    chip->counters.copies++;
    return copy(chip, tlm::TLM_WRITE_COMMAND, address, const_cast<void *>(from), size, chip->file.host.h2d_bytes_per_s);
}

std::uint64_t HostDma::from_device(chip_state *chip, void *to, std::uint64_t address, std::uint64_t size)
{
    chip->counters.d2h_bytes += size;
    chip->counters.copies++;
    return copy(chip, tlm::TLM_READ_COMMAND, address, to, size, chip->file.host.d2h_bytes_per_s);
}

} // namespace dav
