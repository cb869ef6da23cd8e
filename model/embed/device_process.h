/* device_process.h - the AICPU threads are one process: it has files, open libraries and a number of its own, none of
 * them the host's. What is shared between the threads changes in the order of simulated time.
 */
#ifndef DAV_DEVICE_PROCESS_H
#define DAV_DEVICE_PROCESS_H

#include "model/embed/device_libc.h"

enum { DEVICE_PID = 1000 };

/** process_enter - the running core calls @name, which concerns the process: it takes its turn, behind its own stores,
 *  and goes into the simulator. The caller must leave by process_leave. NULL while nobody runs. */
struct core *process_enter(const char *name);

/** process_leave - back to device code; @core may be NULL. */
void process_leave(struct core *core);

/** process_refuse - the running core calls @name, which the device does not offer: one line in the log. Return: -1,
 * with errno. */
int process_refuse(const char *name);

/** process_say - one line in the log of the running core, or of nobody. */
void process_say(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** process_text - a copy of the string @text, which is read by the core's own loads; at most @size - 1 characters.
 *  Return: false, with errno, if it is longer. */
bool process_text(char *copy, size_t size, const char *text);

/* What a device keeps of some concern of its process: the first member of that concern's own structure. */
struct process_part {
    const struct module_set *of; /* the device, by what it has loaded */
    unsigned generation;
    struct process_part *next;
};

/** process_part - the current device's among @parts, of @size bytes: all 0 at first, and when the device was reset,
 * after
 *  @forget has let go of what it held. */
void *process_part(struct process_part **parts, size_t size, void (*forget)(void *part));

#endif
