/* finding_text.c - findings for people: a first line that can be searched for, then rows of a label and what it names.
 * What an editor is to open stands as file:line.
 */
#include "tools/check/suppress.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct colours {
    const char *head, *kind, *note, *dim, *strong, *end;
};

static const struct colours plain = {"", "", "", "", "", ""};
static const struct colours bright = {"\033[1m", "\033[1;31m", "\033[1;36m", "\033[2m", "\033[1m", "\033[0m"};

/* ---- numbers ---- */

enum { NUMBER = 32 };

/* 37807 as "37,807". */
static const char *with_commas(char text[NUMBER], uint64_t number)
{
    char digits[NUMBER];
    int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number), out = 0;

    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            text[out++] = ',';
        text[out++] = digits[i];
    }
    text[out] = '\0';
    return text;
}

static const char *in_ns(char text[NUMBER], uint64_t ps)
{
    if (ps && ps < 1000) {
        snprintf(text, NUMBER, "%llu ps", (unsigned long long)ps);
        return text;
    }
    with_commas(text, ps / 1000);
    strcat(text, " ns");
    return text;
}

/* A value as it stands in memory: a number if it has the size of one, else its bytes. */
static void format_value(const uint8_t *bytes, uint32_t count, char *text, size_t size)
{
    uint64_t number = 0;
    size_t used = 0;

    if (count <= 8 && (count & (count - 1)) == 0) {
        memcpy(&number, bytes, count);
        snprintf(text, size, "0x%02llx", (unsigned long long)number);
        return;
    }
    for (uint32_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%02x", i ? " " : "", bytes[i]);
}

/* ---- rows ---- */

enum { LABEL = 7 /* width of "address" */, WIDTH = 100 /* of what follows */ };

struct telling {
    const struct findings *findings;
    const struct colours *colours;
    FILE *out;
    int who;  /* width of "written back by AIV_0, task 3 (kernel)" */
    int time; /* width of "21,530 ns" */
};

static void row(const struct telling *to, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void row(const struct telling *to, const char *label, const char *format, ...)
{
    va_list args;

    fprintf(to->out, "  %s%-*s%s  ", to->colours->dim, LABEL, label, to->colours->end);
    va_start(args, format);
    vfprintf(to->out, format, args);
    va_end(args);
    fputc('\n', to->out);
}

static int wider(int width, const char *text)
{
    int length = (int)strlen(text);

    return length > width ? length : width;
}

/* A row of text that may be long. */
static void wrapped_row(const struct telling *to, const char *label, const char *text)
{
    while (*text) {
        int length = (int)strlen(text);
        if (length > WIDTH) {
            length = WIDTH;
            while (length && text[length] != ' ')
                length--;
            if (!length)
                length = (int)strcspn(text, " ");
        }
        row(to, label, "%.*s", length, text);
        text += length;
        text += strspn(text, " ");
        label = "";
    }
}

/* "written back by AIV_1, task 4 (kernel_sum)" */
static void format_who(const struct finding_side *side, char *text, size_t size)
{
    bool said = strcmp(side->agent, "host") == 0 && strstr(side->role, "the host");
    int used = snprintf(text, size, "%s%s%s", side->role, said ? "" : " by ", said ? "" : finding_agent(side));

    if (side->has_task)
        snprintf(text + used, size - (size_t)used, side->kernel[0] ? ", task %lld (%s)" : ", task %lld",
                 (long long)side->task, side->kernel);
    else if (side->kernel[0])
        snprintf(text + used, size - (size_t)used, ", in %s", side->kernel);
}

/* "at 21,530 ns  cycle 38,754  526 ns later": than the second side. */
static void format_when(const struct finding *found, uint32_t index, int width, char *text, size_t size)
{
    const struct finding_side *side = &found->sides[index], *other = &found->sides[1];
    uint64_t distance =
        side->time_ps > other->time_ps ? side->time_ps - other->time_ps : other->time_ps - side->time_ps;
    char time[NUMBER], number[NUMBER];
    int used = snprintf(text, size, "at %*s", width, in_ns(time, side->time_ps));

    if (side->cycle)
        used += snprintf(text + used, size - (size_t)used, "  cycle %s", with_commas(number, side->cycle));
    if (found->side_count > 1 && distance && side->time_ps && other->time_ps)
        snprintf(text + used, size - (size_t)used, "  %s %s", in_ns(number, distance),
                 side->time_ps > other->time_ps ? "later" : "before");
}

/* Line @line of the source @file, without what stands around it. False if it cannot be read. */
static bool read_line(const char *file, int line, char *text, size_t size)
{
    FILE *source = fopen(file, "re");
    bool found = false;

    for (int i = 1; source && i <= line;) {
        found = fgets(text, (int)size, source);
        if (!found)
            break;
        i += strchr(text, '\n') != NULL || i == line;
    }
    if (source)
        fclose(source);
    if (!found)
        return false;
    size_t blank = strspn(text, " \t");
    memmove(text, text + blank, strlen(text + blank) + 1);
    text[strcspn(text, "\r\n")] = '\0';
    return text[0] != '\0';
}

static void tell_code(const struct telling *to, const struct finding_code *code, bool expected)
{
    char line[160];

    if (!code->known) {
        if (expected)
            fprintf(to->out, "      in unknown code\n");
        return;
    }
    if (!code->frames[code->user].file) {
        if ((int64_t)code->offset <
            0) /* what the loader put before it: a call in its last place, a jump, returned there */
            fprintf(to->out, "      at the end of %s\n", code->place);
        else
            fprintf(to->out, "      in %s+0x%llx\n", code->place, (unsigned long long)code->offset);
        return;
    }
    for (size_t i = code->user; i < code->depth; i++) {
        const struct finding_frame *frame = &code->frames[i];
        fprintf(to->out, "      %s %s at %s%s:%d%s\n", i > code->user ? "inlined into" : "in", frame->function,
                to->colours->strong, frame->file ? finding_file(to->findings, frame->file) : "?", frame->line,
                to->colours->end);
        if (i == code->user && read_line(frame->file, frame->line, line, sizeof(line)))
            fprintf(to->out, "      %s| %s%s\n", to->colours->dim, line, to->colours->end);
    }
}

static void tell_side(const struct telling *to, const struct finding_entry *entry, uint32_t index)
{
    const struct finding_side *side = &entry->found.sides[index];
    char who[256], when[128];

    format_who(side, who, sizeof(who));
    format_when(&entry->found, index, to->time, when, sizeof(when));
    fprintf(to->out, "  %-*s  %s\n", to->who, who, when);
    tell_code(to, &entry->code[index], side->pc != 0);
}

/* Numbers to be compared with what the program printed itself. */
static void tell_address(const struct telling *to, const struct finding *found)
{
    char size[NUMBER] = "";

    if (!found->addr)
        return;
    if (found->size)
        snprintf(size, sizeof(size), ", %u byte%s", found->size, found->size == 1 ? "" : "s");
    bool more = found->symbol[0] && found->where[0];
    row(to, "address", "0x%llx%s%s%s", (unsigned long long)found->addr, size, more ? ", " : "",
        more ? found->where : "");
}

static void tell_values(const struct telling *to, const struct finding *found)
{
    char seen[3 * FINDING_BYTES + 1], other[3 * FINDING_BYTES + 1];
    uint32_t bytes = found->value_bytes < FINDING_BYTES ? found->value_bytes : FINDING_BYTES;
    const char *label = found->seen_label;

    if (!found->has_values || !bytes)
        return;
    format_value(found->seen, bytes, seen, sizeof(seen));
    format_value(found->in_gm, bytes, other, sizeof(other));
    if (strncmp(label, "value ", 6) == 0)
        label += 6;  /* the row says that already */
    if (bytes > 8) { /* one below the other */
        int width = wider((int)strlen(label), found->other_label);
        row(to, "value", "%-*s  %s", width, label, seen);
        if (found->other_label[0])
            row(to, "", "%-*s  %s", width, found->other_label, other);
    } else if (!found->other_label[0]) {
        row(to, "value", "%s %s (%u byte%s)", label, seen, bytes, bytes == 1 ? "" : "s");
    } else if (strcmp(label, "old") == 0) {
        row(to, "value", "%s -> %s (%u byte%s)", seen, other, bytes, bytes == 1 ? "" : "s");
    } else {
        row(to, "value", "%s %s, %s %s (%u byte%s)", label, seen, found->other_label, other, bytes,
            bytes == 1 ? "" : "s");
    }
}

static void tell_line(const struct telling *to, const struct finding *found)
{
    char filled[NUMBER], dirtied[NUMBER];
    const char *label = "line";

    in_ns(filled, found->filled_ps);
    in_ns(dirtied, found->dirtied_ps);
    if (found->filled_ps && found->dirtied_ps)
        row(to, label, "filled at %s, dirtied at %s", filled, dirtied);
    else if (found->filled_ps || found->dirtied_ps)
        row(to, label, found->filled_ps ? "filled at %s" : "dirtied at %s", found->filled_ps ? filled : dirtied);
    for (uint32_t i = 0; i < found->holder_count && i < FINDING_HOLDERS; i++)
        row(to, i || found->filled_ps || found->dirtied_ps ? "" : label, "%s", found->holders[i]);
}

/* One of the agents that met it, by name, and how many more. */
static void tell_count(const struct telling *to, const struct finding_entry *entry)
{
    char times[NUMBER];
    uint32_t agents = finding_agents(entry);

    if (entry->count < 2)
        return;
    with_commas(times, entry->count);
    if (agents > 1)
        row(to, "seen", "%s times, by %s and %u other%s", times, entry->found.sides[0].agent, agents - 1,
            agents > 2 ? "s" : "");
    else
        row(to, "seen", "%s times, here first", times);
}

static void measure(struct telling *to, const struct finding *found)
{
    char who[256], time[NUMBER];

    to->who = to->time = 0;
    for (uint32_t i = 0; i < found->side_count && i < FINDING_SIDES; i++) {
        format_who(&found->sides[i], who, sizeof(who));
        to->who = wider(to->who, who);
        to->time = wider(to->time, in_ns(time, found->sides[i].time_ps));
    }
}

static void tell(const struct findings *findings, const struct finding_entry *entry, FILE *out, bool colour)
{
    struct telling to = {.findings = findings, .colours = colour ? &bright : &plain, .out = out};
    const struct finding *found = &entry->found;
    const char *kind = findings_name(found->kind);
    char headline[512];

    measure(&to, found);
    finding_headline(entry, headline, sizeof(headline));
    fprintf(out, "%sdavsim:%s %s%s%s%s%s%s\n", to.colours->head, to.colours->end,
            found->kind < FINDING_FIRST_NOTE ? to.colours->kind : to.colours->note, kind, to.colours->end,
            to.colours->head, headline + strlen(kind), to.colours->end);
    for (uint32_t i = 0; i < found->side_count && i < FINDING_SIDES; i++)
        tell_side(&to, entry, i);
    tell_address(&to, found);
    tell_values(&to, found);
    tell_line(&to, found);
    for (uint32_t i = 0; i < found->chain_count && i < FINDING_CHAIN; i++)
        wrapped_row(&to, i ? "" : "waits", found->chain[i]);
    if (found->remedy[0])
        wrapped_row(&to, "remedy", found->remedy);
    tell_count(&to, entry);
    fputc('\n', out);
    if (findings->generate)
        suppression_write(entry, out);
}

void findings_tell(struct findings *findings, FILE *out, bool colour)
{
    findings_settle(findings);
    for (uint32_t i = 0; i < findings->count; i++) {
        if (findings->entries[i]->state != FINDING_SETTLED)
            continue;
        tell(findings, findings->entries[i], out, colour);
        findings->entries[i]->state = FINDING_TOLD;
    }
    fflush(out);
}

/* ---- the last line ---- */

/* " (1 lost-write, 2 stale-read)" of the kinds [@from, @to). Return how many there are in all. */
static uint32_t list_kinds(const struct findings *findings, enum finding_kind from, enum finding_kind to, char *text,
                           size_t size)
{
    uint32_t all = 0;
    size_t used = 0;

    text[0] = '\0';
    for (uint32_t kind = from; kind < to; kind++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < findings->count; i++)
            count += findings->entries[i]->found.kind == kind && finding_is_told(findings->entries[i]);
        if (!count)
            continue;
        used += (size_t)snprintf(text + used, size - used, "%s%u %s", all ? ", " : " (", count, findings_name(kind));
        all += count;
    }
    if (all)
        snprintf(text + used, size - used, ")");
    return all;
}

void findings_summary(struct findings *findings, FILE *out, bool colour)
{
    const struct colours *colours = colour ? &bright : &plain;
    char kinds[512], notes[128], number[NUMBER];
    uint64_t times = 0, suppressed = 0;
    uint32_t found, noted;

    findings_settle(findings);
    for (uint32_t i = 0; i < findings->count; i++) {
        if (finding_is_told(findings->entries[i]) && findings->entries[i]->found.kind < FINDING_FIRST_NOTE)
            times += findings->entries[i]->count;
        suppressed += findings->entries[i]->state == FINDING_SUPPRESSED;
    }
    found = list_kinds(findings, 0, FINDING_FIRST_NOTE, kinds, sizeof(kinds));
    noted = list_kinds(findings, FINDING_FIRST_NOTE, FINDING_KINDS, notes, sizeof(notes));
    if (found)
        fprintf(out, "%sdavsim: %u finding%s%s in %s occurrence%s", colours->kind, found, found == 1 ? "" : "s", kinds,
                with_commas(number, times), times == 1 ? "" : "s");
    else
        fprintf(out, "%sdavsim: no findings", colours->head);
    if (noted)
        fprintf(out, ", %u note%s%s", noted, noted == 1 ? "" : "s", notes);
    if (suppressed)
        fprintf(out, ", %s suppressed", with_commas(number, suppressed));
    if (findings->not_kept)
        fprintf(out, "; %s occurrences of further ones were not kept", with_commas(number, findings->not_kept));
    fprintf(out, "%s\n", colours->end);
    fflush(out);
}
