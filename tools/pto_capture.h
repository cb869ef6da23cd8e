/* pto_capture.h - keep what is written to stderr while a call runs: for callers that turn failures into exceptions.
 *
 * The host part of a runtime says what went wrong on stderr, as programs do. A binding wants it in its exception, and
 * nowhere else. So descriptor 2 is a file in memory for the time of a call. Should the process end in that time, by
 * exit or by a fault in the user's code, what was kept goes to the real stderr first.
 */
#ifndef DAV_TOOLS_PTO_CAPTURE_H
#define DAV_TOOLS_PTO_CAPTURE_H

#include "tools/pto.h"

#ifdef __cplusplus
extern "C" {
#endif

/** pto_capture_begin - from here on stderr is kept. Return: 0, or -1 if it cannot be: then it is not. */
PTO_PUBLIC int pto_capture_begin(void);

/** pto_capture_end - stderr is what it was. @out: receives what was kept; pto_blob_free gives it back. */
PTO_PUBLIC void pto_capture_end(struct pto_blob *out);

#ifdef __cplusplus
}
#endif
#endif
