/* finding_json.c - findings for programs. docs/check.md describes the keys; a key is never left out, it is null. */
#include "tools/check/collection.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

enum { JSON_VERSION = 1 };

/* A name may come from anywhere; one that is no UTF-8 is not worth losing the file for. */
static json_t *text(const char *value)
{
    json_t *string = value && *value ? json_string(value) : json_null();

    return string ? string : json_string("?");
}

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

/* 0 is "does not apply". */
static json_t *time_ns(uint64_t ps)
{
    return ps ? json_real((double)ps / 1e3) : json_null();
}

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static json_t *address(uint64_t addr)
{
    char hex[24];

    if (!addr)
        return json_null();
    snprintf(hex, sizeof(hex), "0x%llx", (unsigned long long)addr);
    return json_string(hex);
}

static json_t *bytes(const struct finding *found, const uint8_t *value)
{
    char hex[2 * FINDING_BYTES + 1] = "";

    if (!found->has_values)
        return json_null();
    for (uint32_t i = 0; i < found->value_bytes && i < FINDING_BYTES; i++)
        snprintf(hex + (size_t)2 * i, 3, "%02x", value[i]);
    return json_string(hex);
}

static void set_frame(const struct findings *findings, json_t *object, const struct finding_frame *frame)
{
    set(object, "function", text(frame ? frame->function : NULL));
    set(object, "file", text(frame && frame->file ? finding_file(findings, frame->file) : NULL));
    set(object, "line", frame && frame->line ? json_integer(frame->line) : json_null());
}

static json_t *side_json(const struct findings *findings, const struct finding_side *side,
                         const struct finding_code *code)
{
    json_t *object = json_object(), *inlined = json_array();

    set(object, "role", text(side->role));
    set(object, "agent", text(side->agent));
    set(object, "task", side->has_task ? json_integer(side->task) : json_null());
    set(object, "kernel", text(side->kernel));
    set_frame(findings, object, code->known ? &code->frames[code->user] : NULL);
    for (size_t i = code->user + 1; i < code->depth; i++) {
        json_t *frame = json_object();
        set_frame(findings, frame, &code->frames[i]);
        json_array_append_new(inlined, frame);
    }
    set(object, "inlined", inlined);
    set(object, "module", text(code->place));
    set(object, "offset", code->known ? number(code->offset) : json_null());
    set(object, "time_ns", json_real((double)side->time_ps / 1e3));
    set(object, "cycle", side->cycle ? number(side->cycle) : json_null());
    return object;
}

static json_t *finding_json(const struct findings *findings, const struct finding_entry *entry)
{
    const struct finding *found = &entry->found;
    json_t *object = json_object(), *sides = json_array(), *holders = json_array(), *chain = json_array();
    char summary[520];

    finding_headline(entry, summary, sizeof(summary));
    for (uint32_t i = 0; i < found->side_count && i < FINDING_SIDES; i++)
        json_array_append_new(sides, side_json(findings, &found->sides[i], &entry->code[i]));
    for (uint32_t i = 0; i < found->holder_count && i < FINDING_HOLDERS; i++)
        json_array_append_new(holders, text(found->holders[i]));
    for (uint32_t i = 0; i < found->chain_count && i < FINDING_CHAIN; i++)
        json_array_append_new(chain, text(found->chain[i]));
    set(object, "kind", text(findings_name(found->kind)));
    set(object, "note", json_boolean(found->kind >= FINDING_FIRST_NOTE));
    set(object, "count", number(entry->count));
    set(object, "agents", number(finding_agents(entry)));
    set(object, "summary", text(summary));
    set(object, "sides", sides);
    set(object, "address", address(found->addr));
    set(object, "size", found->size ? number(found->size) : json_null());
    set(object, "where", text(found->where));
    set(object, "symbol", text(found->symbol));
    set(object, "seen", bytes(found, found->seen));
    set(object, "seen_label", text(found->seen_label));
    set(object, "in_gm", found->other_label[0] ? bytes(found, found->in_gm) : json_null());
    set(object, "in_gm_label", text(found->other_label));
    set(object, "distance_ns", time_ns(found->distance_ps));
    set(object, "filled_ns", time_ns(found->filled_ps));
    set(object, "dirtied_ns", time_ns(found->dirtied_ps));
    set(object, "holders", holders);
    set(object, "remedy", text(found->remedy));
    set(object, "chain", chain);
    return object;
}

static json_t *all_json(struct findings *findings)
{
    json_t *root = json_object(), *list = json_array();
    uint64_t notes = 0, suppressed = 0, times = 0;

    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding_entry *entry = findings->entries[i];
        suppressed += entry->state == FINDING_SUPPRESSED;
        if (!finding_is_told(entry))
            continue;
        if (entry->found.kind >= FINDING_FIRST_NOTE)
            notes++;
        else
            times += entry->count;
        json_array_append_new(list, finding_json(findings, entry));
    }
    set(root, "version", json_integer(JSON_VERSION));
    set(root, "count", number(findings_count(findings)));
    set(root, "occurrences", number(times));
    set(root, "notes", number(notes));
    set(root, "suppressed", number(suppressed));
    set(root, "not_kept", number(findings->not_kept));
    set(root, "findings", list);
    return root;
}

int findings_json(struct findings *findings, const char *path, char *error, size_t error_size)
{
    json_t *root;
    FILE *file = fopen(path, "we");
    int problem = file ? 0 : errno;

    findings_settle(findings);
    root = all_json(findings);
    if (file) {
        errno = 0;
        if (json_dumpf(root, file, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) != 0 || fputc('\n', file) == EOF)
            problem = errno ? errno : EIO;
        if (fclose(file) != 0 && problem == 0)
            problem = errno;
    }
    json_decref(root);
    if (problem == 0)
        return 0;
    snprintf(error, error_size, "cannot write the findings %s: %s", path, strerror(problem));
    return -1;
}
