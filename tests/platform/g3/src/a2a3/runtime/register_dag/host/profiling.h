/* profiling.h - a buffer in GM for each AICore that there may be, in which it notes what it has executed. */
#ifndef PROFILING_H
#define PROFILING_H

#include "runtime.h"

/** take_records - the records of all cores, completed; the buffers are freed. Return: how many make sense. */
int take_records(Runtime *runtime);

#endif
