/* build_config.c - see build_config.h. The file's directory is what its relative paths are relative to. */
#include "tools/build_config.h"

#include "tools/file.h"
#include "tools/pyliteral.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where an error is reported: the file, and the line on which BUILD_CONFIG begins. */
struct place {
    const char *path;
    const char *dir;
    int line;
    char *error;
    size_t error_size;
};

static int wrong(const struct place *place, const char *part, const char *key, const char *what)
{
    snprintf(place->error, place->error_size, "%s:%d: BUILD_CONFIG[\"%s\"]%s%s%s %s", place->path, place->line, part,
             key ? "[\"" : "", key ? key : "", key ? "\"]" : "", what);
    return -1;
}

static int is_source(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot &&
           (strcmp(dot, ".c") == 0 || strcmp(dot, ".cpp") == 0 || strcmp(dot, ".cc") == 0);
}

int build_config_add_sources(struct list *sources, const char *dir)
{
    struct dirent **entries;
    int count = scandir(dir, &entries, is_source, NULL);
    if (count < 0)
        return -1;
    struct list names = {0};
    for (int i = 0; i < count; i++) {
        list_add(&names, "%s/%s", dir, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    list_sort(&names);
    for (size_t i = 0; i < names.count; i++)
        if (!list_has(sources, names.items[i]))
            list_add(sources, "%s", names.items[i]);
    list_free(&names);
    return 0;
}

/* The strings of BUILD_CONFIG[part][key], joined to the directory of the file. */
static int read_dirs(const struct place *place, const char *part, const char *key, json_t *object, bool optional,
                     struct list *dirs)
{
    json_t *array = json_object_get(object, key), *item;
    size_t i;
    if (!array && optional)
        return 0;
    if (!json_is_array(array))
        return wrong(place, part, key, array ? "must be a list of directories" : "is missing");
    json_array_foreach (array, i, item) {
        const char *dir = json_string_value(item);
        if (!dir || !*dir)
            return wrong(place, part, key, "holds something that is not the name of a directory");
        if (dir[0] == '/')
            list_add(dirs, "%s", dir);
        else
            list_add(dirs, "%s/%s", place->dir, dir);
    }
    return 0;
}

/* @optional: the part and its keys may be missing, and it need not have a source. */
static int read_part(const struct place *place, const char *name, json_t *config, bool optional,
                     struct build_part *part)
{
    json_t *object = json_object_get(config, name);
    struct list dirs = {0};
    int result = 0;
    if (optional && (!object || json_is_null(object)))
        return 0;
    if (!json_is_object(object))
        return wrong(place, name, NULL, object ? "must be a dictionary" : "is missing");
    if (read_dirs(place, name, "include_dirs", object, optional, &part->include_dirs) != 0 ||
        read_dirs(place, name, "source_dirs", object, optional, &dirs) != 0)
        result = -1;
    for (size_t i = 0; result == 0 && i < dirs.count; i++) {
        if (build_config_add_sources(&part->sources, dirs.items[i]) != 0) {
            char what[512];
            snprintf(what, sizeof(what), "names %s: %s", dirs.items[i], strerror(errno));
            result = wrong(place, name, "source_dirs", what);
        }
    }
    if (result == 0 && part->sources.count == 0 && !optional)
        result = wrong(place, name, "source_dirs", "holds no .c, .cc or .cpp file");
    list_free(&dirs);
    return result;
}

int build_config_read(struct build_config *config, const char *path, char *error, size_t error_size)
{
    struct place place = {.path = path, .error = error, .error_size = error_size};
    *config = (struct build_config){0};
    char *text = file_text(path);
    if (!text) {
        snprintf(error, error_size, "%s: %s", path, strerror(errno));
        return -1;
    }
    json_t *object = pyliteral_find(text, "BUILD_CONFIG", path, &place.line, error, error_size);
    free(text);
    if (!object)
        return -1;

    const char *slash = strrchr(path, '/');
    char *dir = slash ? strndup(path, slash - path) : strdup(".");
    place.dir = dir;
    int result = 0;
    if (!json_is_object(object)) {
        snprintf(error, error_size, "%s:%d: BUILD_CONFIG must be a dictionary", path, place.line);
        result = -1;
    }
    if (result == 0)
        result = read_part(&place, "aicore", object, false, &config->aicore);
    if (result == 0)
        result = read_part(&place, "aicpu", object, false, &config->aicpu);
    if (result == 0)
        result = read_part(&place, "host", object, false, &config->host);
    if (result == 0)
        result = read_part(&place, "orchestration", object, true, &config->orchestration);
    if (result != 0)
        build_config_free(config);
    free(dir);
    json_decref(object);
    return result;
}

void build_config_free(struct build_config *config)
{
    struct build_part *parts[] = {&config->aicore, &config->aicpu, &config->host, &config->orchestration};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        list_free(&parts[i]->include_dirs);
        list_free(&parts[i]->sources);
    }
}
