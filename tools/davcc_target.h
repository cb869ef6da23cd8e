/* davcc_target.h - how code for each part of the system is compiled and linked: which flags, and nothing else. */
#ifndef DAV_DAVCC_TARGET_H
#define DAV_DAVCC_TARGET_H

#include "tools/list.h"

#include <stdbool.h>

enum target { TARGET_NONE, TARGET_AICPU, TARGET_AICORE, TARGET_AIC, TARGET_AIV, TARGET_HOST, TARGET_ORCHESTRATION };

/** target_parse - the target called @name, or TARGET_NONE. */
enum target target_parse(const char *name);

/** target_names - all names, for messages. */
const char *target_names(void);

/** target_is_kernel - is the result one kernel image? */
static inline bool target_is_kernel(enum target target)
{
    return target == TARGET_AIC || target == TARGET_AIV;
}

/** target_is_module - is the result a device module? */
static inline bool target_is_module(enum target target)
{
    return target == TARGET_AICPU || target == TARGET_AICORE;
}

/** target_has_ub - does the code run on an AICore, whose scalar unit has a UB beside it? */
static inline bool target_has_ub(enum target target)
{
    return target_is_kernel(target) || target == TARGET_AICORE;
}

/** target_compile - add compiler and flags that compile one source (-c comes from the caller).
 *  @cxx: the source is C++. */
void target_compile(enum target target, bool cxx, struct list *command);

/** target_link - add linker and flags that come before the objects. @cxx: some object came from C++. */
void target_link(enum target target, bool cxx, struct list *command);

/** target_libraries - add what comes after the objects. */
void target_libraries(enum target target, bool cxx, struct list *command);

#endif
