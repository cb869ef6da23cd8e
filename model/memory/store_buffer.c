/* store_buffer.c - see store_buffer.h. */
#include "model/memory/store_buffer.h"

#include <string.h>

void store_buffer_push(struct store_buffer *buffer, struct pending_store *store)
{
    memcpy(store->beneath, (const void *)(uintptr_t)store->addr, store->size);
    buffer->entries[(buffer->head + buffer->count++) % STORE_BUFFER_ENTRIES] = store;
    buffer->unsettled++;
}

void store_buffer_settle(struct store_buffer *buffer)
{
    for (; buffer->unsettled; buffer->unsettled--) {
        struct pending_store *store = store_buffer_at(buffer, buffer->count - buffer->unsettled);

        memcpy(store->bytes, (const void *)(uintptr_t)store->addr, store->size);
    }
}

void store_buffer_take_up(struct store_buffer *buffer)
{
    if (!buffer->laid)
        return;
    buffer->laid = false;
    for (uint32_t i = buffer->count; i-- > 0;) {
        struct pending_store *store = store_buffer_at(buffer, i);

        /* Library code that has no hooks may have written over it. */
        memcpy(store->bytes, (const void *)(uintptr_t)store->addr, store->size);
        memcpy((void *)(uintptr_t)store->addr, store->beneath, store->size);
    }
}

void store_buffer_lay(struct store_buffer *buffer)
{
    if (buffer->laid)
        return;
    buffer->laid = true;
    for (uint32_t i = 0; i < buffer->count; i++) {
        struct pending_store *store = store_buffer_at(buffer, i);

        memcpy(store->beneath, (const void *)(uintptr_t)store->addr, store->size);
        memcpy((void *)(uintptr_t)store->addr, store->bytes, store->size);
    }
}

void store_buffer_remove(struct store_buffer *buffer, const struct pending_store *store)
{
    uint32_t place = 0;

    while (store_buffer_at(buffer, place) != store)
        place++;
    for (; place > 0; place--) /* those before it close up, mostly none */
        buffer->entries[(buffer->head + place) % STORE_BUFFER_ENTRIES] = store_buffer_at(buffer, place - 1);
    buffer->head = (buffer->head + 1) % STORE_BUFFER_ENTRIES;
    buffer->count--;
}

uint64_t store_buffer_line_drain(const struct store_buffer *buffer, uint64_t addr)
{
    uint64_t at = 0;

    for (uint32_t i = 0; i < buffer->count; i++) {
        const struct pending_store *store = store_buffer_at(buffer, i);

        if ((store->addr ^ addr) / STORE_BYTES == 0 && store->effect.at > at)
            at = store->effect.at;
    }
    return at;
}
