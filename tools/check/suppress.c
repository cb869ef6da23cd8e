/* suppress.c - see suppress.h. Which findings a block describes, and which block describes a finding. */
#include "tools/check/suppress.h"

#include <ctype.h>
#include <string.h>

/* `*` is any text, `?` any character. Brackets are nothing special: symbols have indices. */
static bool glob(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL;

    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            retry = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

/* "kernels/sum.c" names any path that ends so. */
static bool glob_file(const char *pattern, const char *path)
{
    if (glob(pattern, path))
        return true;
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
        if (glob(pattern, slash + 1))
            return true;
    return false;
}

/* A side is as much the function that its instruction was inlined into. */
static bool code_matches(const struct side_pattern *pattern, const struct finding_code *code)
{
    if (!pattern->fun && !pattern->file)
        return true;
    for (size_t i = 0; i < code->depth; i++) {
        const struct finding_frame *frame = &code->frames[i];
        if (pattern->fun && !glob(pattern->fun, frame->function))
            continue;
        if (pattern->file && (!frame->file || !glob_file(pattern->file, frame->file)))
            continue;
        if (!pattern->line || pattern->line == frame->line)
            return true;
    }
    return false;
}

static bool side_matches(const struct side_pattern *pattern, const struct finding_entry *entry, size_t side)
{
    const struct finding_side *found = &entry->found.sides[side];

    return (!pattern->kernel || glob(pattern->kernel, found->kernel)) &&
           (!pattern->agent || glob(pattern->agent, found->agent)) && code_matches(pattern, &entry->code[side]);
}

static bool sides_match(const struct side_pattern *patterns, size_t count, const struct finding_entry *entry,
                        size_t side)
{
    size_t sides = entry->found.side_count < FINDING_SIDES ? entry->found.side_count : FINDING_SIDES;

    if (count == 0)
        return true;
    if (patterns->any_number)
        return sides_match(patterns + 1, count - 1, entry, side) ||
               (side < sides && sides_match(patterns, count, entry, side + 1));
    return side < sides && side_matches(patterns, entry, side) && sides_match(patterns + 1, count - 1, entry, side + 1);
}

bool suppressions_match(struct suppressions *suppressions, const struct finding_entry *entry)
{
    for (struct suppression *one = suppressions->first; one; one = one->next) {
        if (!one->any_kind && one->kind != entry->found.kind)
            continue;
        if (one->sym && !glob(one->sym, entry->found.symbol) && !glob(one->sym, entry->found.where))
            continue;
        if (!sides_match(one->sides, one->count, entry, 0))
            continue;
        one->used++;
        return true;
    }
    return false;
}

void suppressions_unused(const struct suppressions *suppressions, FILE *out)
{
    for (const struct suppression *one = suppressions->first; one; one = one->next)
        if (!one->used)
            fprintf(out, "davsim: suppression '%s' (%s:%d) met nothing; it can go\n", one->name, one->file, one->line);
}

/* ---- writing ---- */

/* The file with the folder it is in: a suppression is to work on other machines, too. */
static const char *short_path(const char *path)
{
    const char *name = strrchr(path, '/');

    while (name && name > path && name[-1] != '/')
        name--;
    return name && name > path ? name : path;
}

/* As a glob: a blank would end the word. */
static void write_glob(const char *text, FILE *out)
{
    for (; *text; text++)
        fputc(isspace((unsigned char)*text) ? '?' : *text, out);
}

/* What was found with one worker is found with all: indices are left open. */
static void write_symbol(const char *symbol, FILE *out)
{
    fputs("   sym:", out);
    for (; *symbol; symbol++) {
        fputc(isspace((unsigned char)*symbol) ? '?' : *symbol, out);
        if (*symbol == '[' && symbol[strspn(symbol + 1, "0123456789") + 1] == ']') {
            fputc('*', out);
            symbol += strspn(symbol + 1, "0123456789");
        }
    }
    fputc('\n', out);
}

static void write_side(const struct finding_side *side, const struct finding_code *code, FILE *out)
{
    const struct finding_frame *frame = &code->frames[code->user];

    fputs("   ", out);
    if (code->known && strcmp(frame->function, "?") != 0) {
        fputs("fun:", out);
        write_glob(frame->function, out);
    } else {
        fputs("agent:", out);
        write_glob(side->agent[0] ? side->agent : "*", out);
    }
    if (frame->file) {
        fputs(" file:", out);
        write_glob(short_path(frame->file), out);
    }
    fputc('\n', out);
}

void suppression_write(const struct finding_entry *entry, FILE *out)
{
    fprintf(out, "{\n   a-name-of-your-own\n   %s\n", findings_name(entry->found.kind));
    if (entry->found.symbol[0])
        write_symbol(entry->found.symbol, out);
    for (uint32_t i = 0; i < entry->found.side_count && i < FINDING_PAIR; i++)
        write_side(&entry->found.sides[i], &entry->code[i], out);
    fputs("}\n\n", out);
}
