/* run.h - `davsim run`, which is `davsim check` too: checking is more options, and another way to judge the end. */
#ifndef DAV_TOOLS_RUN_H
#define DAV_TOOLS_RUN_H

/** run_main - run the user's program on the simulated chip and report.
 *  @argv: from the word "run" or "check" on.
 *  Return: the exit status of `davsim`, as davsim(1) lists them. */
int run_main(int argc, char **argv);

/** run_absolute - @path from the root, for the caller to free. */
char *run_absolute(const char *path);

#endif
