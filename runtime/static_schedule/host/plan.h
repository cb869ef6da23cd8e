/* plan.h - list scheduling: which core executes which tasks in which order, made before the run.
 *
 * The tasks are taken in the order of their urgency, and each goes to the core on which it can end first, by the
 * estimated costs. A predecessor on another core ends RUNTIME_HANDOVER_COST later for it than one on the same core.
 *
 * No plan can hang: every core's list is a part of one and the same order, and each order to wait is for something
 * that comes before in it.
 */
#ifndef PLAN_H
#define PLAN_H

#include "graph.h"

/* The orders of all plans, as they grow. */
struct orders {
    Order *all;
    int count, capacity;
};

/** plan_make - plan @graph for @blocks clusters; its lists are appended to @orders.
 *  @spare: whether a core of each type would have nothing to do, so that more of them make no other plan.
 *  Return: 0; -1 after a line on stderr. */
int plan_make(const struct graph *graph, int blocks, struct orders *orders, Plan *plan, int *spare);

#endif
