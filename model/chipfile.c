/* chipfile.c - reads a chip file: inih splits the lines, the table of keys (chipkey.h) says what they mean.
 *
 * Values are applied in the order included file, file, overrides; each remembers where it came from, so that whatever
 * is wrong later (a key that was never given, cycles of a clock, two values that do not go together) can still name
 * its line. The first error is the one that is told.
 */
#include "model/chipfile.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/chipkey.h"
#include "model/memory/l2.h"

enum {
    FILES_MAX = 4,   /* a file, what it includes, what that includes, ... */
    LINE_BYTES = 64, /* a cache line */
    CORES_MAX = 127, /* numbers that the directory of holders has for AICores */
    TEXT_MAX = 200,
};

/* Where a key's value came from. */
struct setting {
    const char *file; /* NULL: not given */
    int line;
    char text[TEXT_MAX];  /* as it was written */
    struct amount amount; /* of a number */
};

struct reader {
    struct chip *chip;
    const char *chips_dir;
    char files[FILES_MAX][PATH_MAX];
    int file_count;
    struct setting settings[CHIPKEY_MAX];
    char *error;
    size_t error_size;
    bool failed;
};

/* One file while inih reads it. */
struct source {
    struct reader *reader;
    FILE *stream;
    const char *path;
    int line;
    bool started; /* something was read: too late for an include */
};

static const char override_source[] = "--set";

/* ---- errors ---- */

__attribute__((format(printf, 4, 5))) static int fail(struct reader *reader, const char *file, int line,
                                                      const char *format, ...)
{
    char place[PATH_MAX + 16], text[1024];
    va_list args;

    if (reader->failed)
        return -1;
    reader->failed = true;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (line > 0)
        snprintf(place, sizeof(place), "%s:%d: ", file, line);
    else
        snprintf(place, sizeof(place), "%s%s", file, *file ? ": " : "");
    snprintf(reader->error, reader->error_size, "%s%s", place, text);
    return -1;
}

/* A value is wrong by itself. */
static int fail_value(struct reader *reader, const struct chipkey *key, const char *problem)
{
    const struct setting *setting = &reader->settings[key - chipkeys];
    char allowed[2 * QUANTITY_TEXT];

    chipkey_allowed(key, allowed);
    return fail(reader, setting->file, setting->line, "%s = %s: %s; allowed: %s", key->name, setting->text, problem,
                allowed);
}

/* Two keys do not go together: blame @name, or @other when it is the one that was overridden. */
__attribute__((format(printf, 4, 5))) static int fail_pair(struct reader *reader, const char *name, const char *other,
                                                           const char *format, ...)
{
    const struct chipkey *key = chipkey_find(name), *second = chipkey_find(other);
    const struct setting *setting = &reader->settings[key - chipkeys], *by = &reader->settings[second - chipkeys];
    char problem[TEXT_MAX * 2];
    va_list args;

    if (by->file == override_source && setting->file != override_source) {
        const struct setting *swap = setting;

        setting = by, by = swap;
        key = chipkey_find(other), second = chipkey_find(name);
    }
    va_start(args, format);
    vsnprintf(problem, sizeof(problem), format, args);
    va_end(args);
    return fail(reader, setting->file, setting->line, "%s = %s: does not go with %s = %s; allowed: %s", key->name,
                setting->text, second->name, by->text, problem);
}

static int fail_unknown(struct reader *reader, const char *file, int line, const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t length = dot ? (size_t)(dot - name) + 1 : 0;
    const char *what = dot ? "unknown section of key" : "no section for key";

    for (size_t i = 0; i < chipkey_count; i++)
        if (length && strncmp(chipkeys[i].name, name, length) == 0)
            what = "unknown key";
    return fail(reader, file, line, "%s %s; the nearest known key is %s", what, name, chipkey_nearest(name));
}

static int set_key(struct reader *reader, const struct chipkey *key, const char *file, int line, const char *text)
{
    struct setting *setting = &reader->settings[key - chipkeys];
    char problem[QUANTITY_TEXT];

    *setting = (struct setting){.file = file, .line = line};
    snprintf(setting->text, sizeof(setting->text), "%s", text);
    return chipkey_set(reader->chip, key, text, &setting->amount, problem) ? fail_value(reader, key, problem) : 0;
}

/* ---- files ---- */

static int include_read(struct source *source, const char *name);

/* inih calls this for each `name = value`. */
static int on_value(void *user, const char *section, const char *name, const char *value)
{
    struct source *source = user;
    struct reader *reader = source->reader;
    const struct setting *before;
    const struct chipkey *key;
    char full[TEXT_MAX];

    source->started = source->started || *section;
    if (strcmp(name, "include") == 0)
        return include_read(source, value) == 0;
    source->started = true;
    snprintf(full, sizeof(full), "%s%s%s", section, *section ? "." : "", name);
    key = chipkey_find(full);
    if (!key)
        return fail_unknown(reader, source->path, source->line, full) == 0;
    before = &reader->settings[key - chipkeys];
    if (before->file == source->path)
        return fail(reader, source->path, source->line, "%s = %s: the key stands at line %d already; remove one", full,
                    value, before->line) == 0;
    return set_key(reader, key, source->path, source->line, value) == 0;
}

/* Give inih the next line, counted, and without the indentation that it would take for a continuation. */
static char *next_line(char *line, int size, void *stream)
{
    struct source *source = stream;
    size_t indent;

    if (source->reader->failed || !fgets(line, size, source->stream)) {
        if (ferror(source->stream))
            fail(source->reader, source->path, 0, "cannot be read: %s", strerror(errno));
        return NULL;
    }
    source->line++;
    indent = strspn(line, " \t");
    memmove(line, line + indent, strlen(line) - indent + 1);
    if (!strchr(line, '\n') && !feof(source->stream)) {
        fail(source->reader, source->path, source->line, "not a line of text of at most %d characters", size - 2);
        return NULL;
    }
    return line;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_chip(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && dot != entry->d_name && strcmp(dot, ".ini") == 0;
}

/* "; shipped chips: ascend910b, minimal" */
static const char *shipped_chips(const char *folder, char *list, size_t size)
{
    struct dirent **entries;
    int count = folder ? scandir(folder, &entries, is_chip, by_name) : -1;
    size_t used = 0;

    *list = '\0';
    for (int i = 0; i < count; i++) {
        int length = (int)strlen(entries[i]->d_name) - 4;

        if (used < size)
            used += (size_t)snprintf(list + used, size - used, "%s%.*s", i ? ", " : "; shipped chips: ", length,
                                     entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return list;
}

/* Open what @name means: with a '/' or ".ini" it is a path, else a chip's name. An include looks beside its own file
 * first. @path receives the path tried last. */
static FILE *chip_open(const struct reader *reader, const char *name, const char *includer, char path[PATH_MAX])
{
    size_t length = strlen(name);
    bool bare = !strchr(name, '/') && !(length > 4 && strcmp(name + length - 4, ".ini") == 0);
    const char *slash = includer ? strrchr(includer, '/') : NULL;
    int folder = slash && *name != '/' ? (int)(slash - includer) + 1 : 0;
    FILE *stream = NULL;

    errno = ENOENT;
    if (includer || !bare) {
        if (snprintf(path, PATH_MAX, "%.*s%s%s", folder, includer ? includer : "", name, bare ? ".ini" : "") < PATH_MAX)
            stream = fopen(path, "re");
    }
    if (!stream && bare && reader->chips_dir) {
        if (snprintf(path, PATH_MAX, "%s/%s.ini", reader->chips_dir, name) < PATH_MAX)
            stream = fopen(path, "re");
    }
    return stream;
}

static int file_read(struct reader *reader, const char *name, const struct source *includer)
{
    struct source source = {.reader = reader};
    const char *place = includer ? includer->path : "";
    int line = includer ? includer->line : 0;
    char list[4 * TEXT_MAX];
    int bad_line, why;

    if (reader->file_count == FILES_MAX)
        return fail(reader, place, line, "include = %s: more than %d files deep; does a file include itself?", name,
                    FILES_MAX);
    source.path = reader->files[reader->file_count];
    source.stream = chip_open(reader, name, includer ? place : NULL, reader->files[reader->file_count]);
    why = errno;
    if (!source.stream)
        return fail(reader, place, line, "%s%s: no chip file (%s)%s", includer ? "include = " : "chip ", name,
                    strerror(why), shipped_chips(reader->chips_dir, list, sizeof(list)));
    reader->file_count++;
    bad_line = ini_parse_stream(next_line, &source, on_value, &source);
    fclose(source.stream);
    if (bad_line && (!reader->failed || bad_line < source.line)) { /* inih found it, before any error of ours */
        reader->failed = false;
        fail(reader, source.path, bad_line, "neither a [section] nor \"key = value\"");
    }
    return reader->failed ? -1 : 0;
}

static int include_read(struct source *source, const char *name)
{
    if (source->started)
        return fail(source->reader, source->path, source->line, "include = %s: an include comes before everything else",
                    name);
    source->started = true;
    return file_read(source->reader, name, source);
}

/* ---- overrides ---- */

/* @text without the blanks around it; writes to it. */
static char *trim(char *text)
{
    size_t length;

    text += strspn(text, " \t\r");
    length = strlen(text);
    while (length && strchr(" \t\r", text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

static int override_read(struct reader *reader, const char *text, size_t length)
{
    char line[2 * TEXT_MAX], *name, *value;
    const struct chipkey *key;

    if (length >= sizeof(line))
        return fail(reader, override_source, 0, "%.40s...: longer than %zu characters", text, sizeof(line) - 1);
    memcpy(line, text, length);
    line[length] = '\0';
    value = strchr(line, '=');
    if (value)
        *value++ = '\0';
    name = trim(line);
    if (!value || !*name)
        return fail(reader, override_source, 0, "%.*s: not of the form section.key=value", (int)length, text);
    key = chipkey_find(name);
    if (!key)
        return fail_unknown(reader, override_source, 0, name);
    return set_key(reader, key, override_source, 0, trim(value));
}

static int overrides_read(struct reader *reader, const char *overrides)
{
    while (overrides && *overrides) {
        size_t length = strcspn(overrides, "\n");
        bool blank = strspn(overrides, " \t\r") >= length;

        if (!blank && override_read(reader, overrides, length))
            return -1;
        overrides += length + (overrides[length] == '\n');
    }
    return 0;
}

/* ---- the whole ---- */

static int check_complete(struct reader *reader)
{
    const struct chipkey *first = NULL;
    char allowed[2 * QUANTITY_TEXT], more[32] = "";
    int missing = 0;

    for (size_t i = chipkey_count; i-- > 0;) {
        if (!reader->settings[i].file) {
            first = &chipkeys[i];
            missing++;
        }
    }
    if (!first)
        return 0;
    if (missing > 1)
        snprintf(more, sizeof(more), " (and %d more)", missing - 1);
    chipkey_allowed(first, allowed);
    return fail(reader, reader->files[0], 0, "missing key %s%s; allowed: %s", first->name, more, allowed);
}

/* Every clock is known now: store what was given in cycles. */
static int store_cycles(struct reader *reader)
{
    char problem[QUANTITY_TEXT];

    for (size_t i = 0; i < chipkey_count; i++) {
        const struct setting *setting = &reader->settings[i];

        if (setting->amount.scale == 0 && chipkey_store(reader->chip, &chipkeys[i], &setting->amount, problem))
            return fail_value(reader, &chipkeys[i], problem);
    }
    return 0;
}

static int check_cache(struct reader *reader, const struct cache_geometry *cache, const char *size, const char *ways)
{
    uint64_t way_bytes = (uint64_t)cache->ways * LINE_BYTES, sets = cache->size_bytes / way_bytes;

    if (cache->size_bytes % way_bytes || sets == 0 || sets & (sets - 1))
        return fail_pair(reader, size, ways, "ways x %dB x a power of two", LINE_BYTES);
    return 0;
}

static int check_l2(struct reader *reader)
{
    const struct chip *chip = reader->chip;
    uint64_t sector = chip->l2.sector_bytes;

    if (chip->l2.size_bytes % sector)
        return fail_pair(reader, "l2.size", "l2.sector", "a size of whole sectors");
    if (chip->l2.size_bytes / sector % chip->l2.ways)
        return fail_pair(reader, "l2.size", "l2.ways", "a multiple of ways x sector, %" PRIu64 "B",
                         chip->l2.ways * sector);
    if (sector & (sector - 1))
        return fail_value(reader, chipkey_find("l2.sector"), "no power of two");
    if (chip->gm.size_bytes / sector >= L2_SECTORS_MAX)
        return fail_pair(reader, "gm.size", "l2.sector", "less than %d sectors", L2_SECTORS_MAX);
    return 0;
}

/* The order of events rests on this, as on other times that one agent takes to affect another. */
static int check_stores(struct reader *reader)
{
    static const struct {
        const char *name;
        enum isa_cost_class cost;
    } stores[] = {{"isa.ub_to_gm", ISA_COST_ub_to_gm},
                  {"isa.l1_to_gm", ISA_COST_l1_to_gm},
                  {"isa.l0c_to_gm", ISA_COST_l0c_to_gm}};
    const struct chip *chip = reader->chip;

    for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++)
        if (chip->isa[stores[i].cost].head * 1000 < chip->aicore.clock_hz)
            return fail_pair(reader, stores[i].name, "aicore.clock", "at least 1ns before the first byte");
    return 0;
}

/* What no chip can be, although each value is fine alone. */
static int check_chip(struct reader *reader)
{
    const struct chip *chip = reader->chip;

    if (check_cache(reader, &chip->aicore.dcache, "aicore.dcache.size", "aicore.dcache.ways") ||
        check_cache(reader, &chip->aicpu.cache, "aicpu.cache.size", "aicpu.cache.ways"))
        return -1;
    if (check_l2(reader) || check_stores(reader))
        return -1;
    if (chip_cores(chip) > CORES_MAX)
        return fail_pair(reader, "chip.clusters", "chip.aiv_per_cluster", "at most %d AICores", CORES_MAX);
    if (chip->window.load_sample_ps > chip->window.load_ps)
        return fail_pair(reader, "window.load_sample", "window.load", "load_sample at most load");
    if (chip->window.stride_bytes / chip->window.sub_stride_bytes < 1 + chip->chip.aiv_per_cluster)
        return fail_pair(reader, "window.stride", "window.sub_stride", "a stride of at least %u sub_strides",
                         1 + chip->chip.aiv_per_cluster);
    return 0;
}

int chip_load(struct chip *chip, const char *path, const char *chips_dir, const char *overrides, char *error,
              size_t error_size)
{
    struct reader *reader = calloc(1, sizeof(*reader));
    int status;

    memset(chip, 0, sizeof(*chip));
    if (error_size)
        *error = '\0';
    if (!reader) {
        snprintf(error, error_size, "%s: out of memory", path);
        return -1;
    }
    reader->chip = chip;
    reader->chips_dir = chips_dir;
    reader->error = error;
    reader->error_size = error_size;
    status = file_read(reader, path, NULL) || overrides_read(reader, overrides) || check_complete(reader) ||
             store_cycles(reader) || check_chip(reader);
    free(reader);
    return status ? -1 : 0;
}
