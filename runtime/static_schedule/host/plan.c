/* plan.c - see plan.h. */
#include "plan.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where and when a task is executed, by the plan. */
struct slot {
    long long end;
    int place;
    int position; /* of the place's tasks, from 1: its count when the task has ended */
};

struct planner {
    const struct graph *graph;
    int blocks;
    struct slot *slots;                /* a task each */
    long long free_at[RUNTIME_PLACES]; /* when the place has ended its latest task */
    int executed[RUNTIME_PLACES];      /* tasks of the place */
    int last[RUNTIME_PLACES];          /* its latest task, or -1 */
    int *previous;                     /* the task before on the same place, or -1 */
};

/* ---- which core, and when ---- */

/* When the predecessors' ends are known elsewhere: the latest of all, and the latest of those that are not on the place
 * of that one. A place that executes predecessors is free only behind them, so its own never delay it. */
struct arrival {
    long long latest, latest_elsewhere;
    int place;
};

static struct arrival find_arrival(const struct planner *planner, int task)
{
    const struct graph *graph = planner->graph;
    struct arrival arrival = {.place = -1};
    for (int i = graph->before_start[task]; i < graph->before_start[task + 1]; i++) {
        const struct slot *slot = &planner->slots[graph->before[i]];
        long long at = slot->end + RUNTIME_HANDOVER_COST;
        if (slot->place == arrival.place) {
            if (at > arrival.latest)
                arrival.latest = at;
        } else if (at > arrival.latest) {
            arrival.latest_elsewhere = arrival.latest;
            arrival.latest = at;
            arrival.place = slot->place;
        } else if (at > arrival.latest_elsewhere) {
            arrival.latest_elsewhere = at;
        }
    }
    return arrival;
}

/* The task goes to the place of its type that can start it first; of several, to the first. */
static void give(struct planner *planner, int task)
{
    const Runtime *runtime = planner->graph->runtime;
    int aic = runtime->staging[task].core_type == RUNTIME_AIC;
    int from = aic ? 0 : RUNTIME_MAX_BLOCKS;
    int to = from + planner->blocks * (aic ? 1 : RUNTIME_AIVS_PER_BLOCK);
    struct arrival arrival = find_arrival(planner, task);
    long long best = LLONG_MAX;
    int place = from;
    for (int i = from; i < to; i++) {
        long long start = i == arrival.place ? arrival.latest_elsewhere : arrival.latest;
        if (planner->free_at[i] > start)
            start = planner->free_at[i];
        if (start < best) {
            best = start;
            place = i;
        }
    }
    planner->free_at[place] = best + RUNTIME_EXECUTE_COST + runtime->costs[task];
    planner->slots[task] = (struct slot){planner->free_at[place], place, ++planner->executed[place]};
    planner->previous[task] = planner->last[place];
    planner->last[place] = task;
}

/* ---- the lists ---- */

static int append(struct orders *orders, int place, int number)
{
    if (orders->count == orders->capacity) {
        int capacity = orders->capacity ? 2 * orders->capacity : 4096;
        Order *all =
            capacity > 0 && capacity < INT_MAX / 2 ? realloc(orders->all, (size_t)capacity * sizeof *all) : NULL;
        if (!all) {
            fprintf(stderr, "static_schedule: init_runtime: no host memory for %d orders of a plan\n", capacity);
            return -1;
        }
        orders->all = all;
        orders->capacity = capacity;
    }
    orders->all[orders->count++] = (Order){place, number};
    return 0;
}

/* Wait for the predecessors of @task on other places: once for each place, and not for what this core knows to have
 * ended. @known: the tasks of each place that it knows of; @needed: all 0 before and after. */
static int append_waits(const struct planner *planner, struct orders *orders, int task, int *known, int *needed)
{
    const struct graph *graph = planner->graph;
    int begin = graph->before_start[task], end = graph->before_start[task + 1], status = 0;
    for (int i = begin; i < end; i++) {
        const struct slot *slot = &planner->slots[graph->before[i]];
        if (slot->position > needed[slot->place])
            needed[slot->place] = slot->position;
    }
    for (int i = begin; i < end; i++) {
        int place = planner->slots[graph->before[i]].place;
        if (place != planner->slots[task].place && needed[place] > known[place] && status == 0) {
            known[place] = needed[place];
            status = append(orders, place, needed[place]);
        }
        needed[place] = 0;
    }
    return status;
}

/* The list of a place. Its tasks are chained from the last to the first; @tasks has room for them. */
static int append_list(const struct planner *planner, struct orders *orders, int place, int *tasks)
{
    int known[RUNTIME_PLACES] = {0}, needed[RUNTIME_PLACES] = {0};
    int count = planner->executed[place];
    for (int i = count - 1, task = planner->last[place]; i >= 0; i--, task = planner->previous[task])
        tasks[i] = task;
    for (int i = 0; i < count; i++)
        if (append_waits(planner, orders, tasks[i], known, needed) != 0 || append(orders, ORDER_EXECUTE, tasks[i]) != 0)
            return -1;
    return append(orders, ORDER_END, 0);
}

static int append_lists(const struct planner *planner, struct orders *orders, Plan *plan, int *tasks)
{
    for (int place = 0; place < RUNTIME_PLACES; place++) {
        plan->starts[place] = planner->executed[place] > 0 ? orders->count : -1;
        if (planner->executed[place] > 0 && append_list(planner, orders, place, tasks) != 0)
            return -1;
    }
    return 0;
}

int plan_make(const struct graph *graph, int blocks, struct orders *orders, Plan *plan, int *spare)
{
    size_t count = (size_t)graph->runtime->task_count;
    struct planner planner = {.graph = graph, .blocks = blocks};
    int *tasks = malloc(count * sizeof *tasks), status = -1;
    planner.slots = malloc(count * sizeof *planner.slots);
    planner.previous = malloc(count * sizeof *planner.previous);
    for (int i = 0; i < RUNTIME_PLACES; i++)
        planner.last[i] = -1;
    if (!tasks || !planner.slots || !planner.previous) {
        fprintf(stderr, "static_schedule: init_runtime: no host memory to plan %zu tasks\n", count);
    } else {
        for (size_t i = 0; i < count; i++)
            give(&planner, graph->urgent[i]);
        status = append_lists(&planner, orders, plan, tasks);
    }
    *spare = planner.executed[blocks - 1] == 0 &&
             planner.executed[RUNTIME_MAX_BLOCKS + RUNTIME_AIVS_PER_BLOCK * blocks - 1] == 0;
    free(tasks);
    free(planner.slots);
    free(planner.previous);
    return status;
}
