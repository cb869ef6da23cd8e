// process.cpp - see process.hpp.
#include "model/process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include "model/chip_cores.h"
#include "model/core/program.h"
#include "model/device_fail.h"
#include "model/embed/port_table.h"
#include "model/result.h"
extern "C" {
#include "tools/paths.h"
}

namespace dav
{

Process process;

static void (*tell_failure)(const char *line);

void tell_failures_to(void (*tell)(const char *line))
{
    tell_failure = tell;
}

LogPrinter::LogPrinter()
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

// ---- the end ----

static void write_result()
{
    char error[512];
    result_device used[GM_SLOTS];
    std::size_t count = 0;

    for (const Device *device : process.devices)
        if (device && device->figures)
            used[count++] = {&device->state, device->figures};
    const result_summary summary = {used,
                                    count,
                                    static_cast<int>(process.status),
                                    process.line.c_str(),
                                    process.asked.trace,
                                    process.asked.verbose,
                                    process.checking.found != nullptr,
                                    process.checking.found ? findings_count(process.checking.found) : 0,
                                    process.interrupted};
    if (result_write(process.asked.result, &summary, error, sizeof(error)) != 0)
        std::fprintf(stderr, "davsim: %s\n", error);
}

// The process ends, or exits early: what was seen is written down.
static void finish()
{
    char error[512];

    if (process.pid != getpid())
        return;
    process.pid = 0;
    for (Device *device : process.devices) {
        if (!device)
            continue;
        if (device->hidden)
            chip_show(&device->state);                          // findings may be about its memory
        announcer_flush(&device->state.announcer, CLOCK_NEVER); // an exit in the middle of a launch
        progress_close(device->line_on_terminal);
    }
    if (process.first && process.first->trace && recorder_close(process.first->trace, error, sizeof(error)) != 0)
        device_fail(DAV_INTERNAL, "%s", error);
    if (check_session_close(&process.checking, error, sizeof(error)) != 0)
        device_fail(DAV_INTERNAL, "%s", error);
    if (process.asked.result)
        write_result();
}

void leave_by_signal(int number)
{
    const bool traced = process.first && process.first->trace && process.pid == getpid();

    process.interrupted = number;
    finish();
    if (process.status == DAV_OK)
        std::fprintf(stderr, "davsim: launch: ended by signal %d (%s)%s%s%s\n", number, strsignal(number),
                     traced ? "; the trace '" : "", traced ? process.asked.trace : "",
                     traced ? "' has what happened until then" : "");
    std::signal(number, SIG_DFL);
    std::raise(number);
    _exit(128 + number); // it is blocked
}

// ---- launches ----

static void mark_unfinished(std::uint32_t findings)
{
    static long written = -1;
    std::FILE *file = written == findings || !process.asked.result ? nullptr : std::fopen(process.asked.result, "we");

    written = findings;
    if (!file)
        return;
    std::fprintf(file, "{\"version\": 1, \"unfinished\": true, \"findings\": %u}\n", findings);
    std::fclose(file);
}

dav_status launch_begins()
{
    for (Device *device : process.devices) {
        if (!device || device == process.current || device->hidden || device->status != DAV_OK)
            continue;
        if (chip_hide(&device->state) != 0)
            return device_fail(DAV_INTERNAL, "launch: the memory of device %d cannot be hidden: %s",
                               device->state.device_id, std::strerror(errno));
        device->hidden = true;
    }
    mark_unfinished(process.checking.found ? findings_count(process.checking.found) : 0);
    return DAV_OK;
}

void launch_ended()
{
    if (process.checking.found)
        mark_unfinished(check_session_tell(&process.checking));
}

// ---- the beginning ----

static dav_status open_process()
{
    char error[1024];

    setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
    if (options_read(&process.asked, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "%s", error);
    process.pid = getpid();
    std::atexit(finish);
    if (check_session_open(&process.checking, &process.asked, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "%s", error);
    const std::string chips = std::string(paths_share()) + "/model/chips";
    if (chip_load(&process.file, process.asked.chip, chips.c_str(), process.asked.overrides, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "%s", error);
    if (vary_init(&process.perturbed, &process.file, process.file.aicpu.threads + CHIP_SPARE_AICPUS, process.asked.seed,
                  process.asked.vary, error, sizeof(error)) != 0)
        return device_fail(DAV_BAD_INPUT, "%s", error);
    if (process.asked.check)
        port_table_watch();
    if (port_table_map(error, sizeof(error)) != 0)
        return device_fail(DAV_INTERNAL, "%s", error);
    dav_running = &program_nobody;
    return DAV_OK;
}

// Who listens to it, in the order in which they hear of an event.
static dav_status listen(Device *device)
{
    const options &asked = process.asked;
    chip_state *state = &device->state;
    char error[1024];

    if (check_session_watch(&process.checking, state, &device->loaded) != 0)
        return device_fail(DAV_INTERNAL, "check: out of memory");
    if (asked.progress)
        device->line_on_terminal =
            progress_open(state, stderr); // before other listeners: it must not draw over what they print
    device->figures = statistics_open(state);
    if (asked.trace && device == process.first) {
        device->trace = recorder_open(state, &device->loaded, asked.trace,
                                      asked.trace_json ? TRACE_JSON : TRACE_PERFETTO, error, sizeof(error));
        if (!device->trace)
            return device_fail(DAV_BAD_INPUT, "%s", error);
    } else if (asked.trace) {
        device->trace = recorder_join(process.first->trace, state, &device->loaded);
        if (!device->trace)
            return device_fail(DAV_INTERNAL, "trace '%s': out of memory", asked.trace);
    }
    state->tell_threads = asked.trace;
    state->tell_parked = asked.trace && asked.trace_level >= TRACE_PHASE;
    state->tell_pipes = asked.trace && asked.trace_level >= TRACE_PIPE;
    state->tell_instr = asked.trace && asked.trace_level >= TRACE_INSTR;
    state->tell_cache = asked.trace && asked.trace_level >= TRACE_MEM;
    if (asked.verbose)
        chip_listen(state, &device->log);
    return DAV_OK;
}

static dav_status build(Device *device, int id)
{
    chip_state *state = &device->state;

    state->file = process.file;
    state->device_id = id;
    if (Chip::make(state) != 0)
        return device_fail(DAV_INTERNAL, "device %d cannot be built: %s", id, std::strerror(errno));
    try {
        if (!process.modules) {
            process.modules = new Chip("chip", state);
            process.modules->start();
        }
    } catch (const std::exception &e) {
        process.modules = nullptr;
        return device_fail(DAV_INTERNAL, "the chip cannot be built: %s (%s)", e.what(), std::strerror(errno));
    }
    gm_set_seed(&state->gm, process.asked.seed);
    state->vary = process.perturbed;
    if (chip_vary(state) != 0)
        return device_fail(DAV_INTERNAL, "device %d cannot be built: no memory", id);
    state->max_quiet_ps = process.asked.max_time_ps;
    state->compute = process.asked.compute;
    kernels_init(&device->loaded);
    return listen(device);
}

static dav_status add_device(int id)
{
    Device *device = new (std::nothrow) Device;

    if (!device)
        return device_fail(DAV_INTERNAL, "device %d cannot be built: no memory", id);
    if (!process.first)
        process.first = device;
    device->status = build(device, id);
    process.devices[id] = device;
    if (++process.used < 2)
        return device->status;
    for (Device *each : process.devices) // from now on it matters whose they are
        if (each && each->status == DAV_OK)
            chip_name_cores(&each->state, true);
    return device->status;
}

static dav_status make_current(Device *device)
{
    Device *before = process.current;

    if (before) {
        check_session_tell(&process.checking); // while what they are about can be read
        device->state.clock.time = std::max(device->state.clock.time, before->state.clock.time);
    }
    if (device->hidden && chip_show(&device->state) != 0)
        return device_fail(DAV_INTERNAL, "set_device: the memory of device %d cannot be reached: %s",
                           device->state.device_id, std::strerror(errno));
    device->hidden = false;
    process.current = device;
    process.modules->lend(&device->state);
    check_session_turn(&process.checking, &device->state);
    dav_chip = &device->state;
    return DAV_OK;
}

dav_status use_device(int id)
{
    static bool opened;
    static dav_status status;

    if (!opened) {
        opened = true;
        status = open_process();
    }
    if (status != DAV_OK)
        return status;
    if (id >= static_cast<int>(process.file.chip.devices))
        return device_fail(DAV_BAD_INPUT,
                           "set_device: device %d does not exist: chip %s has devices 0 to %u (--set chip.devices=N)",
                           id, process.file.name, process.file.chip.devices - 1);
    if (!process.devices[id]) {
        const dav_status built = add_device(id);

        if (!process.current)
            status = built; // nothing works without the first one
    }
    Device *device = process.devices[id];
    if (!device || device->status != DAV_OK)
        return device ? device->status : DAV_INTERNAL;
    return device == process.current ? DAV_OK : make_current(device);
}

dav_status ready()
{
    return process.current ? DAV_OK : use_device(0);
}

int owner_of(const void *ptr)
{
    const int slot = gm_slot_of(reinterpret_cast<std::uintptr_t>(ptr));
    const Device *device = slot < 0 ? nullptr : process.devices[slot];

    return device && device != process.current && gm_contains(&device->state.gm, ptr, 1) ? slot : -1;
}

} // namespace dav

extern "C" dav_status device_fail(dav_status status, const char *format, ...)
{
    char line[1200];
    va_list args;

    va_start(args, format);
    std::vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (dav::tell_failure)
        dav::tell_failure(line);
    else
        std::fprintf(stderr, "davsim: %s\n", line);
    if (dav::process.status == DAV_OK) {
        dav::process.status = status;
        dav::process.line = line;
    }
    return status;
}
