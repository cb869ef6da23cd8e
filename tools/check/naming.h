/* naming.h - the member of the Runtime that a finding is about, by its name in the source. */
#ifndef DAV_NAMING_H
#define DAV_NAMING_H

#include "model/davsim.h"
#include "tools/check/finding.h"

#ifdef __cplusplus
extern "C" {
#endif

struct naming;

/** naming_new - knows no launch yet. NULL without memory. */
struct naming *naming_new(void);
void naming_free(struct naming *naming);

/** naming_launch - @launch is about to begin: from now on its Runtime is meant. Takes copies of what it needs. */
void naming_launch(struct naming *naming, const struct dav_launch *launch);

/** naming_complete - for findings_complete_with, whose ctx is a struct naming: write found->symbol, such as
 *  "Runtime.workers[3].task_status", if the address is in the Runtime and a module's debug information knows a type of
 *  that name. */
void naming_complete(void *naming, struct finding *found);

#ifdef __cplusplus
}
#endif
#endif
