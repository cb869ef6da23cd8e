/* new.h - `davsim new`: the files of a new runtime, or of an example for one. */
#ifndef DAV_TOOLS_NEW_H
#define DAV_TOOLS_NEW_H

/** new_main - the subcommand; @argv[0] is its name. Return: the exit status. */
int new_main(int argc, char **argv);

#endif
