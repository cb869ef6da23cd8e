/* process.c - the AICPU threads are one process: files that all see and the host does not, thread-specific values,
 * numbers that do not depend on the host. Expected: value[0] = threads (each has read what thread 0 wrote); value[1] =
 * the AICPU cores of the chip; value[2] = 0 (bytes of another thread's that a key has shown). 1 to 4 threads.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "aicpu/device_log.h"
#include "check.h"

static const char path[] = "/var/tmp/davsim_device_test";
static pthread_key_t key;
static uint32_t arrived;
static int once_only;

static void make_key(void)
{
    once_only += pthread_key_create(&key, NULL) == 0;
}

static void write_file(struct device_result *result, char *gm)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);

    strcpy(gm, "from GM, not from the cache of the host");
    CHECK(result, fd >= 0 && write(fd, gm, strlen(gm) + 1) == (ssize_t)strlen(gm) + 1);
    CHECK(result, close(fd) == 0 && close(fd) == -1 && errno == EBADF);
    CHECK(result, open("/no/such/directory/file", O_WRONLY | O_CREAT, 0755) == -1 && errno == ENOENT);
    CHECK(result, open(path, O_WRONLY | O_CREAT | O_EXCL, 0755) == -1 && errno == EEXIST);
    CHECK(result, access("/etc/passwd", F_OK) == -1 && errno == ENOENT);
}

static void read_file(struct device_result *result, char *gm, int me)
{
    struct stat status;
    int fd = open(path, O_RDONLY);

    CHECK(result, fd >= 0 && read(fd, gm + 200 + 64 * me, 64) == 40 && read(fd, gm + 200, 1) == 0);
    CHECK(result, strcmp(gm + 200 + 64 * me, "from GM, not from the cache of the host") == 0);
    CHECK(result, close(fd) == 0 && stat(path, &status) == 0 && status.st_size == 40 && S_ISREG(status.st_mode));
    __atomic_fetch_add(&result->value[0], 1, __ATOMIC_RELAXED);
}

static void names(struct device_result *result)
{
    char first[] = "/tmp/one-XXXXXX", second[] = "/tmp/one-XXXXXX", directory[] = "/tmp/dir-XXXXXX", line[40];
    int a = mkstemp(first), b = mkstemp(second);
    FILE *stream;

    CHECK(result, a >= 0 && b >= 0 && strcmp(first, second) != 0);
    CHECK(result, close(a) == 0 && close(b) == 0 && rename(first, second) == 0 && access(first, R_OK) == -1);
    CHECK(result, mkdtemp(directory) && chmod(directory, 0700) == 0 && strcat(directory, "") == directory);
    snprintf(line, sizeof(line), "%s/../%s", "/tmp/.", "text");
    stream = fopen(line, "w+");
    CHECK(result, stream && fprintf(stream, "line %d\nend\n", 7) == 11);
    rewind(stream);
    CHECK(result, fgets(line, sizeof(line), stream) == line && strcmp(line, "line 7\n") == 0);
    CHECK(result, fread(line, 1, 4, stream) == 4 && memcmp(line, "end\n", 4) == 0 && fclose(stream) == 0);
    CHECK(result, access("/tmp/../text", F_OK) == 0 && unlink("/text") == 0 && remove(second) == 0);
    CHECK(result, rmdir("/tmp") == -1 && errno == ENOTEMPTY && rmdir(directory) == 0 && rmdir(directory) == -1);
    a = memfd_create("any", 0);
    b = dup(a);
    CHECK(result, a >= 0 && write(a, "x", 1) == 1 && close(a) == 0 && dup(a) == -1);
    CHECK(result, pread(b, line, 1, 0) == 1 && line[0] == 'x' && close(b) == 0);
}

static void who(struct device_result *result, int me)
{
    char name[32];

    CHECK(result, getpid() == 1000 && gettid() == 1000 + me && syscall(SYS_gettid) == gettid());
    result->value[1] = sysconf(_SC_NPROCESSORS_ONLN);
    CHECK(result, pthread_setname_np(pthread_self(), "worker") == 0);
    CHECK(result, pthread_getname_np(pthread_self(), name, sizeof(name)) == 0 && name[6] == '0' + me);
    CHECK(result, system("true") == -1 && errno == ENOSYS && fork() == -1 && popen("true", "r") == NULL);
    CHECK(result, signal(SIGSEGV, SIG_IGN) == SIG_DFL && kill(getpid(), 0) == 0);
    CHECK(result, select(0, NULL, NULL, NULL, &(struct timeval){.tv_usec = 1}) == 0 && poll(NULL, 0, 0) == 0);
    CHECK(result, getrandom(name, 8, 0) == 8 && arc4random() != 0);
    CHECK(result, getenv("NO_SUCH_VARIABLE_OF_DAVSIM") == NULL);
}

static void own_values(struct device_result *result, int me)
{
    CHECK(result, pthread_getspecific(key) == NULL);
    pthread_setspecific(key, (void *)(intptr_t)(me + 1));
    usleep(3);
    CHECK(result, pthread_getspecific(key) == (void *)(intptr_t)(me + 1));
    result->value[2] += pthread_getspecific(key) != (void *)(intptr_t)(me + 1);
}

/* errno is each thread's own, although all of them fail all the time. */
static void own_errno(struct device_result *result, int me)
{
    for (int i = 0; i < 50; i++) {
        CHECK(result, (me % 2 ? close(77) : access("/nowhere", F_OK)) == -1);
        int seen = errno;
        usleep(1);
        CHECK(result, seen == (me % 2 ? EBADF : ENOENT) && errno == seen);
    }
}

int aicpu_execute(struct device_result *result)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static char *gm;
    int me = dav_thread_idx();
    Dl_info info;

    pthread_once(&once, make_key);
    if (me == 0) {
        gm = dav_device_malloc(4096);
        write_file(result, gm);
        names(result);
    }
    meet(result, &arrived, 1);
    CHECK(result, once_only == 1);
    read_file(result, gm, me);
    who(result, me);
    own_values(result, me);
    own_errno(result, me);
    meet(result, &arrived, 2);
    if (me == 0)
        CHECK(result, unlink(path) == 0 && unlink(path) == -1 && errno == ENOENT);
    CHECK(result, dladdr((void *)(uintptr_t)own_errno, &info) && strstr(info.dli_fname, "/libaicpu.so"));
    FINISH(result);
    return 0;
}
