/* build_key.c - the key is a SHA-256 (of nettle), cut to 128 bits, over names and contents in a fixed order.
 *
 * Headers are found by reading the #include lines, without a preprocessor: lines that an #if would hide are followed
 * too, which can only make the key change more often than it must.
 */
#include "tools/build_key.h"

#include <dirent.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void build_key_init(struct build_key *key)
{
    *key = (struct build_key){0};
    sha256_init(&key->hash);
}

void build_key_text(struct build_key *key, const char *text)
{
    sha256_update(&key->hash, strlen(text) + 1, (const uint8_t *)text);
}

/* Opens a regular file; fopen alone would also open a directory. */
static FILE *open_regular(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return NULL;
    return fopen(path, "re");
}

/* The digest of a file's contents, as it was when it was read; compilers and headers go into every key of a process.
 * A file that had just been written may be written again without another date, so its digest is not kept. */
struct known {
    char *path;
    struct stat about;
    uint8_t digest[SHA256_DIGEST_SIZE];
};

static struct known *all_known;
static size_t known_count;

static bool is_unchanged(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* What is known of @path, with room made for it if that is nothing. */
static struct known *known_of(const char *path)
{
    for (size_t i = 0; i < known_count; i++)
        if (strcmp(all_known[i].path, path) == 0)
            return &all_known[i];
    struct known *grown = realloc(all_known, (known_count + 1) * sizeof(*grown));
    char *copy = strdup(path);
    if (!grown || !copy)
        abort();
    all_known = grown;
    all_known[known_count] = (struct known){.path = copy};
    return &all_known[known_count++];
}

static int digest_file(const char *path, uint8_t digest[SHA256_DIGEST_SIZE])
{
    FILE *file = open_regular(path);
    struct sha256_ctx hash;
    uint8_t buffer[16384];
    if (!file)
        return -1;
    sha256_init(&hash);
    for (size_t n; (n = fread(buffer, 1, sizeof(buffer), file)) > 0;)
        sha256_update(&hash, n, buffer);
    sha256_digest(&hash, SHA256_DIGEST_SIZE, digest);
    int result = ferror(file) ? -1 : 0;
    fclose(file);
    return result;
}

int build_key_file(struct build_key *key, const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return -1;
    struct known *known = known_of(path);
    if (!is_unchanged(&known->about, &about)) {
        if (digest_file(path, known->digest) != 0)
            return -1;
        known->about = time(NULL) - about.st_ctim.tv_sec > 1 ? about : (struct stat){0};
    }
    build_key_text(key, path);
    sha256_update(&key->hash, sizeof(known->digest), known->digest);
    return 0;
}

void build_key_tree(struct build_key *key, const char *dir)
{
    struct dirent **entries;
    int count = scandir(dir, &entries, NULL, NULL);
    if (count < 0)
        return;
    struct list names = {0};
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.')
            list_add(&names, "%s/%s", dir, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    list_sort(&names);
    for (size_t i = 0; i < names.count; i++)
        if (build_key_file(key, names.items[i]) != 0)
            build_key_tree(key, names.items[i]);
    list_free(&names);
}

/* The header that an #include line names, into @name with its opening quote first; false if the line is none. */
static bool read_include(const char *line, char *name, size_t size)
{
    line += strspn(line, " \t");
    if (*line != '#')
        return false;
    line++;
    line += strspn(line, " \t");
    if (strncmp(line, "include", 7) != 0)
        return false;
    line += strcspn(line, " \t\"<\n");
    line += strspn(line, " \t");
    size_t length = *line == '"' || *line == '<' ? strcspn(line + 1, "\">\n") + 1 : 0;
    snprintf(name, size, "%.*s", (int)length, line);
    return true;
}

static void add_header(struct build_key *key, const char *name, const char *from, const struct list *include_dirs)
{
    char path[4096];
    if (name[0] == '\0') {
        key->open_ended = true;
        return;
    }
    if (name[0] == '"') {
        snprintf(path, sizeof(path), "%s", from);
        char *dir = dirname(path);
        char beside[4096];
        if (snprintf(beside, sizeof(beside), "%s/%s", dir, name + 1) < (int)sizeof(beside) &&
            build_key_source(key, beside, include_dirs) == 0)
            return;
    }
    for (size_t i = 0; i < include_dirs->count; i++) {
        snprintf(path, sizeof(path), "%s/%s", include_dirs->items[i], name + 1);
        if (build_key_source(key, path, include_dirs) == 0)
            return;
    }
}

int build_key_source(struct build_key *key, const char *path, const struct list *include_dirs)
{
    char real[4096], line[4096], name[2048];
    if (!realpath(path, real))
        return -1;
    if (list_has(&key->seen, real))
        return 0;
    if (build_key_file(key, real) != 0)
        return -1;
    list_add(&key->seen, "%s", real);
    FILE *file = open_regular(real);
    if (!file)
        return -1;
    while (fgets(line, sizeof(line), file))
        if (read_include(line, name, sizeof(name)))
            add_header(key, name, real, include_dirs);
    fclose(file);
    return 0;
}

void build_key_finish(struct build_key *key, char hex[BUILD_KEY_HEX])
{
    uint8_t digest[(BUILD_KEY_HEX - 1) / 2];
    sha256_digest(&key->hash, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        sprintf(hex + 2 * i, "%02x", digest[i]);
    list_free(&key->seen);
}
