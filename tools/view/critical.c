/* critical.c - see critical.h. */
#include "tools/view/critical.h"

#include "traces/critical_path.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *hops_json(const struct schedule *schedule, uint32_t launch)
{
    json_t *hops = json_array();
    struct critical_path path;

    if (!critical_path_find(schedule, launch, &path))
        abort();
    for (size_t i = 0; i < path.count; i++) {
        const struct hop *hop = &path.hops[i];
        json_int_t slice = hop->task == TRACE_NONE ? -1 : (json_int_t)schedule->tasks[hop->task].slice;
        json_array_append_new(
            hops, json_pack("[i,I,I,I]", hop->kind, slice, (json_int_t)hop->begin_ps, (json_int_t)hop->end_ps));
    }
    critical_path_fini(&path);
    return hops;
}

char *critical_json(const struct timeline *timeline)
{
    json_t *root = json_object(), *kinds = json_array(), *launches = json_array();
    struct schedule *schedule = schedule_new(timeline);

    if (!schedule)
        abort();
    for (int kind = 0; kind < HOP_KINDS; kind++)
        json_array_append_new(kinds, json_string(hop_name((enum hop_kind)kind)));
    for (size_t i = 0; i < schedule->launch_count; i++)
        json_array_append_new(launches, hops_json(schedule, (uint32_t)i));
    schedule_free(schedule);
    json_object_set_new(root, "kinds", kinds);
    json_object_set_new(root, "launches", launches);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    if (!text)
        abort();
    return text;
}
