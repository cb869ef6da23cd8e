/* runtime.c - lets the debug information of a runtime in C hold its Runtime, whoever else mentions it. Compiled into
 * the host library of such a runtime; in C++ it is `runtime.cpp`. */
#include "runtime.h"

__attribute__((used)) static const size_t runtime_size = sizeof(Runtime);
__attribute__((used)) static Runtime *runtime_layout;
