/* device_cxx.c - what the C++ library keeps for each thread of the host is kept for each simulated core instead. The
 * library itself is linked into a device module, so its calls of the C library are the device's, too.
 */
#include "model/embed/device_libc.h"

/* Exceptions caught and under way (__cxa_eh_globals): two words. */
DEVICE_CALL void *__wrap___cxa_get_globals(void)
{
    return dav_running->cxx_globals;
}

DEVICE_CALL void *__wrap___cxa_get_globals_fast(void)
{
    return dav_running->cxx_globals;
}

/** __cxa_thread_atexit - a thread_local object ends with its thread, without its destructor: an AICPU thread's objects
 *  are made anew at the next launch, an AICore's never end. */
DEVICE_CALL int __wrap___cxa_thread_atexit(void (*destructor)(void *), void *object, void *module)
{
    (void)destructor;
    (void)object;
    (void)module;
    return 0;
}

/* "There is one thread only" lets the library do without atomics; on the device it is never so. */
DEVICE_CALL char __wrap___libc_single_threaded = 0;

DEVICE_CALL unsigned __wrap__ZNSt6thread20hardware_concurrencyEv(void)
{
    return libc_nobody() ? 1 : dav_running->chip->file.aicpu.threads;
}

/* ---- std::call_once: two thread_local variables of the library, in the form that device code expects ---- */

struct control {
    uint64_t size, alignment, number;
    void *initial;
};

void *__emutls_get_address(void *control);

DEVICE_CALL struct control device_once_callable __asm__("__emutls_v._ZSt15__once_callable") = {8, 8, 0, NULL};
DEVICE_CALL struct control device_once_call __asm__("__emutls_v._ZSt11__once_call") = {8, 8, 0, NULL};

DEVICE_CALL void __wrap___once_proxy(void)
{
    (*(void (**)(void))__emutls_get_address(&device_once_call))();
}
