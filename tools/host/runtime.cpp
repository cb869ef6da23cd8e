// runtime.cpp - what the platform cannot do with a C++ Runtime from outside: run its constructor and destructor, and
// catch what the host part throws. Compiled into the host library of a runtime in C++ only; in C it is `runtime.c`.
#include "runtime.h"

#include <cstdio>
#include <exception>
#include <new>

extern "C" void dav_runtime_construct(void *runtime)
{
    new (runtime) Runtime();
}

extern "C" void dav_runtime_destroy(void *runtime)
{
    static_cast<Runtime *>(runtime)->~Runtime();
}

extern "C" int dav_runtime_guard(int (*call)(void *ctx), void *ctx, char *what, std::size_t size)
{
    try {
        return call(ctx);
    } catch (const std::exception &exception) {
        std::snprintf(what, size, "%s", exception.what());
    } catch (...) {
        std::snprintf(what, size, "of an unknown type");
    }
    return -1;
}
