/* davcc_target.c - see davcc_target.h.
 *
 * Device code is compiled with the race detector's and the coverage instrumentation, and linked with neither's run-time
 * library: the simulator is what those calls lead to. A flag of the user's follows ours and so wins.
 */
#include "tools/davcc_target.h"

#include "tools/paths.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [TARGET_NONE] = "",
    [TARGET_AICPU] = "aicpu",
    [TARGET_AICORE] = "aicore",
    [TARGET_AIC] = "aic",
    [TARGET_AIV] = "aiv",
    [TARGET_HOST] = "host",
    [TARGET_ORCHESTRATION] = "orchestration",
};

/* Every load and store calls the port before it happens, also a load that a store to the same place follows. */
static const char *const device_flags[] = {
    "-fsanitize=thread", "-mllvm", "-tsan-instrument-func-entry-exit=0", "-mllvm", "-tsan-distinguish-volatile=1",
    "-mllvm", "-tsan-instrument-read-before-write=1",
    /* Every basic block calls the port, and its address is listed. By default edges do too, through blocks of their
     * own: twice the calls in a loop. */
    "-fsanitize-coverage=bb,trace-pc-guard,pc-table,no-prune",
    /* The port knows an access by its return address: the last call of a function must be one, too. */
    "-fno-optimize-sibling-calls",
    /* A thread_local object is the simulated core's, not the host thread's. */
    "-femulated-tls", "-mcx16", "-fno-stack-protector", "-fcf-protection=none", "-U_FORTIFY_SOURCE", NULL};

/* The AICore's scalar unit has no SIMD, and its code neither exceptions nor errno. */
static const char *const aicore_flags[] = {"-fno-vectorize", "-fno-slp-vectorize", "-fno-math-errno", NULL};
static const char *const aicore_cxx_flags[] = {"-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", NULL};

/* All of an image moves as one, so everything in it is reached relative to the instruction. */
static const char *const kernel_flags[] = {"-fPIE",
                                           "-fvisibility=hidden",
                                           "-fdirect-access-external-data",
                                           "-ffunction-sections",
                                           "-fdata-sections",
                                           "-fno-asynchronous-unwind-tables",
                                           "-fno-unwind-tables",
                                           "-D__NPU_ARCH__=2201",
                                           "-D__CCE_AICORE__=220",
                                           "-DMEMORY_BASE",
                                           NULL};
static const char *const aic_flags[] = {"-D__DAV_C220_CUBE__", "-D__DAV_CUBE__", NULL};
static const char *const aiv_flags[] = {"-D__DAV_C220_VEC__", "-D__DAV_VEC__", NULL};

static const char *const kernel_link[] = {"-nostdlib", "-static", "-Wl,--emit-relocs", "-Wl,--gc-sections",
                                          /* In the debug information dropped functions would lie at 0, over the entry;
                                           * lines count up from there, so it must not be the last address either. */
                                          "-Wl,-z,dead-reloc-in-nonalloc=.debug_*=0x7fff000000000000",
                                          /* davcc names what is missing itself, in the terms of the device. */
                                          "-Wl,--unresolved-symbols=ignore-all", NULL};

static const char *const module_link[] = {"-shared",    "-nostartfiles",  "-nodefaultlibs",
                                          "-Wl,-z,now", "-Wl,-Bsymbolic", "-Wl,--gc-sections",
#define WRAP(name) "-Wl,--wrap=" #name,
#include "model/embed/wrap.def"
#undef WRAP
                                          NULL};

static void add(struct list *command, const char *const *flags)
{
    for (; *flags; flags++)
        list_add(command, "%s", *flags);
}

enum target target_parse(const char *name)
{
    for (size_t i = TARGET_AICPU; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return (enum target)i;
    return TARGET_NONE;
}

const char *target_names(void)
{
    return "aicpu, aicore, aic, aiv, host, orchestration";
}

void target_compile(enum target target, bool cxx, struct list *command)
{
    list_add(command, "%s", cxx ? "clang++-19" : "clang-19");
    list_add(command, "%s", cxx ? "-std=c++17" : "-std=gnu11");
    list_add(command, "-O2");
    list_add(command, "-g");
    /* Else a class is only declared where nothing constructs it; the device's parts construct no Runtime. */
    if (cxx && (target_is_module(target) || target == TARGET_HOST))
        list_add(command, "-fstandalone-debug");
    if (target_is_kernel(target))
        add(command, kernel_flags);
    else
        list_add(command, "-fPIC");
    if (target_is_kernel(target) || target_is_module(target))
        add(command, device_flags);
    if (target_has_ub(target)) {
        add(command, aicore_flags);
        if (cxx)
            add(command, aicore_cxx_flags);
    }
    if (target == TARGET_AIC)
        add(command, aic_flags);
    if (target == TARGET_AIV)
        add(command, aiv_flags);
    /* Before the user's own directories, for what stands there comes in front of the library's headers. */
    if (cxx && target_is_kernel(target)) {
        list_add(command, "-Wno-c++20-extensions");
        list_add(command, "-I%s/isa/include/library", paths_share());
        list_add(command, "-include");
        list_add(command, "%s/isa/include/cce/prelude.hpp", paths_share());
    }
    list_add(command, "-isystem");
    list_add(command, "%s/isa/include", paths_share());
}

/* An orchestration finds the host part that it was linked with by this name: that of the file, which tells contents. */
static void name_library(struct list *command)
{
    const char *path = getenv("DAVCC_DEBUG_PATH");
    const char *slash = path ? strrchr(path, '/') : NULL;
    if (slash)
        list_add(command, "-Wl,-soname,davsim-%s", slash + 1);
}

void target_link(enum target target, bool cxx, struct list *command)
{
    list_add(command, "%s", cxx ? "clang++-19" : "clang-19");
    /* lld lets a shared library's use of a wrapped name count as the module's own, so modules are linked by GNU ld. */
    list_add(command, target_is_module(target) ? "-fuse-ld=bfd" : "-fuse-ld=lld");
    list_add(command, "-Wl,--build-id=none");
    if (target_is_kernel(target)) {
        add(command, kernel_link);
        list_add(command, "-Wl,-T,%s/tools/kernel.ld", paths_share());
    } else if (target_is_module(target)) {
        add(command, module_link);
    } else {
        list_add(command, "-shared");
    }
    if (target == TARGET_HOST)
        name_library(command);
    if (target == TARGET_ORCHESTRATION)
        list_add(command, "-Wl,--no-as-needed"); /* the host part that it is linked with is what it looks into */
}

void target_libraries(enum target target, bool cxx, struct list *command)
{
    if (target == TARGET_HOST) {
        list_add(command, "-L%s", paths_libdir());
        list_add(command, "-Wl,-rpath,%s", paths_libdir());
        list_add(command, "-ldavsim");
    }
    /* Arithmetic that the compiler calls a function for (half precision, 128 bit) is in libgcc. A module takes the
     * shared one, for the archive has a __wrap_pthread_create of its own, and an exception may cross modules: an
     * unwinder understands only what its own functions have prepared. */
    if (target_is_module(target)) {
        if (cxx)
            list_add(command, "-l:libstdc++.a");
        list_add(command, "-Wl,--as-needed");
        list_add(command, "-l:libgcc_s.so.1");
        list_add(command, "-lm");
        list_add(command, "-lc");
    }
    if (target_is_kernel(target))
        list_add(command, "-lgcc");
}
