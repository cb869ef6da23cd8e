/* window.h - the registers of one AICore that the AICPU reaches through the register window.
 *
 * A value is set by an effect, so reading is all that callers do in their present. Offsets and encodings: simpler
 * platform_config.h (facts, machine.md).
 */
#ifndef DAV_WINDOW_H
#define DAV_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum window_reg {
    WINDOW_CTRL = 0x0,
    WINDOW_FAST_PATH_ENABLE = 0x18,
    WINDOW_DATA_MAIN_BASE = 0xA0,
    WINDOW_COND = 0x4C8,
};

enum { WINDOW_FAST_PATH_OPEN = 0xE, WINDOW_FAST_PATH_CLOSE = 0xF, WINDOW_BEAT_BYTES = 4 };

struct window {
    uint32_t ctrl, fast_path;
    uint32_t data_main_base[2]; /* two 32-bit beats */
    uint32_t cond[2];
};

/** window_reset - what a kernel launch does: DATA_MAIN_BASE becomes 0. The rest survives. */
void window_reset(struct window *window);

/** window_get / window_set - a 32-bit register at byte @offset; false when there is none. A write of DATA_MAIN_BASE
 *  while FAST_PATH_ENABLE is closed is accepted and lost. */
bool window_get(const struct window *window, uint32_t offset, uint32_t *value);
bool window_set(struct window *window, uint32_t offset, uint32_t value);

#ifdef __cplusplus
}
#endif
#endif
