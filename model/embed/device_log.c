/* device_log.c - see device_log.h; and dav_log of isa/core_port.h. A line is stamped with the time at which its newline
 * was printed. Before any core runs (a module's constructor prints) a line belongs to the host, at no time.
 */
#include "model/embed/device_log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/core_port.h"
#include "model/embed/device_libc.h"

/* A longer line is announced in pieces. */
enum { LINE_BYTES = 1000 };

struct log_line {
    int level;
    size_t size;
    char text[LINE_BYTES + 1];
};

static void announce(struct core *core, int level, const char *text)
{
    struct chip_state *chip = core->chip ? core->chip : dav_chip;
    struct event event = {
        .kind = EVENT_LOG, .time_ps = core->agent.now, .core = core->chip ? core : NULL, .level = level, .text = text};

    if (chip)
        chip_announce(chip, &event);
}

void device_log_flush(struct core *core)
{
    struct log_line *line = core->log_line;

    if (!line || !line->size)
        return;
    line->text[line->size] = '\0';
    line->size = 0;
    announce(core, line->level, line->text);
}

/* A full line is announced, newline or not. */
static void append(struct core *core, const char *text, size_t size)
{
    struct log_line *line = core->log_line;

    while (size) {
        size_t part = size < LINE_BYTES - line->size ? size : LINE_BYTES - line->size;

        memcpy(line->text + line->size, text, part);
        line->size += part;
        text += part;
        size -= part;
        if (line->size == LINE_BYTES)
            device_log_flush(core);
    }
}

void device_log_text(struct core *core, int level, const char *text, size_t size)
{
    if (!core->log_line)
        core->log_line = calloc(1, sizeof(*core->log_line));
    if (!core->log_line)
        port_fail("%s: the simulator has no memory for its log", core->name);
    while (size) {
        const char *newline = memchr(text, '\n', size);
        size_t part = newline ? (size_t)(newline - text) : size;

        core->log_line->level = level;
        append(core, text, part);
        if (!newline)
            return;
        if (!core->log_line->size)
            announce(core, level, "");
        device_log_flush(core);
        text += part + 1;
        size -= part + 1;
    }
}

void device_log_fini(struct core *core)
{
    free(core->log_line);
    core->log_line = NULL;
}

/** dav_log - a line of its own, with the function's name; the source's own newlines at its end count for nothing. */
DEVICE_CALL void dav_log(int level, const char *func, const char *format, ...)
{
    char text[LINE_BYTES + 1];
    va_list args;
    int named = snprintf(text, sizeof(text), "%.100s: ", func ? func : "?");

    va_start(args, format);
    vsnprintf(text + named, sizeof(text) - (size_t)named, format, args);
    va_end(args);
    for (size_t size = strlen(text); size && text[size - 1] == '\n'; size--)
        text[size - 1] = '\0';
    libc_call();
    announce(dav_running, level, text);
}
