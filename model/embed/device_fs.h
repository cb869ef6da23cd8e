/* device_fs.h - the files of the AICPU's own system: in memory, none of the host's, gone with the device.
 *
 * A path that device code writes must not be one of the host's: two simulations at once would meet there, and a library
 * in /usr/lib64 would stay. A file is a nameless file of the host's; what is opened are plain descriptors of the host,
 * so every call that takes one works. Some directories exist from the beginning; there may be more.
 *
 * Calls that fail return -1 with errno. None takes simulated time: device_file.c does.
 */
#ifndef DAV_DEVICE_FS_H
#define DAV_DEVICE_FS_H

#include <stdbool.h>
#include <sys/stat.h>

enum { FS_PATH_MAX = 1024 };

/* Where the device keeps the AICPU's own libraries. */
#define FS_AICPU_DIRECTORY "/usr/lib64/aicpu_kernels/0/aicpu_kernels_device"

/** fs_open - open(2). Return: a descriptor that fs_owns. */
int fs_open(const char *path, int flags);

/** fs_memory - memfd_create(2), by its name. */
int fs_memory(const char *name);

/** fs_duplicate - dup(2), of what fs_owns. */
int fs_duplicate(int fd);

/** fs_owns - did fs_open, fs_memory or fs_duplicate give @fd, which fs_close has not closed? */
bool fs_owns(int fd);

int fs_close(int fd);

/** fs_disown - somebody else closes @fd. */
void fs_disown(int fd);

int fs_stat(const char *path, struct stat *out);
int fs_mkdir(const char *path);
int fs_rename(const char *from, const char *to);

/** fs_remove - unlink(2), or with @directory rmdir(2). */
int fs_remove(const char *path, bool directory);

/** fs_resolve - @path, absolute and without dots and double slashes, into @out. Return: 0 or -1. */
int fs_resolve(char out[FS_PATH_MAX], const char *path);

#endif
