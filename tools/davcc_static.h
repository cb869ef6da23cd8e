/* davcc_static.h - objects of C++ templates that have a constructor, and may yet need none to run.
 *
 * Nothing runs before a kernel. Where the optimiser can compute what a constructor would do, none is left, but it does
 * not touch an object that the linker could replace by another's of the same name, such as a template's static member.
 * In a kernel there is nothing to replace it, so it is made the source's own.
 */
#ifndef DAV_DAVCC_STATIC_H
#define DAV_DAVCC_STATIC_H

#include "tools/davcc_text.h"

#include <stdio.h>

/** static_constructors - the line of the IR text @ir that lists constructors; empty if there is none. */
struct span static_constructors(const char *ir);

/** static_rewrite - write the definition of an object in @line to @out if it is one of those objects, or the mark that
 *  one is constructed. Return: has it been written? */
bool static_rewrite(FILE *out, struct span line, struct span constructors);

#endif
