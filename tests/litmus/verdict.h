/* verdict.h - what the checker (tools/check) says of a run. */
#ifndef DAV_LITMUS_VERDICT_H
#define DAV_LITMUS_VERDICT_H

#include "model/chip_state.h"
#include "tools/check/finding.h"

#ifdef __cplusplus
extern "C" {
#endif

/** verdict_open - make the checker, once. Return 0 or -1. */
int verdict_open(struct chip_state *chip);

/** verdict_begin - it watches from now on; the program's memory is @size bytes at @block, which the host has written.
 */
void verdict_begin(struct chip_state *chip, const void *block, uint64_t size);

/** verdict_launch - a launch begins or ends. verdict_copy - the host copies @size bytes to @addr, or with no @bytes
 * from there. */
void verdict_launch(struct chip_state *chip, bool begins);
void verdict_copy(struct chip_state *chip, uint64_t addr, const void *bytes, uint64_t size);

/** verdict_end - it watches no more. Return the kinds of findings, a bit each (enum finding_kind). */
uint32_t verdict_end(struct chip_state *chip);

/** verdict_close - give the checker back. */
void verdict_close(void);

/** verdict_text - the names of @kinds. */
void verdict_text(uint32_t kinds, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
