/* kernels.h - the kernels that the host has registered: under which func_id, what they are called, where they stand. */
#ifndef DAV_KERNELS_H
#define DAV_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct kernel {
    int func_id;
    char *name;    /* a copy */
    uint64_t addr; /* device address */
};

struct kernels {
    struct kernel *entries; /* by func_id, ascending */
    size_t count, capacity;
};

/** kernels_image - the number that the image of @func_id is loaded with and that events carry; 0 is no image. */
static inline uint64_t kernels_image(int func_id)
{
    return (uint64_t)func_id + 1;
}

void kernels_init(struct kernels *kernels);
void kernels_fini(struct kernels *kernels);

/** kernels_register - @func_id now means the kernel @name at @addr; it may have meant another before.
 *  @func_id: not negative. Return: 0, or -1 without memory. */
int kernels_register(struct kernels *kernels, int func_id, const char *name, uint64_t addr);

/** kernels_find - the kernel registered as @func_id, NULL if none is. */
const struct kernel *kernels_find(const struct kernels *kernels, int func_id);

/** kernels_addr - device address of the kernel registered as @func_id, 0 if none is. */
uint64_t kernels_addr(const struct kernels *kernels, int func_id);

/** kernels_of_image - the kernel whose image has number @image, NULL if there is none. */
const struct kernel *kernels_of_image(const struct kernels *kernels, uint64_t image);

#ifdef __cplusplus
}
#endif
#endif
