/* chip_cores.h - building and taking down the state behind the SystemC modules. */
#ifndef DAV_CHIP_CORES_H
#define DAV_CHIP_CORES_H

#include "model/chip_state.h"

#ifdef __cplusplus
extern "C" {
#endif

/* AICPU agents beside the chip's AICPU cores, for threads that device code creates itself. */
enum { CHIP_SPARE_AICPUS = 8 };

/** chip_cores_init - GM, views, book, register windows and cores as @chip->file says, where @chip->device_id has its
 *  addresses. Return 0 or -1. */
int chip_cores_init(struct chip_state *chip, void (*switch_to)(void *, struct agent *, struct agent *), void *ctx);

/** chip_vary - let @chip->vary take effect on the cores, which must be idle. Return 0, or -1 without memory. */
int chip_vary(struct chip_state *chip);

/** chip_name_cores - "AIC_3"; or "dev1.AIC_3", for processes that use more than one device. */
void chip_name_cores(struct chip_state *chip, bool with_device);

/** chip_hide - until chip_show, device code that touches GM or the windows of @chip faults: it runs on another device.
 *  Return 0 or -1. */
int chip_hide(struct chip_state *chip);
int chip_show(struct chip_state *chip);

/** chip_start_core - give @core a program that begins at @at_ps. */
void chip_start_core(struct core *core, void (*program)(struct core *), uint64_t at_ps);

/** chip_spawn_aicpu - start @fn(@arg) on a free AICPU agent. NULL when none is free. */
struct core *chip_spawn_aicpu(struct chip_state *chip, void *(*fn)(void *), void *arg, uint64_t at_ps);

#ifdef __cplusplus
}
#endif
#endif
