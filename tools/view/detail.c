/* detail.c - see detail.h. Values are texts: a browser's numbers would lose digits of large ones. */
#include "tools/view/detail.h"

#include "tools/json_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *value_json(const struct timeline *timeline, const struct trace_value *value)
{
    switch (value->kind) {
    case TRACE_INT:
        return json_sprintf("%" PRId64, value->value.i);
    case TRACE_UINT:
        return json_sprintf("%" PRIu64, value->value.u);
    case TRACE_DOUBLE:
        return json_sprintf("%.15g", value->value.d);
    case TRACE_BOOL:
        return json_string(value->value.b ? "true" : "false");
    case TRACE_STRING:
        return json_text(timeline->strings[value->value.s]);
    case TRACE_POINTER:
        return json_sprintf("0x%" PRIx64, value->value.u);
    }
    return json_string("");
}

char *detail_json(const struct timeline *timeline, size_t index)
{
    const struct trace_slice *slice = &timeline->slices[index];
    json_t *root = json_object(), *args = json_array();

    for (uint32_t i = 0; i < slice->arg_count; i++) {
        const struct trace_value *value = &timeline->args[slice->first_arg + i];
        json_array_append_new(
            args, json_pack("[o,o]", json_text(timeline->strings[value->name]), value_json(timeline, value)));
    }
    json_object_set_new(root, "begin ps", json_sprintf("%" PRIu64, timeline_begin_ps(timeline, slice)));
    json_object_set_new(root, "end ps", json_sprintf("%" PRIu64, timeline_end_ps(timeline, slice)));
    json_object_set_new(root, "args", args);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    if (!text)
        abort();
    return text;
}
