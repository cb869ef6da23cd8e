/* device_random.c - chance, as far as the C and C++ libraries take it from the machine. On the device it is a fixed
 * sequence of each AICPU thread's, so that a run can be repeated; rand and its kin are sequences by themselves.
 */
#include <stdlib.h>

#include "model/embed/device_libc.h"
#include "model/mix.h"

struct control {
    size_t size, alignment;
    uintptr_t number;
    void *initial;
};

void *__emutls_get_address(void *control);

/* splitmix64, begun at the thread's number */
static uint64_t next(void)
{
    static struct control control = {sizeof(uint64_t), _Alignof(uint64_t), 0, NULL};
    uint64_t *state = __emutls_get_address(&control);

    if (!*state)
        *state = (uint64_t)dav_running->number + 1;
    return mix64(*state += 0x9e3779b97f4a7c15u);
}

static void fill(void *out, size_t size)
{
    libc_call();
    for (size_t done = 0; done < size; done += sizeof(uint64_t)) {
        uint64_t word = next();

        port_store_block((uint8_t *)out + done, &word, 0, size - done < sizeof(word) ? size - done : sizeof(word));
    }
}

DEVICE_CALL ssize_t __wrap_getrandom(void *out, size_t size, unsigned flags)
{
    (void)flags;
    fill(out, size);
    return (ssize_t)size;
}

DEVICE_CALL int __wrap_getentropy(void *out, size_t size)
{
    fill(out, size);
    return 0;
}

DEVICE_CALL uint32_t __wrap_arc4random(void)
{
    libc_call();
    return (uint32_t)next();
}

/* std::random_device::_M_getval(): what its operator() returns. */
DEVICE_CALL unsigned __wrap__ZNSt13random_device9_M_getvalEv(void *device)
{
    (void)device;
    libc_call();
    return (unsigned)next();
}
