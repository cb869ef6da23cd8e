// device.cpp - the library's face (davsim.h) over the chip of this process.
#include "model/davsim.h"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <unistd.h>

#include "model/chip_cores.h"
#include "model/core/program.h"
#include "model/device_fail.h"
#include "model/embed/image.h"
#include "model/embed/port_table.h"
#include "model/kernels.h"
#include "model/launch.hpp"
#include "model/options.h"
#include "model/progress.h"
#include "model/recorder.h"
#include "model/result.h"
#include "model/statistics.h"
#include "model/watch.h"
#include "tools/check/session.h"
extern "C" {
#include "tools/paths.h"
}

namespace
{

struct Device {
    dav::Chip *chip = nullptr;
    options asked{};
    check_session checking{};
    kernels loaded{};
    statistics *figures = nullptr;
    recorder *trace = nullptr;
    progress *line_on_terminal = nullptr;
    dav_status status = DAV_OK; // the first failure, for the result file
    std::string line;           // and what was said of it
    std::string others;         // for -v: what the cores do that the line does not name
    int device_id = 0;
    pid_t process = 0; // a fork's child must not finish the parent's files
};

Device device;
void (*tell_error)(const char *line); // NULL: on stderr

// The process ends, or exits early: what was seen is written down.
void finish()
{
    char error[512];

    if (device.process != getpid())
        return;
    device.process = 0;
    if (device.chip)
        announcer_flush(&dav_chip->announcer, CLOCK_NEVER); // an exit in the middle of a launch
    if (device.line_on_terminal)
        progress_close(device.line_on_terminal);
    if (device.trace && recorder_close(device.trace, error, sizeof(error)) != 0)
        device_fail(DAV_INTERNAL, "%s", error);
    if (check_session_close(&device.checking, error, sizeof(error)) != 0)
        device_fail(DAV_INTERNAL, "%s", error);
    if (!device.asked.result)
        return;
    const result_summary summary = {device.chip ? &device.chip->state : nullptr,
                                    device.figures,
                                    static_cast<int>(device.status),
                                    device.line.c_str(),
                                    device.asked.trace,
                                    device.asked.verbose,
                                    device.checking.found != nullptr,
                                    device.checking.found ? findings_count(device.checking.found) : 0};
    if (result_write(device.asked.result, &summary, error, sizeof(error)) != 0)
        std::fprintf(stderr, "davsim: %s\n", error);
}

// A launch begins or has ended. Until the result stands there, this stands for a process that ends without leaving one.
void mark_unfinished(std::uint32_t findings)
{
    static long written = -1;
    std::FILE *file = written == findings || !device.asked.result ? nullptr : std::fopen(device.asked.result, "we");

    written = findings;
    if (!file)
        return;
    std::fprintf(file, "{\"version\": 1, \"unfinished\": true, \"findings\": %u}\n", findings);
    std::fclose(file);
}

// Between launches: say what has been found.
void tell_findings()
{
    if (device.checking.found)
        mark_unfinished(check_session_tell(&device.checking));
}

// Lines of the device's log, for -v.
struct LogPrinter : event_sink {
    LogPrinter()
    {
        event = [](event_sink *, const ::event *what) {
            static const char *const levels[] = {"ERROR", "WARN", "INFO", "DEBUG", "LOG"};

            if (what->kind == EVENT_LOG)
                std::fprintf(stderr, "[%12.3f us] %-8s %-5s %s\n", static_cast<double>(what->time_ps) / 1e6,
                             what->core ? what->core->name : "host",
                             levels[what->level < 0 || what->level > 4 ? 4 : what->level], what->text);
        };
        next = nullptr;
    }
} log_printer;

void more(const char *line)
{
    device.others += std::string("davsim:   ") + line + "\n";
}

dav_status build()
{
    char error[1024];
    chip file;
    vary perturbed;

    if (options_read(&device.asked, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "%s", error);
    device.process = getpid();
    std::atexit(finish);
    if (check_session_open(&device.checking, &device.asked, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "%s", error);
    const std::string chips = std::string(paths_share()) + "/model/chips";
    if (chip_load(&file, device.asked.chip, chips.c_str(), device.asked.overrides, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "%s", error);
    if (device.device_id >= static_cast<int>(file.chip.devices))
        return device_fail(DAV_BAD_INPUT,
                           "set_device: device %d does not exist: chip %s has devices 0 to %u (--set chip.devices=N)",
                           device.device_id, file.name, file.chip.devices - 1);
    if (vary_init(&perturbed, &file, file.aicpu.threads + CHIP_SPARE_AICPUS, device.asked.seed, device.asked.vary,
                  error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "%s", error);
    if (device.asked.check)
        port_table_watch();
    if (port_table_map(error, sizeof(error)) != 0)
        return device_fail(DAV_INTERNAL, "%s", error);
    try {
        device.chip = new dav::Chip("chip", file);
        device.chip->start();
    } catch (const std::exception &e) {
        device.chip = nullptr;
        return device_fail(DAV_INTERNAL, "the chip cannot be built: %s (%s)", e.what(), std::strerror(errno));
    }
    dav_chip = &device.chip->state;
    dav_chip->device_id = device.device_id;
    gm_set_seed(&dav_chip->gm, device.asked.seed);
    dav_chip->vary = perturbed;
    if (chip_vary(dav_chip) != 0)
        return device_fail(DAV_INTERNAL, "the chip cannot be built: no memory");
    dav_chip->max_quiet_ps = device.asked.max_time_ps;
    dav_chip->compute = device.asked.compute;
    dav_running = &program_nobody;
    kernels_init(&device.loaded);
    if (check_session_watch(&device.checking, dav_chip, &device.loaded) != 0)
        return device_fail(DAV_INTERNAL, "check: out of memory");
    if (device.asked.progress)
        device.line_on_terminal =
            progress_open(dav_chip, stderr); // before other listeners: it must not draw over what they print
    device.figures = statistics_open(dav_chip);
    if (device.asked.trace) {
        device.trace = recorder_open(dav_chip, &device.loaded, device.asked.trace, error, sizeof(error));
        if (!device.trace)
            return device_fail(DAV_BAD_INPUT, "%s", error);
        dav_chip->tell_pipes = device.asked.trace_pipes;
    }
    if (device.asked.verbose)
        chip_listen(dav_chip, &log_printer);
    return DAV_OK;
}

// The chip, built at the first call; a failure to build it stays one.
dav_status ready()
{
    static bool tried;

    if (!tried) {
        tried = true;
        setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
        return build();
    }
    return device.chip ? DAV_OK : device.status;
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

dav_status check_copy(const char *call, const void *on_device, const void *on_host, std::size_t size)
{
    if (!on_host)
        return device_fail(DAV_BAD_INPUT, "%s: the host pointer is NULL", call);
    if (!gm_contains(&dav_chip->gm, on_device, size))
        return device_fail(DAV_BAD_INPUT,
                           "%s: %p with %zu bytes is not in device memory; allocate it with device_malloc", call,
                           on_device, size);
    return DAV_OK;
}

} // namespace

extern "C" {

dav_status device_fail(dav_status status, const char *format, ...)
{
    char line[1200];
    va_list args;

    va_start(args, format);
    std::vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (tell_error)
        tell_error(line);
    else
        std::fprintf(stderr, "davsim: %s\n", line);
    if (device.status == DAV_OK) {
        device.status = status;
        device.line = line;
    }
    return status;
}

void dav_tell_errors(void (*tell)(const char *line))
{
    tell_error = tell;
}

int dav_set_device(int device_id)
{
    if (device_id < 0 || device_id > 15)
        return device_fail(DAV_BAD_INPUT, "set_device: device %d does not exist: give 0 to 15", device_id);
    if (device.chip && device_id != device.device_id)
        return device_fail(DAV_BAD_INPUT,
                           "set_device: this process already uses device %d; start another for device %d",
                           device.device_id, device_id);
    device.device_id = device_id;
    return ready();
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
    if (ready() != DAV_OK)
        return device.status;
    if (!ptr)
        return DAV_OK;
    if (gm_free(&dav_chip->gm, ptr) != 0)
        return device_fail(DAV_BAD_INPUT, "device_free: %p is not the start of a live allocation", ptr);
    WATCH(dav_chip, freed, nullptr, ptr);
    return DAV_OK;
}

int dav_copy_to_device(void *dst, const void *src, size_t size)
{
    if (ready() != DAV_OK || size == 0)
        return device.status;
    if (const dav_status status = check_copy("copy_to_device", dst, src, size); status != DAV_OK)
        return status;
    const std::uint64_t begin = dav_chip->clock.time;
    WATCH(dav_chip, host_writes, reinterpret_cast<std::uintptr_t>(dst), src, size);
    spend(device.chip->dma.to_device(reinterpret_cast<std::uintptr_t>(dst), src, size));
    announce_copy(begin, size, true);
    return DAV_OK;
}

int dav_copy_from_device(void *dst, const void *src, size_t size)
{
    if (ready() != DAV_OK || size == 0)
        return device.status;
    if (const dav_status status = check_copy("copy_from_device", src, dst, size); status != DAV_OK)
        return status;
    const std::uint64_t begin = dav_chip->clock.time;
    WATCH(dav_chip, host_reads, reinterpret_cast<std::uintptr_t>(src), size);
    spend(device.chip->dma.from_device(dst, reinterpret_cast<std::uintptr_t>(src), size));
    announce_copy(begin, size, false);
    return DAV_OK;
}

int dav_register_kernel(int func_id, const void *text, size_t size)
{
    char error[512];
    image_info info;
    void *room;

    if (ready() != DAV_OK)
        return device.status;
    if (func_id < 0)
        return device_fail(DAV_BAD_INPUT, "register_kernel: func_id %d is negative", func_id);
    if (!text || image_check(text, size, &info, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "register_kernel: func_id %d: %s", func_id,
                           text ? error : "the binary is NULL");
    if (const kernel *older = kernels_find(&device.loaded, func_id)) {
        check_session_tell(&device.checking); // while places in it have names
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
    if (kernels_register(&device.loaded, func_id, info.name, reinterpret_cast<std::uintptr_t>(room)) != 0)
        return device_fail(DAV_INTERNAL, "register_kernel: out of memory");
    spend(dav_chip->file.host.malloc_ps);
    return DAV_OK;
}

uint64_t dav_kernel_addr(int func_id)
{
    return ready() == DAV_OK ? kernels_addr(&device.loaded, func_id) : 0;
}

int dav_launch(const struct dav_launch *launch)
{
    char error[1024];
    dav::Modules modules;

    if (ready() != DAV_OK)
        return device.status;
    if (!launch)
        return device_fail(DAV_BAD_INPUT, "launch: no parameters");
    if (const dav_status status = dav::launch_prepare(dav_chip, *launch, modules, error, sizeof(error));
        status != DAV_OK)
        return device_fail(status, "%s", error);
    if (device.trace)
        recorder_modules(device.trace, launch->aicore_binary, launch->aicore_size, launch->aicpu_binary,
                         launch->aicpu_size);
    check_session_launch(&device.checking, launch);
    mark_unfinished(device.checking.found ? findings_count(device.checking.found) : 0);
    device.others.clear();
    dav::launch_run(*device.chip, *launch, modules, device.asked.verbose ? more : nullptr);
    tell_findings();
    if (dav_chip->stop.status == DAV_OK)
        return DAV_OK;
    device_fail(dav_chip->stop.status, "%s", dav_chip->stop.line);
    std::fputs(device.others.c_str(), stderr);
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

} // extern "C"
