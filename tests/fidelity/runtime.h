/* runtime.h - what the report of a whole runtime says. */
#ifndef FIDELITY_RUNTIME_H
#define FIDELITY_RUNTIME_H

/** runtime_dispatch_us - run the example vector_graph in @tiles tiles of four tasks on host_build_graph.
 *  @davsim: the command; @example: where the example is. Return: mean microseconds from dispatch to a kernel's start;
 * -1 if it did not work. */
double runtime_dispatch_us(const char *davsim, const char *example, int tiles);

#endif
