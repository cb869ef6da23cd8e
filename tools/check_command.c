/* check_command.c - see check_command.h. Findings decide the exit status, so that a script can tell a program that
 * breaks the rules from one that fails. */
#include "tools/check_command.h"

#include "model/davsim.h"
#include "tools/exit_status.h"
#include "tools/run.h"

#include <stdlib.h>
#include <unistd.h>

void check_environment(const struct run_options *options)
{
    const char *no_colour = getenv("NO_COLOR");

    setenv("DAVSIM_CHECK", "1", 1);
    if (options->json) {
        char *path = run_absolute(options->json);
        setenv("DAVSIM_CHECK_JSON", path, 1);
        free(path);
    }
    if (options->suppress.count) {
        char *files = list_join(&options->suppress, "\n");
        setenv("DAVSIM_SUPPRESS", files, 1);
        free(files);
    }
    if (options->notes)
        setenv("DAVSIM_CHECK_NOTES", "1", 1);
    if (options->gen_suppressions)
        setenv("DAVSIM_CHECK_GENERATE", "1", 1);
    if (isatty(STDERR_FILENO) && !(no_colour && *no_colour))
        setenv("DAVSIM_COLOR", "1", 1);
}

int check_status(json_t *result, int status)
{
    long long failure = json_integer_value(json_object_get(result, "status"));

    if (failure == DAV_BAD_INPUT)
        return DAV_BAD_INPUT;
    if (json_integer_value(json_object_get(result, "findings")) > 0)
        return EXIT_FINDINGS;
    if (!result && status == DAV_BAD_INPUT)
        return DAV_BAD_INPUT; /* it never came to a launch */
    return failure || status ? EXIT_FAILED : 0;
}
