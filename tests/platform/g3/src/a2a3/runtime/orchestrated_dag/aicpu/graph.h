/* graph.h - the graph on the AICPU: one mutex guards all of it, and every thread comes by for each task. */
#ifndef GRAPH_H
#define GRAPH_H

#include "runtime.h"

/** graph_open - an empty graph; @runtime gets the table of functions that fill it. */
void graph_open(Runtime *runtime);

/** graph_complete - nothing will be added. Return: the tasks that this thread has added. */
int graph_complete();

/** graph_take - a task to execute on a core of this type, AICPU_TASK_INVALID if there is none now. */
int graph_take(CoreType type);

/** graph_end - the task has ended. */
void graph_end(int id);

/** graph_ended - whether all is done. */
bool graph_ended();

/** graph_close - free what the orchestration has allocated. */
void graph_close();

/** run_orchestration - open the library in GM, call its function, close it. Return: what it returned, or less than 0.
 */
int run_orchestration(Runtime *runtime);

#endif
