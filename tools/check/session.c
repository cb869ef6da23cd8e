/* session.c - see session.h. */
#include "tools/check/session.h"

#include "tools/check/state.h"

int check_session_open(struct check_session *session, const struct options *asked, char *error, size_t error_size)
{
    session->asked = asked;
    session->found = NULL;
    if (!asked->check)
        return 0;
    session->found = findings_new(asked->suppress, asked->check_notes, error, error_size);
    if (!session->found)
        return -1;
    if (asked->check_generate)
        findings_generate(session->found);
    return 0;
}

int check_session_watch(struct check_session *session, struct chip_state *chip, const struct kernels *kernels)
{
    if (!session->found)
        return 0;
    session->checks[chip->device_id] = check_new(chip, kernels, session->found, session->asked->check_notes);
    return session->checks[chip->device_id] ? 0 : -1;
}

void check_session_turn(struct check_session *session, const struct chip_state *chip)
{
    session->check = session->checks[chip->device_id];
    if (session->check)
        findings_complete_with(session->found, fields_complete, session->check);
}

void check_session_launch(struct check_session *session, const struct dav_launch *launch)
{
    if (session->check)
        check_modules(session->check, launch->aicore_binary, launch->aicore_size, launch->aicpu_binary,
                      launch->aicpu_size);
}

uint32_t check_session_tell(struct check_session *session)
{
    if (!session->found)
        return 0;
    findings_tell(session->found, stderr, session->asked->colour);
    return findings_count(session->found);
}

int check_session_close(struct check_session *session, char *error, size_t error_size)
{
    int status = 0;

    if (!session->found)
        return 0;
    for (int device = 0; device < GM_SLOTS; device++)
        if (session->checks[device])
            check_finish(session->checks[device]);
    findings_tell(session->found, stderr, session->asked->colour);
    if (session->asked->check_json)
        status = findings_json(session->found, session->asked->check_json, error, error_size);
    if (session->asked->verbose)
        findings_tell_unused(session->found, stderr);
    findings_summary(session->found, stderr, session->asked->colour);
    return status;
}
