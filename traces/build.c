/* build.c - see build.h: where it begins, and what events refer to. */
#include "traces/build.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "traces/array.h"

void build_start(struct build *build, bool hold, const char *const *args, struct timeline_faults *faults)
{
    *build = (struct build){.hold = hold, .faults = faults, .keeps_all = !args};
    if (faults)
        faults->count = 0;
    build_string(build, "", 0);
    build->begin_ps = build_string(build, "begin ps", strlen("begin ps"));
    build->end_ps = build_string(build, "end ps", strlen("end ps"));
    for (; args && *args && build->kept_count < BUILD_KEPT; args++)
        build->kept[build->kept_count++] = build_string(build, *args, strlen(*args));
}

void build_fault(struct build *build, const char *format, ...)
{
    struct timeline_faults *faults = build->faults;
    va_list arguments;
    if (!faults)
        return;
    if (faults->count < TIMELINE_FAULT_LINES) {
        va_start(arguments, format);
        vsnprintf(faults->lines[faults->count], TIMELINE_FAULT_LENGTH, format, arguments);
        va_end(arguments);
    }
    faults->count++;
}

uint32_t build_row(struct build *build, uint64_t uuid)
{
    uint32_t row = map_get(&build->uuids, uuid);
    if (row != MAP_NONE)
        return row;
    if (build->row_count >= TRACE_NONE || !ARRAY_ROOM(build->rows, build->row_capacity, build->row_count, 1) ||
        !map_set(&build->uuids, uuid, (uint32_t)build->row_count)) {
        build->out_of_memory = true;
        return TRACE_NONE;
    }
    build->rows[build->row_count] = (struct build_row){
        .row = {.parent = TRACE_NONE, .uuid = uuid, .name = ""}, .done_ns = INT64_MIN, .last_begin_ns = INT64_MIN};
    return (uint32_t)build->row_count++;
}

uint32_t build_string(struct build *build, const char *text, size_t length)
{
    uint32_t index = strings_add(&build->strings, text, length);
    if (index != STRINGS_NONE)
        return index;
    build->out_of_memory = true;
    return 0;
}

const char *build_text(struct build *build, const char *string)
{
    uint32_t index = build_string(build, string, strlen(string)); /* which may move the table */
    return build->strings.texts[index];
}

void build_sample(struct build *build, uint32_t row, int64_t time_ns, double value)
{
    if (row == TRACE_NONE || !ARRAY_ROOM(build->samples, build->sample_capacity, build->sample_count, 1)) {
        build->out_of_memory = true;
        return;
    }
    build->samples[build->sample_count++] = (struct trace_sample){row, time_ns, value};
    if (time_ns > build->latest_ns)
        build->latest_ns = time_ns;
}
