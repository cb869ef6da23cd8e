/* image_fixture.h - kernels compiled by davcc and put anywhere in memory, with a port that only counts. */
#ifndef DAV_TESTS_IMAGE_FIXTURE_H
#define DAV_TESTS_IMAGE_FIXTURE_H

#include "davcc_fixture.h"
#include "fake_port.h"
#include "model/embed/image.h"

#include <sys/mman.h>

static const struct instruction_costs costs = {100, 200, 300, 400, 500, 600, 700};
static char error[512];

static inline int setup(void **state)
{
    (void)state;
    fixture_setup();
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    fixture_cleanup();
    return 0;
}

static inline void *executable_memory(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}

/* Compiles and loads a kernel; returns its address. */
static inline void *load(const char *options, const char *source, uint64_t id)
{
    struct image_info info;
    size_t size;

    if (fixture_compile(options, source, "k.o") != 0)
        fail_msg("%s", fixture_messages());
    uint8_t *image = fixture_image("k.o", &size);
    assert_non_null(image);
    if (image_check(image, size, &info, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    void *kernel = executable_memory(image_room(&info));
    if (image_load(kernel, image, &info, id, &costs, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    free(image);
    return kernel;
}

static inline void enter(void *kernel, int64_t *args)
{
    void (*call)(int64_t *);
    memcpy(&call, &kernel, sizeof(call));
    memset(&port_calls, 0, sizeof(port_calls));
    call(args);
}

#endif
