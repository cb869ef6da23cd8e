/* suppress.h - findings that somebody knows of and does not want to be told: files in valgrind's spirit.
 *
 * A block names kind and code, not times or values. Each line of it but `sym:` describes one side of a finding, in the
 * order in which they are told; sides after the last line are free, and `...` stands for any number of them.
 * docs/check.md has the grammar.
 */
#ifndef DAV_SUPPRESS_H
#define DAV_SUPPRESS_H

#include "tools/check/collection.h"

enum { SUPPRESSION_LINES = 8 };

/* NULL is anything. */
struct side_pattern {
    bool any_number; /* ... */
    char *fun, *file, *kernel, *agent;
    int line;
};

struct suppression {
    char *name, *file; /* where it was read */
    int line;
    bool any_kind;
    enum finding_kind kind;
    char *sym;
    struct side_pattern sides[SUPPRESSION_LINES];
    size_t count;
    uint64_t used;
    struct suppression *next;
};

struct suppressions {
    struct suppression *first, **end;
};

/** suppressions_read - from @files, newlines between them; NULL for none. NULL with one line in @error. */
struct suppressions *suppressions_read(const char *files, char *error, size_t error_size);
void suppressions_free(struct suppressions *suppressions);

/** suppressions_match - is @entry one that a block suppresses? It counts as used then. */
bool suppressions_match(struct suppressions *suppressions, const struct finding_entry *entry);

/** suppressions_unused - a line for each block that matched nothing. */
void suppressions_unused(const struct suppressions *suppressions, FILE *out);

/** suppression_write - the block that would suppress @entry. */
void suppression_write(const struct finding_entry *entry, FILE *out);

#endif
