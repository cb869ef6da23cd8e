// process.hpp - the devices that this process uses, and what it has once for all of them: the options, the SystemC
// modules, the trace, the result file, the first failure.
//
// A device is built when it is first used, so a process that uses one pays for one. One of them is current: the modules
// are its. While it is launched, the memory of the others is hidden, so that device code which reaches for it faults as
// on silicon; each is shown again when it becomes current.
//
// Time is the host's: its calls follow one another, and whenever another device becomes current, that device's clock is
// moved up to where the last one's stands. So devices never work at the same simulated time.
#pragma once

#include <string>

#include <unistd.h>

#include "model/chip.hpp"
#include "model/davsim.h"
#include "model/kernels.h"
#include "model/options.h"
#include "model/progress.h"
#include "model/recorder.h"
#include "model/statistics.h"
#include "tools/check/session.h"

namespace dav
{

// Lines of a device's log, for -v.
struct LogPrinter : event_sink {
    LogPrinter();
};

struct Device {
    chip_state state{};
    kernels loaded{};
    statistics *figures = nullptr;
    recorder *trace = nullptr;
    progress *line_on_terminal = nullptr;
    LogPrinter log;
    bool hidden = false;
    dav_status status = DAV_OK; // of building it
};

struct Process {
    options asked{};
    check_session checking{};
    chip file{}; // of all devices
    vary perturbed{};
    Chip *modules = nullptr;
    Device *devices[GM_SLOTS] = {}; // by id; NULL: not used
    Device *current = nullptr;
    Device *first = nullptr; // the trace is its
    int used = 0;
    dav_status status = DAV_OK; // the first failure, for the result file
    std::string line;           // and what was said of it
    int interrupted = 0;        // by this signal
    pid_t pid = 0;              // a fork's child must not finish the parent's files
};

extern Process process;

// Who is told the lines of failures; NULL: they are printed on stderr.
void tell_failures_to(void (*tell)(const char *line));

// Make device @id current; it is built at its first use, and a failure to build it stays one.
dav_status use_device(int id);

// Make sure that there is a current device: device 0 if none was chosen.
dav_status ready();

// Write down what has been seen, and end by signal @number as if nobody had caught it.
[[noreturn]] void leave_by_signal(int number);

// The other device of this process whose memory @ptr is in, -1 if it is in none.
int owner_of(const void *ptr);

// A launch begins: hide the other devices; and until the result stands there, a mark stands for a process that ends
// without leaving one.
dav_status launch_begins();

// A launch has ended: say what has been found.
void launch_ended();

} // namespace dav
