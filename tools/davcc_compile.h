/* davcc_compile.h - one source becomes one object.
 *
 * Code for an AICore that speaks of UB goes by way of IR (davcc_ub.h), all other through the compiler in one go. A
 * kernel in C++ is preprocessed before, to take the marks of device functions off (davcc_cxx.h).
 */
#ifndef DAV_DAVCC_COMPILE_H
#define DAV_DAVCC_COMPILE_H

#include "tools/davcc_target.h"
#include "tools/list.h"

#include <limits.h>
#include <stdbool.h>

enum language { NO_SOURCE, ASSEMBLER, C, CXX, OBJECT };

/** language_of - what the file @path is, by its suffix. */
enum language language_of(const char *path);

/* What all sources of one command line have in common. */
struct compilation {
    enum target target;
    bool show;                            /* commands are printed, not run */
    struct list compiler, c_std, cxx_std; /* the user's options */
    char dir[PATH_MAX];                   /* for intermediate files */
};

/* Their names. */
#define COMPILE_INTERMEDIATES "source.ii", "source.ll", "ub.ll", "source.d"

/** compile_add_all_but_rules - add the options @from to @to, without those that ask for a make rule. */
void compile_add_all_but_rules(struct list *to, const struct list *from);

/** compile_source - compile @source to @object. Return: 0, or what davcc is to exit with. */
int compile_source(const struct compilation *how, const char *source, const char *object);

#endif
