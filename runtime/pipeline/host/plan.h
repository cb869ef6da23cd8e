/* plan.h - the order in which the AICPU is to write tickets: by core type, stage, and within a stage so that no edge
 * leads backwards. */
#ifndef PLAN_H
#define PLAN_H

#include "runtime.h"

struct plan {
    Item *items;       /* as in the Runtime */
    int *predecessors; /* as in the Runtime */
    int *first;        /* successors of task t are successors[first[t]..first[t + 1]) */
    int *successors;
    int *order;   /* the tasks, none before its predecessors */
    int *stage;   /* of each task */
    int *waiting; /* scratch, a number a task */
    int *rank;    /* of each task: its place among the items */
    int *run;     /* of each task: the first rank of its core type and stage, */
    int *length;  /* and how many there are; by this first rank */
    int stages;   /* one more than the greatest */
};

/** plan_make - find the stages of the tasks in @runtime, order them, and say which stages get cores of their own.
 *  Return: 0, or -1 after a line on stderr; plan_free either way. */
int plan_make(struct plan *plan, Runtime *runtime);

void plan_free(struct plan *plan);

#endif
