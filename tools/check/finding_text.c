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
        snprintf(text, size, "0x%0*llx", 2 * (int)count, (unsigned long long)number);
        return;
    }
    for (uint32_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%02x", i ? " " : "", bytes[i]);
}

/* ---- the first line ---- */

static void format_place(const struct finding *found, char *text, size_t size)
{
    if (found->symbol[0] && found->where[0])
        snprintf(text, size, "%s (%s)", found->symbol, found->where);
    else if (found->symbol[0] || found->where[0])
        snprintf(text, size, "%s", found->symbol[0] ? found->symbol : found->where);
    else if (found->addr)
        snprintf(text, size, "0x%llx", (unsigned long long)found->addr);
    else
        snprintf(text, size, "memory");
}

/* The agent of the first side whose role begins with @role; else that of side @otherwise. */
static const char *agent_of(const struct finding *found, const char *role, uint32_t otherwise)
{
    for (uint32_t i = 0; i < found->side_count && i < FINDING_SIDES; i++)
        if (strncmp(found->sides[i].role, role, strlen(role)) == 0)
            return found->sides[i].agent;
    return otherwise < found->side_count && otherwise < FINDING_SIDES && found->sides[otherwise].agent[0]
               ? found->sides[otherwise].agent
               : "another agent";
}

/* In a template: %m who met it, %o the other one, %b who wrote back, %w who wrote, %p the place, %s the size. */
static const char *const templates[FINDING_KINDS] = {
    [FINDING_STALE_READ] = "%m read a stale copy of %p: what %o wrote had reached GM before",
    [FINDING_RESIDUAL_LINE] = "%m read %p from a line left over from an earlier launch, not what %o wrote since",
    [FINDING_MISSING_DCCI_PUBLISH] = "%m read %p from GM while what %o had written was still in its cache",
    [FINDING_EARLY_SIGNAL] = "%m read %p before what %o had written arrived in GM",
    [FINDING_LOST_WRITE] = "%b's write-back replaced what %w had written to %p",
    [FINDING_DMA_NOT_INVALIDATED] = "%m read a cached copy of %p, which host DMA had replaced",
    [FINDING_DMA_CLOBBERED] = "%b's write-back replaced what host DMA had brought to %p",
    [FINDING_UNORDERED_PUBLISH] = "%m relied on %o's writes to %p arriving in order, which nothing guarantees",
    [FINDING_OOB] = "%m accessed %s at %p, which is in no allocation",
    [FINDING_USE_AFTER_FREE] = "%m accessed %s at %p, which was freed",
    [FINDING_UNINITIALISED] = "%m read %s at %p that nobody has written",
    [FINDING_DEADLOCK] = "no core can go on",
    [FINDING_LIVELOCK] = "cores go on without any task's progress",
    [FINDING_REDUNDANT_DCCI] = "%m wrote back a line of %p that nobody had changed",
    [FINDING_REDUNDANT_INVALIDATE] = "%m invalidated a line of %p that was not in its cache",
};

static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);

    snprintf(text + used, size - used, "%s", more);
}

static void fill_template(const struct finding *found, const char *template, char *text, size_t size)
{
    char place[sizeof(found->where) + sizeof(found->symbol) + 4], bytes[NUMBER], letter[2] = "";

    format_place(found, place, sizeof(place));
    snprintf(bytes, sizeof(bytes), "%u byte%s", found->size, found->size == 1 ? "" : "s");
    text[0] = '\0';
    for (; *template; template ++) {
        const char *what = letter;
        letter[0] = *template;
        if (*template == '%') {
            switch (*++template) {
            case 'm':
                what = agent_of(found, "\1", 0);
                break;
            case 'o':
                what = agent_of(found, "\1", 1);
                break;
            case 'b':
                what = agent_of(found, "written back", 0);
                break;
            case 'w':
                what = agent_of(found, "written", 1);
                break;
            case 'p':
                what = place;
                break;
            default:
                what = bytes;
            }
        }
        append(text, size, what);
    }
}

void finding_headline(const struct finding_entry *entry, char *text, size_t size)
{
    const struct finding *found = &entry->found;
    const char *name = findings_name(found->kind);
    int used = snprintf(text, size, "%s: ", name);

    if (used < 0 || (size_t)used >= size)
        return;
    if (found->headline[0] || found->kind >= FINDING_KINDS || !templates[found->kind])
        snprintf(text + used, size - (size_t)used, "%s", found->headline);
    else
        fill_template(found, templates[found->kind], text + used, size - (size_t)used);
}

/* ---- rows ---- */

struct telling {
    const struct findings *findings;
    const struct colours *colours;
    FILE *out;
    int label; /* width of the labels */
    int who;   /* width of "by AIV_0, task 3 (kernel)" */
};

static void row(const struct telling *to, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void row(const struct telling *to, const char *label, const char *format, ...)
{
    va_list args;

    fprintf(to->out, "  %s%-*s%s  ", to->colours->dim, to->label, label, to->colours->end);
    va_start(args, format);
    vfprintf(to->out, format, args);
    va_end(args);
    fputc('\n', to->out);
}

static void format_who(const struct finding_side *side, char *text, size_t size)
{
    int used = snprintf(text, size, "by %s", side->agent[0] ? side->agent : "?");

    if (side->has_task)
        snprintf(text + used, size - (size_t)used, side->kernel[0] ? ", task %lld (%s)" : ", task %lld",
                 (long long)side->task, side->kernel);
    else if (side->kernel[0])
        snprintf(text + used, size - (size_t)used, ", in %s", side->kernel);
}

/* "21,530 ns  cycle 38,754  526 ns later" */
static void format_when(const struct finding *found, uint32_t index, char *text, size_t size)
{
    const struct finding_side *side = &found->sides[index], *other = &found->sides[!index];
    char time[NUMBER], number[NUMBER];
    int used = snprintf(text, size, "at %12s", in_ns(time, side->time_ps));

    if (side->cycle)
        used += snprintf(text + used, size - (size_t)used, "  cycle %s", with_commas(number, side->cycle));
    if (index < 2 && found->distance_ps && side->time_ps > other->time_ps)
        snprintf(text + used, size - (size_t)used, "  %s later", in_ns(number, found->distance_ps));
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
            row(to, "", "in unknown code");
        return;
    }
    if (!code->frames[code->user].file) {
        row(to, "", "at %s+0x%llx", code->place, (unsigned long long)code->offset);
        return;
    }
    for (size_t i = code->user; i < code->depth; i++) {
        const struct finding_frame *frame = &code->frames[i];
        row(to, "", "%sat %s%s:%d%s in %s", i > code->user ? "  inlined " : "", to->colours->strong,
            frame->file ? finding_file(to->findings, frame->file) : "?", frame->line, to->colours->end,
            frame->function);
        if (i == code->user && read_line(frame->file, frame->line, line, sizeof(line)))
            row(to, "", "%s  | %s%s", to->colours->dim, line, to->colours->end);
    }
}

static void tell_side(const struct telling *to, const struct finding_entry *entry, uint32_t index)
{
    const struct finding_side *side = &entry->found.sides[index];
    char who[256], when[128];

    format_who(side, who, sizeof(who));
    format_when(&entry->found, index, when, sizeof(when));
    row(to, side->role[0] ? side->role : "also", "%-*s  %s", to->who, who, when);
    tell_code(to, &entry->code[index], side->pc != 0);
}

static void tell_values(const struct telling *to, const struct finding *found)
{
    char seen[3 * FINDING_BYTES + 1], other[3 * FINDING_BYTES + 1];
    uint32_t bytes = found->value_bytes < FINDING_BYTES ? found->value_bytes : FINDING_BYTES;

    if (!found->has_values || !bytes)
        return;
    format_value(found->seen, bytes, seen, sizeof(seen));
    format_value(found->in_gm, bytes, other, sizeof(other));
    if (!found->seen_label[0] || strcmp(found->seen_label, "old") == 0)
        row(to, "value", "%s -> %s (%u byte%s)", seen, other, bytes, bytes == 1 ? "" : "s");
    else
        row(to, "value", "%s %s, %s %s (%u byte%s)", found->seen_label, seen,
            found->other_label[0] ? found->other_label : "in GM", other, bytes, bytes == 1 ? "" : "s");
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

static int wider(int width, const char *text)
{
    int length = (int)strlen(text);

    return length > width ? length : width;
}

static void measure(struct telling *to, const struct finding *found)
{
    char who[256];

    to->label = (int)strlen("remedy");
    to->who = 0;
    for (uint32_t i = 0; i < found->side_count && i < FINDING_SIDES; i++) {
        to->label = wider(to->label, found->sides[i].role);
        format_who(&found->sides[i], who, sizeof(who));
        to->who = wider(to->who, who);
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
    tell_values(&to, found);
    tell_line(&to, found);
    for (uint32_t i = 0; i < found->chain_count && i < FINDING_CHAIN; i++)
        row(&to, i ? "" : "waits", "%s", found->chain[i]);
    if (found->remedy[0])
        row(&to, "remedy", "%s", found->remedy);
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

    text[0] = '\0';
    for (uint32_t kind = from; kind < to; kind++) {
        uint32_t count = 0;
        char one[64];
        for (uint32_t i = 0; i < findings->count; i++)
            count += findings->entries[i]->found.kind == kind && finding_is_told(findings->entries[i]);
        if (!count)
            continue;
        snprintf(one, sizeof(one), "%s%u %s", all ? ", " : " (", count, findings_name(kind));
        append(text, size, one);
        all += count;
    }
    if (all)
        append(text, size, ")");
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
