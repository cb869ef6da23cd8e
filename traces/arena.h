/* arena.h - memory for one message at a time: protobuf-c's allocator, emptied at once when the message is done with. */
#ifndef DAV_TRACES_ARENA_H
#define DAV_TRACES_ARENA_H

#include <protobuf-c/protobuf-c.h>

struct arena_block;

struct arena {
    ProtobufCAllocator allocator;
    struct arena_block *block; /* the one in use, earlier ones behind it */
};

/** arena_start - @arena must stay where it is. */
void arena_start(struct arena *arena);

/** arena_empty - all that was allocated is free again; the largest piece of memory is kept. */
void arena_empty(struct arena *arena);

/** arena_end - free its memory. */
void arena_end(struct arena *arena);

#endif
