/* list.c - see list.h. */
#include "tools/list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void list_add(struct list *list, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    char **items = realloc(list->items, (list->count + 2) * sizeof(*items));
    if (length < 0 || !items)
        abort();
    list->items = items;
    list->items[list->count++] = text;
    list->items[list->count] = NULL;
}

void list_add_all(struct list *list, const struct list *from)
{
    for (size_t i = 0; i < from->count; i++)
        list_add(list, "%s", from->items[i]);
}

bool list_has(const struct list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void list_sort(struct list *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof(*list->items), compare);
}

char *list_join(const struct list *list, const char *separator)
{
    size_t size = 1;
    for (size_t i = 0; i < list->count; i++)
        size += strlen(list->items[i]) + strlen(separator);
    char *text = malloc(size);
    if (!text)
        abort();
    char *end = text;
    *end = '\0';
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            end = stpcpy(end, separator);
        end = stpcpy(end, list->items[i]);
    }
    return text;
}

/* Appends @text to @words as one word of a shell command: in single quotes, unless nothing in it needs them. */
static void add_word(struct list *words, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";
    struct list parts = {0};
    if (*text && text[strspn(text, plain)] == '\0') {
        list_add(words, "%s", text);
        return;
    }
    for (const char *quote; (quote = strchr(text, '\'')); text = quote + 1)
        list_add(&parts, "%.*s", (int)(quote - text), text);
    list_add(&parts, "%s", text);
    char *quoted = list_join(&parts, "'\\''");
    list_add(words, "'%s'", quoted);
    free(quoted);
    list_free(&parts);
}

char *list_words(const struct list *list)
{
    struct list words = {0};
    for (size_t i = 0; i < list->count; i++)
        add_word(&words, list->items[i]);
    char *text = list_join(&words, " ");
    list_free(&words);
    return text;
}

void list_free(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct list){0};
}
