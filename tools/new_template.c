/* new_template.c - see new_template.h. Templates are ordinary source files, so that they can be compiled and formatted
 * as they stand; what is replaced are words that occur for no other purpose.
 */
#include "tools/new_template.h"

#include "model/davsim.h"
#include "tools/fail.h"
#include "tools/file.h"
#include "tools/list.h"
#include "tools/paths.h"

#include <assert.h>
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Files to make: what from.items[i] holds goes to to.items[i]. */
struct copies {
    struct list from, to;
};

void new_word(struct new_words *words, const char *from, const char *to)
{
    assert(words->count < NEW_WORDS);
    words->words[words->count++] = (struct new_word){from, to};
}

/* The word that begins at @text, or NULL. */
static const struct new_word *word_at(const struct new_words *words, const char *text)
{
    for (size_t i = 0; i < words->count; i++)
        if (strncmp(text, words->words[i].from, strlen(words->words[i].from)) == 0)
            return &words->words[i];
    return NULL;
}

/* @text with all words replaced, for the caller to free. */
static char *replace(const char *text, const struct new_words *words)
{
    char *result;
    size_t size;
    FILE *stream = open_memstream(&result, &size);
    if (!stream)
        abort();
    while (*text) {
        const struct new_word *word = word_at(words, text);
        if (word)
            fputs(word->to, stream);
        else
            fputc(*text, stream);
        text += word ? strlen(word->from) : 1;
    }
    fclose(stream);
    return result;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Lists the files of the tree @from, in byte order. */
static int list_tree(struct copies *copies, const char *from, const char *to, const struct new_words *words)
{
    char *roots[] = {(char *)from, NULL};
    size_t before = copies->from.count;
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    for (FTSENT *entry; tree && (entry = fts_read(tree));) {
        if (entry->fts_info != FTS_F)
            continue;
        char *name = replace(entry->fts_path + strlen(from) + 1, words);
        list_add(&copies->from, "%s", entry->fts_path);
        list_add(&copies->to, "%s/%s", to, name);
        free(name);
    }
    if (tree)
        fts_close(tree);
    return copies->from.count > before ? 0 : fail(DAV_INTERNAL, "new: there are no templates in %s", from);
}

static int check_absent(const struct list *files)
{
    struct stat status;
    for (size_t i = 0; i < files->count; i++)
        if (lstat(files->items[i], &status) == 0)
            return fail(DAV_BAD_INPUT, "new: %s exists, and nothing is overwritten: choose another name or --dir",
                        files->items[i]);
    return 0;
}

/* Makes the directories that @file is in. */
static int make_parents(const char *file)
{
    char *path = strdup(file);
    int status = 0;
    if (!path)
        abort();
    for (char *slash = strchr(path + 1, '/'); slash && status == 0; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            status = fail(DAV_BAD_INPUT, "new: cannot make the directory %s: %s", path, strerror(errno));
        *slash = '/';
    }
    free(path);
    return status;
}

/* Makes a file that must not exist. */
static int write_text(const char *path, const char *text)
{
    int status = make_parents(path);
    if (status != 0)
        return status;
    FILE *file = fopen(path, "wxe");
    int written = file && fputs(text, file) >= 0;
    int closed = file && fclose(file) == 0;
    if (!written || !closed)
        return fail(DAV_BAD_INPUT, "new: cannot write %s: %s", path, strerror(errno));
    return 0;
}

static int copy(const char *from, const char *to, const struct new_words *words)
{
    char *template = file_text(from);
    if (!template)
        return fail(DAV_INTERNAL, "new: cannot read the template %s: %s", from, strerror(errno));
    char *text = replace(template, words);
    int status = write_text(to, text);
    if (status == 0)
        printf("%s\n", to);
    free(text);
    free(template);
    return status;
}

int new_from_templates(const char *const *templates, const char *to, const struct new_words *words)
{
    struct copies copies = {0};
    int status = 0;
    for (size_t i = 0; templates[i] && status == 0; i++) {
        char from[4096];
        snprintf(from, sizeof(from), "%s/tools/templates/%s", paths_share(), templates[i]);
        status = list_tree(&copies, from, to, words);
    }
    if (status == 0)
        status = check_absent(&copies.to);
    for (size_t i = 0; i < copies.from.count && status == 0; i++)
        status = copy(copies.from.items[i], copies.to.items[i], words);
    list_free(&copies.from);
    list_free(&copies.to);
    return status;
}
