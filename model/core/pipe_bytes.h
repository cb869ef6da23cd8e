/* pipe_bytes.h - the bytes of instructions under way: what they touch, and when their bodies run (pipe.h). */
#ifndef DAV_PIPE_BYTES_H
#define DAV_PIPE_BYTES_H

#include "model/core/pipe.h"

#ifdef __cplusplus
extern "C" {
#endif

/** pipe_look - @instr is about to start: find what it touches. Return false, with @why, if its operands make no sense
 * or a byte of it does not exist. */
bool pipe_look(struct pipe_instr *instr, char *why, uint32_t size);

/** pipe_fetch - it starts: take what it reads of GM. */
void pipe_fetch(struct pipe_instr *instr);

/** pipe_execute - it ends: its results stand in the buffers, or in GM. */
void pipe_execute(struct pipe_instr *instr);

/** pipe_in_time - of two instructions under way in V, the @younger needs what the @older writes: whether each of its
 *  repeats reads no earlier than the repeat that writes has written. V passes results on in this way, though nothing
 *  but a barrier promises it. */
bool pipe_in_time(const struct pipe_instr *older, const struct pipe_instr *younger);

/** pipe_save_readers - bytes [@addr, +@size) of @space are about to be written, by @writer (NULL: the scalar unit): let
 *  those that have read them already compute. */
void pipe_save_readers(struct pipes *pipes, const struct pipe_instr *writer, enum isa_space space, uint32_t addr,
                       uint32_t size);

#ifdef __cplusplus
}
#endif
#endif
