/* pyliteral.c - a recursive-descent reader over the text; the first error stops it. See pyliteral.h. */
#include "tools/pyliteral.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 32 };

struct reader {
    const char *at;
    const char *path;
    int line;
    int depth;      /* brackets that are open; inside them a newline is only space */
    bool docstring; /* a string that nobody wants: whatever stands in it */
    char *error;
    size_t error_size;
};

static json_t *read_value(struct reader *reader);

static void *give_up(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void *give_up(struct reader *reader, const char *format, ...)
{
    va_list args;
    char what[256];
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    snprintf(reader->error, reader->error_size, "%s:%d: %s", reader->path, reader->line, what);
    return NULL;
}

static void skip_space(struct reader *reader)
{
    for (;; reader->at++) {
        if (*reader->at == '#')
            reader->at += strcspn(reader->at, "\n");
        if (*reader->at == '\\' && reader->at[1] == '\n')
            reader->at++;
        else if (*reader->at == '\n' && reader->depth == 0)
            return;
        if (*reader->at == '\n')
            reader->line++;
        else if (*reader->at != ' ' && *reader->at != '\t' && *reader->at != '\r')
            return;
    }
}

/* Does a string start here? r and u may stand before its quote. */
static bool is_string(const char *at)
{
    at += *at && strchr("rRuU", *at);
    return *at == '"' || *at == '\'';
}

/* The character that a backslash and @c stand for, or -1 for those that this reader leaves to Python. */
static int escaped(char c)
{
    static const char from[] = "nrt\\'\"", to[] = "\n\r\t\\'\"";
    const char *found = c ? strchr(from, c) : NULL;
    return found ? to[found - from] : -1;
}

/* Behind a backslash, which @text has received: what both stand for. */
static bool read_escape(struct reader *reader, bool raw, char *text, size_t *length)
{
    char c = *reader->at;
    int meant = escaped(c);
    if (c == '\0')
        return true; /* the caller sees it, too */
    reader->at++;
    reader->line += c == '\n';
    if (raw || (meant < 0 && reader->docstring))
        text[(*length)++] = c;
    else if (c == '\n')
        (*length)--;
    else if (meant >= 0)
        text[*length - 1] = (char)meant;
    else
        return give_up(reader, "only the escapes \\n \\r \\t \\\\ \\' \\\" are read");
    return true;
}

/* One string token, appended to @text, whose length is *@length. */
static bool read_string_token(struct reader *reader, char **text, size_t *length)
{
    bool raw = *reader->at == 'r' || *reader->at == 'R';
    reader->at += *reader->at != '"' && *reader->at != '\'';
    char quote = *reader->at;
    int first = reader->line;
    bool triple = reader->at[1] == quote && reader->at[2] == quote;
    reader->at += triple ? 3 : 1;
    char *grown = realloc(*text, *length + strlen(reader->at) + 1);
    if (!grown)
        abort();
    *text = grown;
    while (triple ? strncmp(reader->at, (char[]){quote, quote, quote, 0}, 3) != 0 : *reader->at != quote) {
        char c = *reader->at++;
        if (c == '\0' || (c == '\n' && !triple)) {
            reader->line = first;
            return give_up(reader, "a string that does not end");
        }
        if (c == '\n')
            reader->line++;
        (*text)[(*length)++] = c;
        if (c == '\\' && !read_escape(reader, raw, *text, length))
            return false;
    }
    reader->at += triple ? 3 : 1;
    return true;
}

/* A string; neighbouring tokens are one string, as in Python. */
static json_t *read_string(struct reader *reader)
{
    char *text = NULL;
    size_t length = 0;
    do {
        if (!read_string_token(reader, &text, &length)) {
            free(text);
            return NULL;
        }
        skip_space(reader);
    } while (is_string(reader->at));
    json_t *value = json_stringn(text, length);
    free(text);
    return value ? value : give_up(reader, "a string that is not UTF-8");
}

/* Between two items: a comma or the closing bracket. */
static bool next_item(struct reader *reader, char close)
{
    skip_space(reader);
    if (*reader->at == ',') {
        reader->at++;
        skip_space(reader);
        return true;
    }
    if (*reader->at == close)
        return true;
    return give_up(reader, "expected ',' or '%c'", close);
}

static json_t *read_items(struct reader *reader, char close)
{
    json_t *array = json_array();
    bool comma = false;
    reader->at++;
    skip_space(reader);
    while (*reader->at != close) {
        bool appended = json_array_append_new(array, read_value(reader)) == 0;
        skip_space(reader);
        comma = *reader->at == ',';
        if (!appended || !next_item(reader, close)) {
            json_decref(array);
            return NULL;
        }
    }
    reader->at++;
    if (close != ')' || comma || json_array_size(array) != 1)
        return array;
    json_t *only = json_incref(json_array_get(array, 0)); /* in parentheses, but no tuple */
    json_decref(array);
    return only;
}

static bool read_pair(struct reader *reader, json_t *object)
{
    if (!is_string(reader->at))
        return give_up(reader, "expected a string as the key");
    json_t *key = read_string(reader);
    if (!key)
        return false;
    bool done = false;
    if (*reader->at != ':') {
        give_up(reader, "expected ':' after the key \"%s\"", json_string_value(key));
    } else {
        reader->at++;
        skip_space(reader);
        done = json_object_set_new(object, json_string_value(key), read_value(reader)) == 0;
    }
    json_decref(key);
    return done && next_item(reader, '}');
}

static json_t *read_dict(struct reader *reader)
{
    json_t *object = json_object();
    reader->at++;
    skip_space(reader);
    while (*reader->at != '}') {
        if (!read_pair(reader, object)) {
            json_decref(object);
            return NULL;
        }
    }
    reader->at++;
    return object;
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

static json_t *read_word(struct reader *reader)
{
    size_t length = word_length(reader->at);
    const char *word = reader->at;
    reader->at += length;
    if (length == 4 && strncmp(word, "True", 4) == 0)
        return json_true();
    if (length == 5 && strncmp(word, "False", 5) == 0)
        return json_false();
    if (length == 4 && strncmp(word, "None", 4) == 0)
        return json_null();
    return give_up(reader, "'%.*s' is not a literal: only strings, lists and dictionaries are read",
                   (int)(length ? length : 1), word);
}

static json_t *read_number(struct reader *reader)
{
    char *end;
    errno = 0;
    long long number = strtoll(reader->at, &end, 0);
    if (errno || end == reader->at || *end == '.' || isalnum((unsigned char)*end))
        return give_up(reader, "only integers are read as numbers");
    reader->at = end;
    return json_integer(number);
}

static json_t *read_value(struct reader *reader)
{
    json_t *value;
    char c = *reader->at;
    if (is_string(reader->at))
        return read_string(reader);
    if (c == '-' || isdigit((unsigned char)c))
        return read_number(reader);
    if (c != '{' && c != '[' && c != '(')
        return read_word(reader);
    if (reader->depth == MAX_DEPTH)
        return give_up(reader, "brackets nested deeper than %d", MAX_DEPTH);
    reader->depth++;
    value = c == '{' ? read_dict(reader) : read_items(reader, c == '[' ? ']' : ')');
    reader->depth--;
    return value;
}

/* One statement: a docstring, or an assignment whose value is kept if its name is @name. */
static bool read_statement(struct reader *reader, const char *name, json_t **found, int *line)
{
    json_t *value;
    int first = reader->line;
    size_t length = word_length(reader->at);
    bool wanted = false;
    if (strncmp(reader->at, "from __future__ ", 16) == 0) {
        reader->at += strcspn(reader->at, "\n");
        return true;
    }
    reader->docstring = is_string(reader->at);
    if (length && !reader->docstring) {
        const char *word = reader->at;
        reader->at += length;
        skip_space(reader);
        if (*reader->at == ':') /* a type */
            reader->at += strcspn(reader->at, "=#\n");
        if (*reader->at != '=' || reader->at[1] == '=')
            return give_up(reader, "only comments and NAME = literal are read, found '%.*s'", (int)length, word);
        reader->at++;
        skip_space(reader);
        wanted = length == strlen(name) && strncmp(word, name, length) == 0;
    }
    value = read_value(reader);
    if (!value)
        return false;
    if (wanted) {
        json_decref(*found);
        *found = json_incref(value);
        *line = first;
    }
    json_decref(value);
    skip_space(reader);
    return *reader->at == '\n' || *reader->at == '\0' || give_up(reader, "expected the end of the line");
}

json_t *pyliteral_find(const char *text, const char *name, const char *path, int *line, char *error, size_t error_size)
{
    struct reader reader = {.at = text, .path = path, .line = 1, .error = error, .error_size = error_size};
    json_t *found = NULL;
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
        reader.at += 3;
    for (;;) {
        skip_space(&reader);
        if (*reader.at == '\0')
            break;
        if (*reader.at == '\n') {
            reader.at++;
            reader.line++;
        } else if (!read_statement(&reader, name, &found, line)) {
            json_decref(found);
            return NULL;
        }
    }
    if (!found)
        snprintf(error, error_size, "%s:%d: %s is not set", path, reader.line, name);
    return found;
}
