/* document.c - isa_document --write|--check FILE CHIP: the tables of docs/isa.md, made of the instruction table and of
 * section [isa] of a chip file, whose comments say where a cost comes from. --write puts them between the two marks of
 * FILE, --check tells whether they stand there.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/isa.h"

#define BEGIN_MARK "<!-- isa: begin -->\n"
#define END_MARK   "<!-- isa: end -->\n"

/* A line of section [isa]: as the chip file has it, without blanks around. */
struct cost_line {
    char formula[80], source[400];
};

static struct cost_line costs[ISA_COST_CLASSES];

static int fail(const char *file, const char *what)
{
    fprintf(stderr, "%s: %s\n", file, what);
    return 1;
}

/* ---- the chip file ---- */

/* A copy of [@from, @to) without blanks around. */
static void copy(char *text, size_t size, const char *from, const char *to)
{
    while (from < to && strchr(" \t\n", *from))
        from++;
    while (to > from && strchr(" \t\n", to[-1]))
        to--;
    snprintf(text, size, "%.*s", (int)(to - from), from);
}

/* "NAME = FORMULA ; SOURCE"; a source that is "same" is that of the line before. */
static void read_line(const char *line)
{
    static const struct cost_line *before;
    const char *equal = strchr(line, '='), *semicolon = strchr(line, ';');
    char name[80];

    if (!equal || !semicolon || semicolon < equal)
        return;
    copy(name, sizeof(name), line, equal);
    for (int i = 0; i < ISA_COST_CLASSES; i++) {
        struct cost_line *cost = &costs[i];

        if (strcmp(isa_cost_name((enum isa_cost_class)i), name) != 0)
            continue;
        copy(cost->formula, sizeof(cost->formula), equal + 1, semicolon);
        copy(cost->source, sizeof(cost->source), semicolon + 1, strchr(semicolon, '\0'));
        if (before && strcmp(cost->source, "same") == 0)
            memcpy(cost->source, before->source, sizeof(cost->source));
        before = cost;
    }
}

static int read_costs(const char *path)
{
    FILE *file = fopen(path, "r");
    bool inside = false;
    char line[512];

    if (!file)
        return fail(path, "cannot be read");
    while (fgets(line, sizeof(line), file)) {
        if (line[0] == '[')
            inside = strncmp(line, "[isa]", 5) == 0;
        else if (inside && line[0] != ';')
            read_line(line);
    }
    fclose(file);
    for (int i = 0; i < ISA_COST_CLASSES; i++)
        if (!costs[i].formula[0])
            return fail(path, isa_cost_name((enum isa_cost_class)i));
    return 0;
}

/* ---- the tables ---- */

static bool same_row(const struct isa_entry *a, const struct isa_entry *b)
{
    return strcmp(a->name, b->name) == 0 && a->pipe == b->pipe && a->cores == b->cores && a->cost == b->cost;
}

/* Instruction @opcode with all others that differ by their types only; those stand in its row. */
static void print_row(FILE *out, uint32_t opcode)
{
    static const char *const cores[] = {[ISA_AIC] = "AIC", [ISA_AIV] = "AIV", [ISA_ANY] = "both"};
    const struct isa_entry *entry = isa_entry_of(opcode), *other;

    for (uint32_t i = 0; i < opcode; i++)
        if (same_row(isa_entry_of(i), entry))
            return;
    fprintf(out, "| `%s` | %s", entry->name, entry->types);
    for (uint32_t i = opcode + 1; (other = isa_entry_of(i)) != NULL; i++)
        if (same_row(other, entry))
            fprintf(out, ", %s", other->types);
    fprintf(out, " | %s | %s | %s | %s |\n", cores[entry->cores], isa_cost_name(entry->cost),
            costs[entry->cost].formula, isa_unit_name(entry->unit));
}

static void print_pipe(FILE *out, enum isa_pipe pipe)
{
    const struct isa_entry *entry;
    bool any = false;

    for (uint32_t i = 0; (entry = isa_entry_of(i)) != NULL; i++) {
        if (entry->pipe != pipe)
            continue;
        if (!any)
            fprintf(out,
                    "\n### Pipe %s\n\n| intrinsic | types | core | cost class | cycles | n counts |\n"
                    "|---|---|---|---|---|---|\n",
                    isa_pipe_name(pipe));
        any = true;
        print_row(out, i);
    }
}

static void print_sources(FILE *out)
{
    fprintf(out, "\n### Where the costs come from\n\n| cost class | cycles | source |\n|---|---|---|\n");
    for (int i = 0; i < ISA_COST_CLASSES; i++)
        fprintf(out, "| %s | %s | %s |\n", isa_cost_name((enum isa_cost_class)i), costs[i].formula, costs[i].source);
}

static char *make_tables(void)
{
    static const enum isa_pipe order[] = {ISA_V, ISA_M, ISA_MTE1, ISA_MTE2, ISA_MTE3, ISA_FIX};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        abort();
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        print_pipe(out, order[i]);
    print_sources(out);
    fprintf(out, "\n");
    fclose(out);
    return text;
}

/* ---- the document ---- */

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 20);

    if (!file || !text || fread(text, 1, (1 << 20) - 1, file) == 0) {
        free(text);
        text = NULL;
    }
    if (file)
        fclose(file);
    return text;
}

static int write_document(const char *path, const char *before, const char *tables, const char *after)
{
    FILE *file = fopen(path, "w");
    int written = file && fprintf(file, "%s%s%s", before, tables, after) > 0;

    if (file && fclose(file) != 0)
        written = 0;
    return written ? 0 : fail(path, "cannot be written");
}

static int work(const char *path, bool write)
{
    char *whole = read_whole(path), *tables = make_tables();
    char *begin = whole ? strstr(whole, BEGIN_MARK) : NULL, *end = begin ? strstr(begin, END_MARK) : NULL;
    char *after = end ? strdup(end) : NULL;
    int status = 0;

    if (!after) {
        status = fail(path, "cannot be read, or has not the two marks of the instructions' tables");
    } else {
        begin += strlen(BEGIN_MARK);
        *end = '\0';
        if (!write && strcmp(begin, tables) != 0)
            status = fail(path, "its tables are not those of the instructions; `make docs` brings them up to date");
        *begin = '\0';
        if (write)
            status = write_document(path, whole, tables, after);
    }
    free(whole);
    free(tables);
    free(after);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 4 || (strcmp(argv[1], "--write") != 0 && strcmp(argv[1], "--check") != 0))
        return fail("isa_document", "needs --write or --check, a document and a chip file");
    return read_costs(argv[3]) ? 1 : work(argv[2], strcmp(argv[1], "--write") == 0);
}
