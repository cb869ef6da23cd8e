/* session.h - what `davsim check` adds to a process: findings, told after each launch and when the process ends. */
#ifndef DAV_CHECK_SESSION_H
#define DAV_CHECK_SESSION_H

#include "model/davsim.h"
#include "model/options.h"
#include "tools/check/check.h"

#ifdef __cplusplus
extern "C" {
#endif

struct check_session {
    const struct options *asked;
    struct findings *found;         /* NULL: nobody asked to check */
    struct check *checks[GM_SLOTS]; /* of each device that is watched, by its id */
    struct check *check;            /* of the current one */
};

/** check_session_open - as DAVSIM_CHECK and its kin ask. Return: 0, also when they do not; -1 with one line in @error.
 */
int check_session_open(struct check_session *session, const struct options *asked, char *error, size_t error_size);

/** check_session_watch - the device is there: a checker of its own watches it from now on. Return: 0, or -1 without
 *  memory. */
int check_session_watch(struct check_session *session, struct chip_state *chip, const struct kernels *kernels);

/** check_session_turn - @chip, which is watched, becomes the current device. What was found on the one before should
 *  have been told. */
void check_session_turn(struct check_session *session, const struct chip_state *chip);

/** check_session_launch - @launch is about to begin. */
void check_session_launch(struct check_session *session, const struct dav_launch *launch);

/** check_session_tell - between launches: what is new, on stderr. Return: how many findings there are so far. */
uint32_t check_session_tell(struct check_session *session);

/** check_session_close - the process ends: what is new, the JSON file, the line that closes the run.
 *  Return: 0, or -1 with one line in @error. */
int check_session_close(struct check_session *session, char *error, size_t error_size);

#ifdef __cplusplus
}
#endif
#endif
