/* platform_members.h - what the platform reads and sets in a Runtime; see platform.h for the members. */
#ifndef DAV_PLATFORM_MEMBERS_H
#define DAV_PLATFORM_MEMBERS_H

#include "model/davsim.h"
#include "model/embed/runtime_layout.h"

/** members_read - the layout of the Runtime in the library at @path; all 0 if it cannot be read. */
void members_read(const char *path, struct runtime_layout *layout);

/** members_give_functions - point host_api to the calls of davsim.h. */
void members_give_functions(const struct runtime_layout *layout, uint8_t *runtime);

/** members_only - which AICores the Runtime's block_dim counts. */
enum dav_only members_only(const struct runtime_layout *layout, const uint8_t *runtime);

/** members_prepare - set what a launch over @cores AICores finds. Return: DAV_OK, or a status after one line. */
int members_prepare(const struct runtime_layout *layout, uint8_t *runtime, const struct dav_launch *launch, int cores);

#endif
