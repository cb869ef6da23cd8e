/* recorder_names.h - texts that outlive the moment until a launch ends: one copy each. */
#ifndef DAV_RECORDER_NAMES_H
#define DAV_RECORDER_NAMES_H

#ifdef __cplusplus
extern "C" {
#endif

/* All 0 is empty. */
struct recorder_names {
    void *tree;
};

/** names_keep - the one copy of @name, good until names_free; NULL without memory. names_free - @names is empty. */
const char *names_keep(struct recorder_names *names, const char *name);
void names_free(struct recorder_names *names);

#ifdef __cplusplus
}
#endif
#endif
