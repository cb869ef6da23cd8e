/* outcome.c - see outcome.h. */
#include "tools/explore/outcome.h"

#include "model/davsim.h"
#include "tools/exit_status.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of a longer output the end is kept, where the failure is told. */
enum { MOST_OUTPUT_BYTES = 64 * 1024 };

static const char *const verdicts[] = {"not made", "clean", "findings", "failed", "broken"};

const char *verdict_name(enum verdict verdict)
{
    return verdicts[verdict];
}

static enum verdict judge(int wait_status, bool checked)
{
    if (!WIFEXITED(wait_status))
        return VERDICT_BROKEN; /* davsim itself: of the program's end by a signal it makes a status */
    switch (WEXITSTATUS(wait_status)) {
    case DAV_OK:
        return VERDICT_CLEAN;
    case EXIT_FINDINGS:
        return checked ? VERDICT_FINDINGS : VERDICT_FAILED;
    case DAV_BAD_INPUT:
    case DAV_INTERNAL:
    case EXIT_CANNOT_EXECUTE:
    case EXIT_NOT_FOUND:
        return VERDICT_BROKEN;
    default:
        return VERDICT_FAILED;
    }
}

/* The JSON file @dir/@name, NULL if there is none. */
static json_t *read_json(const char *dir, const char *name)
{
    char path[4300];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return json_load_file(path, 0, NULL);
}

/* The array @key of @root, NULL if there is nothing in it. */
static json_t *take_array(const json_t *root, const char *key)
{
    json_t *array = json_object_get(root, key);
    return json_is_array(array) && json_array_size(array) > 0 ? json_incref(array) : NULL;
}

/* How the chip, else the program, failed according to the report; 0: it did not. `davsim check` ends with 3 when there
 * are findings, whatever became of the program. */
static int reported_failure(const json_t *report)
{
    int chip = (int)json_integer_value(json_object_get(report, "status"));
    return chip ? chip : (int)json_integer_value(json_object_get(report, "exit_status"));
}

static void add_strings(struct list *list, const json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++)
        if (json_is_string(json_array_get(array, i)))
            list_add(list, "%s", json_string_value(json_array_get(array, i)));
}

static char *read_end(const char *dir)
{
    char path[4300];
    struct stat file;
    snprintf(path, sizeof(path), "%s/output", dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text = fd >= 0 ? malloc(MOST_OUTPUT_BYTES + 1) : NULL;
    ssize_t size = -1;
    if (text && fstat(fd, &file) == 0)
        size =
            pread(fd, text, MOST_OUTPUT_BYTES, file.st_size > MOST_OUTPUT_BYTES ? file.st_size - MOST_OUTPUT_BYTES : 0);
    if (fd >= 0)
        close(fd);
    if (size <= 0) {
        free(text);
        return NULL;
    }
    text[size] = '\0';
    for (ssize_t i = 0; i < size; i++)
        if (!text[i])
            text[i] = '?';
    return text;
}

void outcome_read(struct outcome *outcome, int wait_status, bool checked, const char *dir)
{
    *outcome = (struct outcome){.verdict = judge(wait_status, checked)};
    outcome->status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : EXIT_SIGNAL + WTERMSIG(wait_status);
    if (outcome->verdict == VERDICT_CLEAN)
        return;
    outcome->output = read_end(dir);
    json_t *report = read_json(dir, "report.json"), *findings = read_json(dir, "findings.json");
    outcome->findings = take_array(findings, "findings");
    add_strings(&outcome->vary, json_object_get(report, "vary"));
    int failure = reported_failure(report);
    if (failure && outcome->verdict != VERDICT_BROKEN) {
        outcome->verdict = VERDICT_FAILED;
        outcome->status = failure;
    }
    json_decref(report);
    json_decref(findings);
}

void outcome_trim(struct outcome *outcome)
{
    list_free(&outcome->vary);
    free(outcome->output);
    outcome->output = NULL;
}

void outcome_free(struct outcome *outcome)
{
    json_decref(outcome->findings);
    outcome_trim(outcome);
    *outcome = (struct outcome){0};
}

bool outcome_is_bad(const struct outcome *outcome)
{
    return outcome->verdict > VERDICT_CLEAN;
}

const char *finding_kind(const json_t *finding)
{
    const char *kind = json_string_value(json_object_get(finding, "kind"));
    return kind ? kind : "finding";
}

/* @file as seen from the current directory, if it is below that. */
static const char *relative(const char *file)
{
    char cwd[4096];
    size_t length = getcwd(cwd, sizeof(cwd)) ? strlen(cwd) : 0;
    return length > 1 && strncmp(file, cwd, length) == 0 && file[length] == '/' ? file + length + 1 : file;
}

/* Lines of source only: which core was the one to meet the bug may differ from run to run. */
char *finding_place(const json_t *finding)
{
    struct list places = {0};
    const json_t *sides = json_object_get(finding, "sides");
    for (size_t i = 0; i < json_array_size(sides); i++) {
        const json_t *side = json_array_get(sides, i);
        const char *file = json_string_value(json_object_get(side, "file"));
        char *place;
        if (!file || !*file)
            continue;
        long long line = json_integer_value(json_object_get(side, "line"));
        if (asprintf(&place, "%s:%lld", relative(file), line) < 0)
            abort();
        if (!list_has(&places, place))
            list_add(&places, "%s", place);
        free(place);
    }
    char *place = list_join(&places, ", ");
    list_free(&places);
    return place;
}

char *finding_key(const json_t *finding)
{
    char *place = finding_place(finding), *key;
    if (asprintf(&key, *place ? "%s at %s" : "%s%s", finding_kind(finding), place) < 0)
        abort();
    free(place);
    return key;
}

bool outcome_has(const struct outcome *outcome, const char *key)
{
    bool has = false;
    for (size_t i = 0; i < json_array_size(outcome->findings) && !has; i++) {
        char *other = finding_key(json_array_get(outcome->findings, i));
        has = strcmp(key, other) == 0;
        free(other);
    }
    return has;
}

/* Text of unknown origin as JSON, which takes UTF-8 only. */
static json_t *any_text(const char *text)
{
    json_t *string = json_string(text);
    if (string)
        return string;
    char *plain = strdup(text);
    if (!plain)
        abort();
    for (char *c = plain; *c; c++)
        if (*c & 0x80)
            *c = '?';
    string = json_string(plain);
    free(plain);
    return string;
}

json_t *outcome_json(const struct outcome *outcome, bool whole)
{
    json_t *json = json_object();
    json_object_set_new(json, "verdict", json_string(verdict_name(outcome->verdict)));
    json_object_set_new(json, "status", json_integer(outcome->status));
    if (outcome->findings)
        json_object_set(json, "findings", outcome->findings);
    if (whole && outcome->vary.count) {
        json_t *vary = json_array();
        for (size_t i = 0; i < outcome->vary.count; i++)
            json_array_append_new(vary, any_text(outcome->vary.items[i]));
        json_object_set_new(json, "vary", vary);
    }
    if (whole && outcome->output)
        json_object_set_new(json, "output", any_text(outcome->output));
    return json;
}

bool outcome_from_json(struct outcome *outcome, json_t *json)
{
    const char *verdict = json_string_value(json_object_get(json, "verdict"));
    const char *output = json_string_value(json_object_get(json, "output"));
    *outcome = (struct outcome){.status = (int)json_integer_value(json_object_get(json, "status"))};
    for (size_t i = 0; verdict && i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
        if (strcmp(verdict, verdicts[i]) == 0)
            outcome->verdict = (enum verdict)i;
    if (outcome->verdict == VERDICT_NONE)
        return false;
    outcome->findings = json_incref(json_object_get(json, "findings"));
    add_strings(&outcome->vary, json_object_get(json, "vary"));
    if (output && !(outcome->output = strdup(output)))
        abort();
    return true;
}
