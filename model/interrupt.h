/* interrupt.h - a signal that would end the process in the middle of a launch ends the launch first, so that what has
 * been seen until then is written down. Only signals that nobody else handles are taken, and only while a launch lasts.
 */
#ifndef DAV_INTERRUPT_H
#define DAV_INTERRUPT_H

#include "model/clock.h"

#ifdef __cplusplus
extern "C" {
#endif

/** interrupt_watch - from now on SIGINT, SIGTERM and SIGHUP stop @clock. A second one ends the process as ever. */
void interrupt_watch(struct clock *clock);

/** interrupt_release - no longer. Return: the signal that came, 0 if none did. */
int interrupt_release(void);

/** interrupt_came - the signal that has come since interrupt_watch, 0 if none did. */
int interrupt_came(void);

#ifdef __cplusplus
}
#endif
#endif
