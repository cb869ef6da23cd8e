/* device_path.c - calls that name a file and do not open it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/embed/device_fs.h"
#include "model/embed/device_process.h"

static int remove_file(const char *path)
{
    return fs_remove(path, false);
}

static int remove_directory(const char *path)
{
    return fs_remove(path, true);
}

static int remove_either(const char *path)
{
    return fs_remove(path, false) == 0 || errno != EISDIR ? 0 : fs_remove(path, true);
}

static int is_there(const char *path)
{
    struct stat status;

    return fs_stat(path, &status);
}

static int with_path(const char *name, const char *path, int (*act)(const char *))
{
    char copy[FS_PATH_MAX];
    struct core *core;
    int status;

    if (!process_text(copy, sizeof(copy), path))
        return -1;
    core = process_enter(name);
    status = act(copy);
    process_leave(core);
    return status;
}

DEVICE_CALL int __wrap_unlink(const char *path)
{
    return with_path("unlink", path, remove_file);
}

DEVICE_CALL int __wrap_remove(const char *path)
{
    return with_path("remove", path, remove_either);
}

DEVICE_CALL int __wrap_rmdir(const char *path)
{
    return with_path("rmdir", path, remove_directory);
}

DEVICE_CALL int __wrap_mkdir(const char *path, mode_t mode)
{
    (void)mode;
    return with_path("mkdir", path, fs_mkdir);
}

/* Whatever is there may be read, written and executed. */
DEVICE_CALL int __wrap_access(const char *path, int mode)
{
    (void)mode;
    return with_path("access", path, is_there);
}

DEVICE_CALL int __wrap_chmod(const char *path, mode_t mode)
{
    (void)mode;
    return with_path("chmod", path, is_there);
}

DEVICE_CALL int __wrap_shm_unlink(const char *name)
{
    char copy[FS_PATH_MAX], path[FS_PATH_MAX + 16];

    if (!process_text(copy, sizeof(copy), name))
        return -1;
    snprintf(path, sizeof(path), "/dev/shm/%s", copy);
    return with_path("shm_unlink", path, remove_file);
}

DEVICE_CALL int __wrap_rename(const char *from, const char *to)
{
    char source[FS_PATH_MAX], target[FS_PATH_MAX];
    struct core *core;
    int status;

    if (!process_text(source, sizeof(source), from) || !process_text(target, sizeof(target), to))
        return -1;
    core = process_enter("rename");
    status = fs_rename(source, target);
    process_leave(core);
    return status;
}

static int tell_status(const char *name, const char *path, struct stat *out)
{
    char copy[FS_PATH_MAX];
    struct stat status;
    struct core *core;
    int result;

    if (!process_text(copy, sizeof(copy), path))
        return -1;
    core = process_enter(name);
    result = fs_stat(copy, &status);
    process_leave(core);
    if (result == 0)
        port_store_block(out, &status, 0, sizeof(status));
    return result;
}

DEVICE_CALL int __wrap_stat(const char *path, struct stat *out)
{
    return tell_status("stat", path, out);
}

DEVICE_CALL int __wrap_lstat(const char *path, struct stat *out)
{
    return tell_status("lstat", path, out);
}

/* The same structure on this machine. */
DEVICE_CALL int __wrap_stat64(const char *path, void *out)
{
    return tell_status("stat64", path, out);
}

DEVICE_CALL int __wrap_lstat64(const char *path, void *out)
{
    return tell_status("lstat64", path, out);
}

/* There are no links but one: to the program itself. */
DEVICE_CALL ssize_t __wrap_readlink(const char *path, char *to, size_t size)
{
    static const char program[] = "/usr/bin/aicpu";
    char copy[FS_PATH_MAX];
    size_t length = sizeof(program) - 1;

    libc_call();
    if (!process_text(copy, sizeof(copy), path))
        return -1;
    if (strcmp(copy, "/proc/self/exe") != 0) {
        errno = EINVAL;
        return -1;
    }
    if (length > size)
        length = size;
    port_store_block(to, program, 0, length);
    return (ssize_t)length;
}

DEVICE_CALL char *__wrap_realpath(const char *path, char *to)
{
    char copy[FS_PATH_MAX], resolved[FS_PATH_MAX];
    struct stat status;
    struct core *core;
    bool there;

    if (!process_text(copy, sizeof(copy), path))
        return NULL;
    core = process_enter("realpath");
    there = fs_stat(copy, &status) == 0 && fs_resolve(resolved, copy) == 0;
    process_leave(core);
    if (there && !to)
        to = libc_block(0, PATH_MAX);
    if (!there || !to)
        return NULL;
    port_store_block(to, resolved, 0, strlen(resolved) + 1);
    return to;
}

DEVICE_CALL char *__wrap_getcwd(char *to, size_t size)
{
    libc_call();
    if (size < 2 && to) {
        errno = ERANGE;
        return NULL;
    }
    if (!to)
        to = libc_block(0, PATH_MAX);
    if (to)
        port_store_block(to, "/", 0, 2);
    return to;
}

DEVICE_CALL int __wrap_chdir(const char *path)
{
    (void)path;
    return process_refuse("chdir");
}

DEVICE_CALL void *__wrap_opendir(const char *path)
{
    (void)path;
    process_refuse("opendir");
    return NULL;
}
