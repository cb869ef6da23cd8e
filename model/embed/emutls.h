/* emutls.h - thread-local objects of device code: each simulated core has its own. */
#ifndef DAV_EMUTLS_H
#define DAV_EMUTLS_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** emutls_new_thread - a new thread begins on @core: its objects are initialized anew when it first asks for them. An
 *  AICore's survive, so nothing calls this for one. */
void emutls_new_thread(struct core *core);

/** emutls_fini - free what @core holds. */
void emutls_fini(struct core *core);

#ifdef __cplusplus
}
#endif
#endif
