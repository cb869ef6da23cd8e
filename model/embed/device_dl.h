/* device_dl.h - the libraries of the device's process, as the two halves of its dlopen see them. */
#ifndef DAV_DEVICE_DL_H
#define DAV_DEVICE_DL_H

#include "model/embed/device_fs.h"
#include "model/embed/device_process.h"
#include "model/embed/module.h"

/* Handles are numbers, for device code prints them. MAIN: all that is visible. */
enum { HANDLE_MAIN = 0xd100000, HANDLE_STEP = 64, LIBRARIES = 256, MESSAGE_BYTES = 576, CALLERS = 64 };

struct library {
    struct module *module; /* NULL once it is closed */
    char path[FS_PATH_MAX];
    struct module *binary; /* the AICPU binary that has opened it, or whose library has */
    int fd;                /* keeps the file, by which it is recognised; -1 of the AICPU binary */
    unsigned references;
    bool global;
};

struct dl {
    struct process_part part;
    struct library *libraries[LIBRARIES];
    size_t count;
    char *messages[CALLERS]; /* of each thread: what dlerror will say */
    bool told[CALLERS];
};

/** dl_state - the current device's. */
struct dl *dl_state(void);

/** dl_loaded - the modules of the current device. */
struct module_set *dl_loaded(void);

/** dl_library - the open library that @handle means, or NULL. */
struct library *dl_library(const void *handle);

/** dl_binary_path - the name of the AICPU binary @module, which was loaded from no file. */
void dl_binary_path(const struct module *module, char path[FS_PATH_MAX]);

/** dl_fail - a line for dlerror, and for the log: device code may not ask. */
void dl_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
