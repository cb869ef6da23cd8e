// device.cpp - the library's face (davsim.h) over the current device of this process.
#include "model/davsim.h"

#include <cstdio>

#include "model/device_fail.h"
#include "model/embed/image.h"
#include "model/interrupt.h"
#include "model/launch.hpp"
#include "model/process.hpp"
#include "model/watch.h"

using dav::process;
using dav::ready;

namespace
{

std::string others; // for -v: what the cores do that the line of a launch's failure does not name

void more(const char *line)
{
    others += std::string("davsim:   ") + line + "\n";
}

// Host calls happen one after the other: simulated time moves on by what each takes.
void spend(std::uint64_t ps)
{
    dav_chip->clock.time += ps;
}

void announce_copy(std::uint64_t begin, std::uint64_t bytes, bool to_device)
{
    event what{};

    what.kind = EVENT_COPY;
    what.begin_ps = begin;
    what.time_ps = dav_chip->clock.time;
    what.bytes = bytes;
    what.to_device = to_device;
    chip_announce(dav_chip, &what);
}

// Memory of another device is no memory of this one.
dav_status refuse_foreign(const char *call, const void *ptr, int owner)
{
    return device_fail(DAV_BAD_INPUT, "%s: %p is memory of device %d, but device %d is set: call set_device(%d) first",
                       call, ptr, owner, dav_chip->device_id, owner);
}

dav_status check_copy(const char *call, const void *on_device, const void *on_host, std::size_t size)
{
    if (!on_host)
        return device_fail(DAV_BAD_INPUT, "%s: the host pointer is NULL", call);
    if (const int owner = dav::owner_of(on_device); owner >= 0)
        return refuse_foreign(call, on_device, owner);
    if (!gm_contains(&dav_chip->gm, on_device, size))
        return device_fail(DAV_BAD_INPUT,
                           "%s: %p with %zu bytes is not in device memory; allocate it with device_malloc", call,
                           on_device, size);
    return DAV_OK;
}

} // namespace

extern "C" {

void dav_tell_errors(void (*tell)(const char *line))
{
    dav::tell_failures_to(tell);
}

int dav_set_device(int device_id)
{
    if (device_id < 0 || device_id > 15)
        return device_fail(DAV_BAD_INPUT, "set_device: device %d does not exist: give 0 to 15", device_id);
    return dav::use_device(device_id);
}

void *dav_malloc(size_t size)
{
    void *memory;

    if (ready() != DAV_OK)
        return nullptr;
    memory = gm_alloc(&dav_chip->gm, size);
    spend(dav_chip->file.host.malloc_ps);
    if (!memory)
        device_fail(DAV_BAD_INPUT, "device_malloc: no room for %zu bytes: %llu of %llu bytes of GM are in use", size,
                    static_cast<unsigned long long>(dav_chip->gm.used_bytes),
                    static_cast<unsigned long long>(dav_chip->gm.size));
    else
        WATCH(dav_chip, allocated, nullptr, memory, size);
    return memory;
}

int dav_free(void *ptr)
{
    if (const dav_status status = ready(); status != DAV_OK)
        return status;
    if (!ptr)
        return DAV_OK;
    if (const int owner = dav::owner_of(ptr); owner >= 0)
        return refuse_foreign("device_free", ptr, owner);
    if (gm_free(&dav_chip->gm, ptr) != 0)
        return device_fail(DAV_BAD_INPUT, "device_free: %p is not the start of a live allocation", ptr);
    WATCH(dav_chip, freed, nullptr, ptr);
    return DAV_OK;
}

int dav_copy_to_device(void *dst, const void *src, size_t size)
{
    if (const dav_status status = ready(); status != DAV_OK || size == 0)
        return status;
    if (const dav_status status = check_copy("copy_to_device", dst, src, size); status != DAV_OK)
        return status;
    const std::uint64_t begin = dav_chip->clock.time;
    WATCH(dav_chip, host_writes, reinterpret_cast<std::uintptr_t>(dst), src, size);
    spend(process.modules->dma.to_device(dav_chip, reinterpret_cast<std::uintptr_t>(dst), src, size));
    announce_copy(begin, size, true);
    return DAV_OK;
}

int dav_copy_from_device(void *dst, const void *src, size_t size)
{
    if (const dav_status status = ready(); status != DAV_OK || size == 0)
        return status;
    if (const dav_status status = check_copy("copy_from_device", src, dst, size); status != DAV_OK)
        return status;
    const std::uint64_t begin = dav_chip->clock.time;
    WATCH(dav_chip, host_reads, reinterpret_cast<std::uintptr_t>(src), size);
    spend(process.modules->dma.from_device(dav_chip, dst, reinterpret_cast<std::uintptr_t>(src), size));
    announce_copy(begin, size, false);
    return DAV_OK;
}

int dav_register_kernel(int func_id, const void *text, size_t size)
{
    char error[512];
    image_info info;
    void *room;

    if (const dav_status status = ready(); status != DAV_OK)
        return status;
    if (func_id < 0)
        return device_fail(DAV_BAD_INPUT, "register_kernel: func_id %d is negative", func_id);
    if (!text || image_check(text, size, &info, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "register_kernel: func_id %d: %s", func_id,
                           text ? error : "the binary is NULL");
    if (const kernel *older = kernels_find(&process.current->loaded, func_id)) {
        check_session_tell(&process.checking); // while places in it have names
        image_unload(reinterpret_cast<void *>(older->addr));
        gm_free(&dav_chip->gm, reinterpret_cast<void *>(older->addr));
        WATCH(dav_chip, freed, nullptr, reinterpret_cast<void *>(older->addr));
    }
    room = gm_alloc(&dav_chip->gm, image_room(&info));
    if (!room || gm_make_executable(&dav_chip->gm, room, image_room(&info)) != 0)
        return device_fail(DAV_BAD_INPUT, "register_kernel: func_id %d: no room for %zu bytes in GM", func_id,
                           image_room(&info));
    if (image_load(room, text, &info, kernels_image(func_id), &dav_chip->file.aicore.cost, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "register_kernel: func_id %d: %s", func_id, error);
    WATCH(dav_chip, allocated, nullptr, room, image_room(&info));
    WATCH(dav_chip, host_writes, reinterpret_cast<std::uintptr_t>(room), nullptr, image_room(&info));
    if (kernels_register(&process.current->loaded, func_id, info.name, reinterpret_cast<std::uintptr_t>(room)) != 0)
        return device_fail(DAV_INTERNAL, "register_kernel: out of memory");
    spend(dav_chip->file.host.malloc_ps);
    return DAV_OK;
}

uint64_t dav_kernel_addr(int func_id)
{
    return ready() == DAV_OK ? kernels_addr(&process.current->loaded, func_id) : 0;
}

int dav_launch(const struct dav_launch *launch)
{
    char error[1024];
    dav::Modules modules;

    if (const dav_status status = ready(); status != DAV_OK)
        return status;
    if (!launch)
        return device_fail(DAV_BAD_INPUT, "launch: no parameters");
    if (const int owner = dav::owner_of(launch->runtime); owner >= 0)
        return device_fail(
            DAV_BAD_INPUT,
            "launch: the Runtime at %p is memory of device %d, but device %d is set: launch it on device %d, or "
            "initialize it again",
            launch->runtime, owner, dav_chip->device_id, owner);
    if (const dav_status status = dav::launch_prepare(dav_chip, *launch, modules, error, sizeof(error));
        status != DAV_OK)
        return device_fail(status, "%s", error);
    if (process.current->trace)
        recorder_modules(process.current->trace, launch->aicore_binary, launch->aicore_size, launch->aicpu_binary,
                         launch->aicpu_size);
    check_session_launch(&process.checking, launch);
    if (const dav_status status = dav::launch_begins(); status != DAV_OK)
        return status;
    others.clear();
    dav::launch_run(*process.modules, *launch, modules, process.asked.verbose ? more : nullptr);
    dav::launch_ended();
    if (const int number = interrupt_came())
        dav::leave_by_signal(number);
    if (dav_chip->stop.status == DAV_OK)
        return DAV_OK;
    device_fail(dav_chip->stop.status, "%s", dav_chip->stop.line);
    std::fputs(others.c_str(), stderr);
    return dav_chip->stop.status;
}

int dav_cores_per_block(void)
{
    return ready() == DAV_OK ? static_cast<int>(1 + dav_chip->file.chip.aiv_per_cluster) : 0;
}

int dav_computes(void)
{
    return ready() != DAV_OK || dav_chip->compute;
}

uint64_t dav_time_ps(void)
{
    return dav_chip ? dav_chip->clock.time : 0;
}

int dav_figures(struct dav_figures *figures)
{
    struct figures all = {};

    if (!figures)
        return device_fail(DAV_BAD_INPUT, "figures: no room for them");
    if (process.current && process.current->figures)
        statistics_get(process.current->figures, &all);
    *figures = {all.launches,
                all.launch_ps,
                all.tasks,
                all.cores[CORE_AIC].busy_ps,
                all.cores[CORE_AIV].busy_ps,
                all.cores[CORE_AICPU].busy_ps,
                all.dispatch_to_start.count,
                all.dispatch_to_start.sum_ps,
                all.end_to_seen.count,
                all.end_to_seen.sum_ps};
    return DAV_OK;
}

} // extern "C"
