/* scheduler.h - loops of a scheduler, for the rows that time one. */
#ifndef FIDELITY_SCHEDULER_H
#define FIDELITY_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>

/** scheduler_classify - look at the fan-in of each of @count tasks, @stride bytes apart, which is its first word, and
 *  push those that have none onto a list behind the tasks. Return how many these are. */
uint32_t scheduler_classify(const void *tasks, uint32_t count, uint32_t stride);

/** scheduler_idle - @turns turns of host_build_graph's scheduler loop, of a thread that has @cores idle AICores and
 *  nothing to give them, while another thread's task still runs. @memory: GM for a Runtime. */
void scheduler_idle(void *memory, int cores, uint32_t turns);

#endif
