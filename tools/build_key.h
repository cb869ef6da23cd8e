/* build_key.h - what a compilation depends on, as one 128-bit name.
 *
 * Two compilations with the same key produce the same result, so a result stored under its key never has to be made
 * again. The key covers contents, not dates: a source touched but not changed keeps its key.
 */
#ifndef DAV_TOOLS_BUILD_KEY_H
#define DAV_TOOLS_BUILD_KEY_H

#include "tools/list.h"

#include <nettle/sha2.h>
#include <stdbool.h>

#define BUILD_KEY_HEX 33 /* 128 bits in hexadecimal, and the final zero */

struct build_key {
    struct sha256_ctx hash;
    struct list seen; /* files already in the key */
    bool open_ended;  /* a file names an #include through a macro, so the key may miss a header */
};

/** build_key_init - an empty key. */
void build_key_init(struct build_key *key);

/** build_key_text - add a string and its end. */
void build_key_text(struct build_key *key, const char *text);

/** build_key_file - add a file's name and contents. Return: 0, or -1 if it cannot be read. */
int build_key_file(struct build_key *key, const char *path);

/** build_key_tree - add each regular file below @dir, in byte order of names. A missing directory adds nothing. */
void build_key_tree(struct build_key *key, const char *dir);

/** build_key_source - add a source file and every header that it reaches by #include.
 *  @include_dirs: where to look, after the directory of the including file. Headers found in none of them belong to
 *  the system, not to the key.
 *  Return: 0, or -1 if the source itself cannot be read. */
int build_key_source(struct build_key *key, const char *path, const struct list *include_dirs);

/** build_key_finish - write the name and release what the key holds. */
void build_key_finish(struct build_key *key, char hex[BUILD_KEY_HEX]);

#endif
