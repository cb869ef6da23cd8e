/* list.h - a growing list of strings that is always a valid argv: NULL follows the last item. */
#ifndef DAV_TOOLS_LIST_H
#define DAV_TOOLS_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    char **items;
    size_t count;
};

/** list_add - append a formatted string. Memory running out ends the process. */
void list_add(struct list *list, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** list_add_all - append all items of @from. */
void list_add_all(struct list *list, const struct list *from);

/** list_has - is @text one of the items? */
bool list_has(const struct list *list, const char *text);

/** list_sort - put the items in byte order. */
void list_sort(struct list *list);

/** list_join - the items with @separator between them, for the caller to free. */
char *list_join(const struct list *list, const char *separator);

/** list_words - the items as words of a shell command, quoted where they need it, for the caller to free. */
char *list_words(const struct list *list);

/** list_free - release the items; the list is empty afterwards. */
void list_free(struct list *list);

#endif
