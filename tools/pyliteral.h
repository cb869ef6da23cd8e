/* pyliteral.h - read assignments of literals from a Python file, without Python.
 *
 * The subset: comments, docstrings, `NAME = literal`, `NAME: type = literal` and `from __future__ import ...`; a literal
 * is a string, a dictionary with string keys, a list, a tuple, an integer, True, False or None. Anything else is an
 * error with its line: a configuration that has to be executed is not one that can be read.
 */
#ifndef DAV_TOOLS_PYLITERAL_H
#define DAV_TOOLS_PYLITERAL_H

#include <jansson.h>

/** pyliteral_find - the value assigned to @name in @text (a later assignment wins), as JSON: tuples become arrays.
 *  @path: how error lines name the file. @line: receives the line of the assignment.
 *  @error: receives one line, "path:line: what is wrong".
 *  Return: a new reference, or NULL with @error set. */
json_t *pyliteral_find(const char *text, const char *name, const char *path, int *line, char *error, size_t error_size);

#endif
