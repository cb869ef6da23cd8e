/* plugin.cpp - the last AICPU thread opens the library that builds the graph: its bytes are written to a file of the
 * device's, in the first directory that takes it, and opened from there. */
#include "plugin.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <exception>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "aicpu/device_log.h"

typedef int (*build_fn)(Runtime *runtime, uint64_t *args);

static bool write_file(const std::string &path, const void *bytes, size_t size)
{
    int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0755);
    size_t done = 0;

    while (fd >= 0 && done < size) {
        ssize_t part = write(fd, static_cast<const char *>(bytes) + done, size - done);
        if (part <= 0)
            break;
        done += static_cast<size_t>(part);
    }
    if (fd >= 0)
        close(fd);
    return fd >= 0 && done == size;
}

static std::string own_name()
{
    Dl_info info;

    return dladdr(reinterpret_cast<void *>(&own_name), &info) ? info.dli_fname : "";
}

static std::string write_library(const Runtime *runtime)
{
    std::string own = own_name();
    const size_t cut = static_cast<size_t>(runtime->mode / MODE_CUT_BYTES * MODE_CUT_BYTES);
    const std::string directories[] = {"/no/such/directory", own.substr(0, own.rfind('/')), "/var/tmp"};

    for (const std::string &directory : directories) {
        std::string path = directory + "/libplugin_" + std::to_string(getpid()) + ".so";
        if (write_file(path, runtime->library, cut ? cut : runtime->library_size))
            return path;
        DEV_INFO("%s: %s", path.c_str(), strerror(errno));
    }
    return "";
}

static int call(Runtime *runtime, build_fn build)
{
    try {
        return build(runtime, runtime->args);
    } catch (const std::exception &error) {
        DEV_ERROR("the plugin threw: %s", error.what());
        return -2;
    }
}

int run_plugin(Runtime *runtime)
{
    std::string path = write_library(runtime);

    if (runtime->mode & MODE_PROMOTE) {
        void *self = dlopen(own_name().c_str(), RTLD_NOW | RTLD_GLOBAL);
        if (self != dlopen(own_name().c_str(), RTLD_NOW) || !self)
            return -3;
    }
    void *library = dlopen(path.c_str(), (runtime->mode & MODE_LAZY ? RTLD_LAZY : RTLD_NOW) | RTLD_LOCAL);
    if (!library) {
        const char *why = dlerror();
        DEV_ERROR("cannot open: %s", why ? why : "no reason given");
        return -1;
    }
    if (library != dlopen(path.c_str(), RTLD_NOW) || dlclose(library) != 0 || unlink(path.c_str()) != 0)
        return -3;
    dlerror();
    build_fn build =
        reinterpret_cast<build_fn>(dlsym(library, runtime->mode & MODE_OTHER_NAME ? "no_such" : runtime->function));
    const char *why = dlerror();
    if (!build || why) {
        DEV_ERROR("cannot find: %s", why ? why : "no reason given");
        dlclose(library);
        return -1;
    }
    int result = call(runtime, build);
    if (dlclose(library) != 0 || dlclose(library) == 0)
        return -3;
    return runtime->mode & MODE_CALL_CLOSED ? call(runtime, build) : result;
}
