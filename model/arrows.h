/* arrows.h - arrows of the timeline that have left one task and wait for the other to begin, by the other's id. */
#ifndef DAV_ARROWS_H
#define DAV_ARROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct arrow {
    uint64_t flow;    /* trace_new_flow */
    uint64_t left_ps; /* when */
    uint32_t next;    /* to the same task: index, 0 at the end */
};

/* All 0 is empty. */
struct arrows {
    uint32_t *first; /* by task id */
    size_t tasks;
    struct arrow *arrows; /* the first one is not used */
    size_t count, capacity;
    size_t under_way;
    uint32_t unused; /* a list of those that have arrived */
};

/** arrows_add - an arrow leaves for task @to. Return false if it cannot be kept: an absurd id, or no memory. */
bool arrows_add(struct arrows *arrows, uint64_t to, uint64_t flow, uint64_t left_ps);

/** arrows_take - task @to begins: one of the arrows that lead to it, 0 when there is none left. */
uint64_t arrows_take(struct arrows *arrows, uint64_t to, uint64_t *left_ps);

/** arrows_any - whether any has not arrived. *@to: a task that no arrow leads to a smaller one than, e.g. 0; becomes
 * the first that one leads to. */
bool arrows_any(const struct arrows *arrows, uint64_t *to);
void arrows_fini(struct arrows *arrows);

#ifdef __cplusplus
}
#endif
#endif
