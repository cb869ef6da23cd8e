/* suppress_file.c - reading files of suppressions. What cannot be understood is refused with file and line: a
 * suppression that silently matches nothing helps nobody. */
#include "tools/check/suppress.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/check/need.h"

enum { LINE_BYTES = 1024 };

struct reading {
    const char *path;
    int line;
    char *error;
    size_t error_size;
};

static int refuse(const struct reading *at, const char *what, const char *word)
{
    snprintf(at->error, at->error_size, "suppressions %s:%d: ", at->path, at->line);
    size_t used = strlen(at->error);
    snprintf(at->error + used, at->error_size - used, what, word);
    return -1;
}

static char *copy(const char *text)
{
    return need(strdup(text));
}

/* `file:a.c:12` is line 12 of a.c. */
static void split_line(struct side_pattern *side)
{
    char *colon = strrchr(side->file, ':'), *end;

    if (!colon || !isdigit((unsigned char)colon[1]))
        return;
    side->line = (int)strtol(colon + 1, &end, 10);
    if (*end)
        side->line = 0;
    else
        *colon = '\0';
}

/* One `key:glob` of a block's line. */
static int read_word(const struct reading *at, struct suppression *one, struct side_pattern *side, const char *word)
{
    struct {
        const char *key;
        char **value;
    } keys[] = {{"fun:", &side->fun}, {"file:", &side->file}, {"kernel:", &side->kernel}, {"agent:", &side->agent}};

    if (strncmp(word, "sym:", 4) == 0) {
        if (one->sym || !word[4])
            return refuse(at, "'%s': a block has one symbol", word);
        one->sym = copy(word + 4);
        return 0;
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        size_t length = strlen(keys[i].key);
        if (strncmp(word, keys[i].key, length) != 0)
            continue;
        if (*keys[i].value || !word[length])
            return refuse(at, "'%s' is empty or there twice", word);
        *keys[i].value = copy(word + length);
        if (keys[i].value == &side->file)
            split_line(side);
        return 0;
    }
    return refuse(at, "'%s' is none of fun:, file:, kernel:, agent:, sym: and ...", word);
}

static int read_side(const struct reading *at, struct suppression *one, char *text)
{
    struct side_pattern *side = &one->sides[one->count];
    char *rest = NULL;
    bool described;

    if (one->count == SUPPRESSION_LINES)
        return refuse(at, "%s", "a block has too many lines");
    if (strcmp(text, "...") == 0) {
        side->any_number = true;
        one->count++;
        return 0;
    }
    for (char *word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
        if (read_word(at, one, side, word) != 0)
            return -1;
    described = side->fun || side->file || side->kernel || side->agent;
    one->count += described;
    return 0;
}

static int read_kind(const struct reading *at, struct suppression *one, const char *text)
{
    one->any_kind = strcmp(text, "*") == 0;
    if (one->any_kind)
        return 0;
    for (uint32_t kind = 0; kind < FINDING_KINDS; kind++) {
        if (strcmp(text, findings_name(kind)) == 0) {
            one->kind = kind;
            return 0;
        }
    }
    return refuse(at, "'%s' is no kind of finding; davsim(1) lists them", text);
}

static char *trim(char *line)
{
    size_t length;

    line += strspn(line, " \t\r\n");
    length = strlen(line);
    while (length && strchr(" \t\r\n", line[length - 1]))
        line[--length] = '\0';
    return line;
}

/* One line of a file. @one: the block it is in, NULL between blocks; @lines: how many of the block were before it. */
static int read_text(const struct reading *at, struct suppressions *into, struct suppression **one, int *lines,
                     char *text)
{
    if (!*one) {
        if (strcmp(text, "{") != 0)
            return refuse(at, "'%s' stands outside of a block; one begins with {", text);
        *one = need(calloc(1, sizeof(**one)));
        (*one)->file = copy(at->path);
        (*one)->line = at->line;
        *into->end = *one;
        into->end = &(*one)->next;
        *lines = 0;
        return 0;
    }
    if (strcmp(text, "}") == 0) {
        *one = NULL;
        return *lines >= 2 ? 0 : refuse(at, "%s", "the block ends before it has a name and a kind");
    }
    switch ((*lines)++) {
    case 0:
        (*one)->name = copy(text);
        return 0;
    case 1:
        return read_kind(at, *one, text);
    default:
        return read_side(at, *one, text);
    }
}

static int read_lines(struct reading *at, FILE *file, struct suppressions *into)
{
    struct suppression *one = NULL;
    char line[LINE_BYTES];
    int lines = 0;

    while (fgets(line, sizeof(line), file)) {
        char *text = trim(line);
        at->line++;
        if (*text && *text != '#' && read_text(at, into, &one, &lines, text) != 0)
            return -1;
    }
    return one ? refuse(at, "%s", "the file ends inside a block; } is missing") : 0;
}

static int read_file(const char *path, struct suppressions *into, char *error, size_t error_size)
{
    struct reading at = {path, 0, error, error_size};
    FILE *file = fopen(path, "re");
    int status;

    if (!file) {
        snprintf(error, error_size, "suppressions %s: cannot be read: %s", path, strerror(errno));
        return -1;
    }
    status = read_lines(&at, file, into);
    if (status == 0 && ferror(file)) {
        snprintf(error, error_size, "suppressions %s: cannot be read: %s", path, strerror(errno));
        status = -1;
    }
    fclose(file);
    return status;
}

struct suppressions *suppressions_read(const char *files, char *error, size_t error_size)
{
    struct suppressions *read = need(calloc(1, sizeof(*read)));
    char *paths = copy(files ? files : ""), *rest = NULL;
    int status = 0;

    read->end = &read->first;
    for (char *path = strtok_r(paths, "\n", &rest); path && status == 0; path = strtok_r(NULL, "\n", &rest))
        status = read_file(path, read, error, error_size);
    free(paths);
    if (status == 0)
        return read;
    suppressions_free(read);
    return NULL;
}

void suppressions_free(struct suppressions *suppressions)
{
    struct suppression *next;

    for (struct suppression *one = suppressions ? suppressions->first : NULL; one; one = next) {
        next = one->next;
        for (size_t i = 0; i < SUPPRESSION_LINES; i++) {
            free(one->sides[i].fun);
            free(one->sides[i].file);
            free(one->sides[i].kernel);
            free(one->sides[i].agent);
        }
        free(one->name);
        free(one->file);
        free(one->sym);
        free(one);
    }
    free(suppressions);
}
