/* host/platform_compile_info.h - which platform a host part is built for. */
#ifndef DAV_HOST_PLATFORM_COMPILE_INFO_H
#define DAV_HOST_PLATFORM_COMPILE_INFO_H

/** get_platform - davsim runs what silicon runs, so this is silicon's name. */
static inline const char *get_platform(void)
{
    return "a2a3";
}

#endif
