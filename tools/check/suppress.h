/* suppress.h - findings that somebody knows of and does not want to be told. */
#ifndef DAV_SUPPRESS_H
#define DAV_SUPPRESS_H

#include "tools/check/collection.h"

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
