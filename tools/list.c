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

void list_free(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct list){0};
}
