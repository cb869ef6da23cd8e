// bus.cpp - see bus.hpp, and bus.h for the calls of the C parts.
#include "model/bus.hpp"

#include "model/bus.h"
#include "model/chip.hpp"
#include "model/traffic.h"

namespace dav
{

tlm::tlm_generic_payload &Transaction::set(tlm::tlm_command command, std::uint64_t address, void *data,
                                           std::uint32_t size)
{
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char *>(data));
    payload.set_data_length(size);
    payload.set_streaming_width(size);
    payload.set_byte_enable_ptr(nullptr);
    payload.set_dmi_allowed(false);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    return payload;
}

GlobalMemory::GlobalMemory(sc_core::sc_module_name name) : sc_module(name)
{
    socket.register_b_transport(this, &GlobalMemory::b_transport);
}

void GlobalMemory::b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay)
{
    const Master *master = payload.get_extension<Master>();
    chip_state *chip = master->chip;
    const std::uint64_t address = payload.get_address();
    const std::uint32_t size = payload.get_data_length();

    if (!gm_contains(&chip->gm, reinterpret_cast<void *>(address), size)) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    if (payload.is_read())
        view_read(&chip->view, address, payload.get_data_ptr(), size);
    else
        view_write(&chip->view, address, payload.get_data_ptr(), size, master->writer,
                   master->from ? master->from->holder : DIRECTORY_NOBODY);
    delay += sc_core::sc_time::from_value(chip->file.gm.service_ps);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

Bus::Bus(sc_core::sc_module_name name) : sc_module(name)
{
    cores.register_b_transport(this, &Bus::b_transport);
}

static std::uint64_t way_back_ps(const chip_state *chip, bool aicpu)
{
    return aicpu ? chip->file.bus.aicpu_reply_ps : chip->file.bus.aicore_reply_ps;
}

void Bus::b_transport(int, tlm::tlm_generic_payload &payload, sc_core::sc_time &delay)
{
    const Master *master = payload.get_extension<Master>();
    const std::uint32_t size = payload.get_data_length();
    core *from = master->from;

    memory->b_transport(payload, delay);
    if (!from)
        return;
    if (payload.is_write()) {
        from->counters.bus_write_bytes += size;
        TRAFFIC_COUNT(master->chip, TRAFFIC_WRITE, master->at_ps, size);
        return;
    }
    // The answer waits for its turn on the core's port.
    const std::uint64_t ready = master->at_ps + delay.value();
    const std::uint64_t start = std::max(ready, from->port_free_ps);
    const std::uint64_t done = start + bus_transfer_ps(from->chip, size);

    from->port_free_ps = done;
    from->counters.bus_read_bytes += size;
    TRAFFIC_COUNT(master->chip, TRAFFIC_READ, master->at_ps, size);
    delay = sc_core::sc_time::from_value(done - master->at_ps + way_back_ps(from->chip, from->coherent) + from->noc_ps);
}

} // namespace dav

extern "C" std::uint64_t bus_transfer_ps(const struct chip_state *chip, std::uint32_t size)
{
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(size) * 1000000000000ull /
                                      chip->file.bus.port_bytes_per_s);
}

extern "C" std::uint64_t bus_reply_ps(const struct chip_state *chip, bool aicpu, std::uint32_t size)
{
    return chip->file.gm.service_ps + bus_transfer_ps(chip, size) + dav::way_back_ps(chip, aicpu);
}

extern "C" std::uint64_t bus_read(struct core *core, std::uint64_t addr, void *bytes, std::uint32_t size,
                                  std::uint64_t at_ps)
{
    return at_ps +
           static_cast<dav::CoreModule *>(core->process)->transport(tlm::TLM_READ_COMMAND, addr, bytes, size, at_ps);
}

extern "C" void bus_write(struct core *core, std::uint64_t addr, const void *bytes, std::uint32_t size,
                          std::uint64_t at_ps)
{
    static_cast<dav::CoreModule *>(core->process)
        ->transport(tlm::TLM_WRITE_COMMAND, addr, const_cast<void *>(bytes), size, at_ps);
}
