/* plugin.h - between the scheduler and the library that builds the graph. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "runtime.h"

/** run_plugin - open the library, let it build, close it. Return: 0, or what went wrong. */
int run_plugin(Runtime *runtime);

#endif
