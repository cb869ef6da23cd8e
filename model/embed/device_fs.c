/* device_fs.c - see device_fs.h. Files are few: a list is enough. */
#include "model/embed/device_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/embed/device_process.h"

/* The device's descriptors stand apart from the host's, so that neither their numbers nor their digits depend on what
 * the host program has open. */
enum { FIRST_FD = 100, FDS = 4096 };

struct file {
    char *path;
    bool directory;
    int fd; /* keeps a file's bytes; -1 of a directory */
    struct file *next;
};

struct fs {
    struct process_part part;
    bool begun;
    struct file *files;
    bool owned[FDS];
};

/* The current device's. */
static struct fs *fs;

static struct file *add(const char *path, bool directory)
{
    struct file *file = calloc(1, sizeof(*file));

    if (!file || !(file->path = strdup(path))) {
        free(file);
        errno = ENOSPC;
        return NULL;
    }
    file->directory = directory;
    file->fd = directory ? -1 : memfd_create("davsim-device", MFD_CLOEXEC);
    if (!directory && file->fd < 0) {
        free(file->path);
        free(file);
        return NULL;
    }
    file->next = fs->files;
    fs->files = file;
    return file;
}

static void drop(struct file **link)
{
    struct file *file = *link;

    *link = file->next;
    if (file->fd >= 0)
        close(file->fd);
    free(file->path);
    free(file);
}

static void forget(void *part)
{
    struct fs *gone = part;

    while (gone->files)
        drop(&gone->files);
    for (int fd = 0; fd < FDS; fd++)
        if (gone->owned[fd])
            close(fd);
}

/* A device that was reset begins with empty directories. */
static void begin(void)
{
    static const char *const directories[] = {"/",
                                              "/dev",
                                              "/dev/shm",
                                              "/home",
                                              "/lib",
                                              "/lib64",
                                              "/root",
                                              "/run",
                                              "/tmp",
                                              "/usr",
                                              "/usr/lib",
                                              "/usr/lib64",
                                              "/var",
                                              "/var/log",
                                              "/var/tmp",
                                              "/usr/lib64/aicpu_kernels",
                                              "/usr/lib64/aicpu_kernels/0",
                                              FS_AICPU_DIRECTORY};
    static struct process_part *parts;

    fs = process_part(&parts, sizeof(*fs), forget);
    for (size_t i = 0; !fs->begun && i < sizeof(directories) / sizeof(*directories); i++)
        add(directories[i], true);
    fs->begun = true;
}

static struct file **find(const char *path)
{
    struct file **link = &fs->files;

    while (*link && strcmp((*link)->path, path) != 0)
        link = &(*link)->next;
    return link;
}

static int failed(int error)
{
    errno = error;
    return -1;
}

/* Is there a directory for @path to stand in? */
static bool has_parent(const char *path)
{
    char parent[FS_PATH_MAX];
    char *slash;

    snprintf(parent, sizeof(parent), "%s", path);
    slash = strrchr(parent, '/');
    slash[slash == parent] = '\0';
    const struct file *file = *find(parent);
    if (file && file->directory)
        return true;
    errno = file ? ENOTDIR : ENOENT;
    return false;
}

int fs_resolve(char out[FS_PATH_MAX], const char *path)
{
    size_t used = 0;

    if (!*path)
        return failed(ENOENT);
    for (const char *part = path; *part;) {
        size_t length;

        part += strspn(part, "/");
        length = strcspn(part, "/");
        if (length == 2 && memcmp(part, "..", 2) == 0) {
            while (used && out[--used] != '/') {
            }
        } else if (length && !(length == 1 && *part == '.')) {
            if (used + 1 + length + 1 > FS_PATH_MAX)
                return failed(ENAMETOOLONG);
            out[used++] = '/';
            memcpy(out + used, part, length);
            used += length;
        }
        part += length;
    }
    if (!used)
        out[used++] = '/';
    out[used] = '\0';
    return 0;
}

/* ---- descriptors ---- */

bool fs_owns(int fd)
{
    begin();
    return fd >= 0 && fd < FDS && fs->owned[fd];
}

/* @fd under a number of the device's. */
static int take(int fd)
{
    int taken;

    if (fd < 0)
        return -1;
    taken = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);
    close(fd);
    if (taken >= FDS) {
        close(taken);
        return failed(EMFILE);
    }
    if (taken >= 0)
        fs->owned[taken] = true;
    return taken;
}

/* Another opening of what @fd is open to. */
static int open_again(int fd, int flags)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return take(open(path, flags & (O_ACCMODE | O_TRUNC | O_APPEND | O_NONBLOCK | O_CLOEXEC)));
}

/* The descriptor that @path names, by /proc or /dev; -1 if it names none. */
static int named_fd(const char *path)
{
    char own[32];
    const char *const prefixes[] = {"/proc/self/fd/", "/dev/fd/", own};

    snprintf(own, sizeof(own), "/proc/%d/fd/", DEVICE_PID);
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
        if (strncmp(path, prefixes[i], strlen(prefixes[i])) == 0)
            return atoi(path + strlen(prefixes[i]));
    return -1;
}

int fs_open(const char *path, int flags)
{
    char resolved[FS_PATH_MAX];
    struct file *file;

    begin();
    if (fs_resolve(resolved, path) != 0)
        return -1;
    if (named_fd(resolved) >= 0)
        return fs_owns(named_fd(resolved)) ? open_again(named_fd(resolved), flags) : failed(ENOENT);
    if (strcmp(resolved, "/dev/null") == 0 || strcmp(resolved, "/dev/zero") == 0)
        return take(open(resolved, flags & O_ACCMODE));
    file = *find(resolved);
    if (file && (flags & O_CREAT) && (flags & O_EXCL))
        return failed(EEXIST);
    if (file && file->directory)
        return failed(EISDIR);
    if (!file && !has_parent(resolved))
        return -1;
    if (!file && !(flags & O_CREAT))
        return failed(ENOENT);
    if (!file && !(file = add(resolved, false)))
        return -1;
    return open_again(file->fd, flags);
}

int fs_memory(const char *name)
{
    begin();
    return take(memfd_create(name, MFD_CLOEXEC));
}

int fs_duplicate(int fd)
{
    return fs_owns(fd) ? take(dup(fd)) : failed(EBADF);
}

int fs_close(int fd)
{
    if (!fs_owns(fd))
        return failed(EBADF);
    fs->owned[fd] = false;
    return close(fd);
}

void fs_disown(int fd)
{
    if (fs_owns(fd))
        fs->owned[fd] = false;
}

/* ---- names ---- */

int fs_stat(const char *path, struct stat *out)
{
    char resolved[FS_PATH_MAX];
    struct file *file;

    begin();
    if (fs_resolve(resolved, path) != 0)
        return -1;
    file = *find(resolved);
    if (!file && (has_parent(resolved) || errno == ENOENT))
        return failed(ENOENT);
    if (!file)
        return -1;
    *out = (struct stat){.st_mode = S_IFDIR | 0755, .st_nlink = 1, .st_blksize = 4096};
    if (!file->directory) {
        struct stat host;

        if (fstat(file->fd, &host) != 0)
            return -1;
        out->st_mode = S_IFREG | 0755;
        out->st_size = host.st_size;
        out->st_blocks = (host.st_size + 511) / 512;
    }
    return 0;
}

int fs_mkdir(const char *path)
{
    char resolved[FS_PATH_MAX];

    begin();
    if (fs_resolve(resolved, path) != 0)
        return -1;
    if (*find(resolved))
        return failed(EEXIST);
    return has_parent(resolved) && add(resolved, true) ? 0 : -1;
}

static bool is_empty(const char *directory)
{
    size_t length = strlen(directory);

    for (const struct file *file = fs->files; file; file = file->next)
        if (strncmp(file->path, directory, length) == 0 && file->path[length] == '/')
            return false;
    return true;
}

int fs_remove(const char *path, bool directory)
{
    char resolved[FS_PATH_MAX];
    struct file **link;

    begin();
    if (fs_resolve(resolved, path) != 0)
        return -1;
    link = find(resolved);
    if (!*link)
        return failed(ENOENT);
    if ((*link)->directory != directory)
        return failed(directory ? ENOTDIR : EISDIR);
    if (directory && (strcmp(resolved, "/") == 0 || !is_empty(resolved)))
        return failed(ENOTEMPTY);
    drop(link);
    return 0;
}

int fs_rename(const char *from, const char *to)
{
    char source[FS_PATH_MAX], target[FS_PATH_MAX], *path;
    struct file *file, **there;

    begin();
    if (fs_resolve(source, from) != 0 || fs_resolve(target, to) != 0)
        return -1;
    file = *find(source);
    if (!file)
        return failed(ENOENT);
    if (file->directory)
        return failed(EXDEV); /* whoever moves directories copies them, then */
    if (!has_parent(target) || strcmp(source, target) == 0)
        return strcmp(source, target) == 0 ? 0 : -1;
    there = find(target);
    if (*there && (*there)->directory)
        return failed(EISDIR);
    if (!(path = strdup(target)))
        return failed(ENOSPC);
    if (*there)
        drop(there);
    free(file->path);
    file->path = path;
    return 0;
}
