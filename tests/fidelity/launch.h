/* launch.h - how the fidelity test launches probes, and its chips: each has a process of its own. */
#ifndef FIDELITY_LAUNCH_H
#define FIDELITY_LAUNCH_H

#include <stddef.h>

#include "tests/fidelity/probe.h"
#include "tests/fidelity/rows.h"

/* A system counter that measures finely and costs nothing. */
#define LAUNCH_RULER    "chip.sys_cnt=10GHz\naicore.sys_cnt=1ps\naicpu.sys_cnt=1ps"
#define LAUNCH_RULER_NS 0.1

struct launch_file {
    void *bytes;
    size_t size;
};

/** launch_die - one line on stderr; exit status 2. */
_Noreturn void launch_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct launch_file launch_read_file(const char *path);

/** launch_read_modules - what launches need, read once. */
void launch_read_modules(const char *aicpu_path, const char *aicore_path);

/** launch_make_memory - zeroed device memory. */
void *launch_make_memory(size_t bytes);

/** launch_run - one launch; @probe says what, and receives the times. */
void launch_run(struct probe *probe);

/** launch_in_child - on a chip with @overrides behind those that the caller has set ("what if"): fill in those of
 * @values that @measure measures. */
void launch_in_child(void (*measure)(double *values, struct probe *probe), const char *overrides,
                     double values[ROW_COUNT]);

#endif
