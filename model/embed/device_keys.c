/* device_keys.c - pthread keys and their twins of C11: a value for each simulated thread. A key is one more
 * thread_local pointer, so emutls keeps the values; like its objects, they end with their thread without a destructor.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

#include "model/embed/device_process.h"

enum { KEYS = 1024 };

/* As the compiler lays out what it gives to emutls. */
struct control {
    size_t size, alignment;
    uintptr_t number;
    void *initial;
};

void *__emutls_get_address(void *control);

struct key {
    bool taken;
    struct control control;
};

struct keys {
    struct process_part part;
    struct key keys[KEYS];
};

/* The values are emutls's. */
static void forget(void *part)
{
    (void)part;
}

static struct key *all_keys(void)
{
    static struct process_part *parts;

    return ((struct keys *)process_part(&parts, sizeof(struct keys), forget))->keys;
}

static int take_key(const char *name, unsigned *out)
{
    struct core *core = process_enter(name);
    struct key *keys = all_keys();
    unsigned key = 0;

    while (key < KEYS && keys[key].taken)
        key++;
    if (key < KEYS) /* a number of its own: nobody sees what an earlier key of this place held */
        keys[key] = (struct key){true, {sizeof(void *), _Alignof(void *), 0, NULL}};
    process_leave(core);
    if (key == KEYS)
        return EAGAIN;
    port_store_block(out, &key, 0, sizeof(key));
    return 0;
}

static int give_back(const char *name, unsigned key)
{
    struct core *core = process_enter(name);
    struct key *keys = all_keys();
    bool taken = key < KEYS && keys[key].taken;

    if (taken)
        keys[key].taken = false;
    process_leave(core);
    return taken ? 0 : EINVAL;
}

static void **value_of(unsigned key)
{
    struct key *keys = all_keys();

    libc_call();
    return key < KEYS && keys[key].taken ? __emutls_get_address(&keys[key].control) : NULL;
}

DEVICE_CALL int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    (void)destructor;
    return take_key("pthread_key_create", key);
}

DEVICE_CALL int __wrap_pthread_key_delete(pthread_key_t key)
{
    return give_back("pthread_key_delete", key);
}

DEVICE_CALL void *__wrap_pthread_getspecific(pthread_key_t key)
{
    void **value = value_of(key);

    return value ? *value : NULL;
}

DEVICE_CALL int __wrap_pthread_setspecific(pthread_key_t key, const void *value)
{
    void **place = value_of(key);

    if (!place)
        return EINVAL;
    *place = (void *)(uintptr_t)value;
    return 0;
}

DEVICE_CALL int __wrap_tss_create(tss_t *key, tss_dtor_t destructor)
{
    (void)destructor;
    return take_key("tss_create", key) == 0 ? thrd_success : thrd_error;
}

DEVICE_CALL void __wrap_tss_delete(tss_t key)
{
    give_back("tss_delete", key);
}

DEVICE_CALL void *__wrap_tss_get(tss_t key)
{
    return __wrap_pthread_getspecific(key);
}

DEVICE_CALL int __wrap_tss_set(tss_t key, void *value)
{
    return __wrap_pthread_setspecific(key, value) == 0 ? thrd_success : thrd_error;
}
