/* new_template.h - make files from templates: copies in which some words are replaced. */
#ifndef DAV_TOOLS_NEW_TEMPLATE_H
#define DAV_TOOLS_NEW_TEMPLATE_H

#include <stddef.h>

/* A word to replace, in names of files and in their text. Of several that fit, the first counts. */
struct new_word {
    const char *from, *to;
};

enum { NEW_WORDS = 16 };

struct new_words {
    struct new_word words[NEW_WORDS];
    size_t count;
};

/** new_word - replace @from by @to, which both must outlive @words. */
void new_word(struct new_words *words, const char *from, const char *to);

/** new_from_templates - copy the trees share/tools/templates/@templates[i] (NULL at the end) into the directory @to,
 *  and print the name of each file made. Nothing is made if one of the files is there already.
 *  Return: 0, or one of enum dav_status after one line. */
int new_from_templates(const char *const *templates, const char *to, const struct new_words *words);

#endif
