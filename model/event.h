/* event.h - what the model announces; traces, statistics and checkers subscribe. The model itself prints nothing. */
#ifndef DAV_EVENT_H
#define DAV_EVENT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct core;
struct pipe_detail;

enum event_kind {
    EVENT_LAUNCH_BEGIN,
    EVENT_LAUNCH_END, /* begin_ps..time_ps */
    EVENT_PROGRAM,    /* a core's program of this launch: begin_ps..time_ps */
    EVENT_TASK_BEGIN, /* `core` enters a kernel: image, args; the AICPU thread `by` stored what led to it at
                         dispatched_ps, which was visible at visible_ps; NULL and 0 if that is not known */
    EVENT_TASK_END,   /* begin_ps..time_ps; serial: the core's kernels are numbered */
    EVENT_TASK_SEEN,  /* the AICPU `by` has read what `core` wrote after the end of its kernel `serial` at begin_ps; the
                         load was issued at issued_ps */
    EVENT_HANDED,     /* an AICore, `core`, has read where AICPU thread `by` first stored at begin_ps; told of a thread's
                         first such store, and again if it turns out that there was an earlier one */
    EVENT_WAIT,    /* an AICPU thread was blocked, begin_ps..time_ps; level: enum sync_what, SYNC_NOTHING: it slept */
    EVENT_PARK,    /* the core repeated a poll that nothing came of, begin_ps..time_ps; only if it was parked */
    EVENT_PHASE,   /* device code begins a phase named text, or (NULL) ends its latest one */
    EVENT_COPY,    /* host DMA: begin_ps..time_ps, bytes, to_device */
    EVENT_LOG,     /* a line of the device's log: text, level */
    EVENT_FAULT,   /* `core` is why the launch will be given up: text */
    EVENT_STOP,    /* the launch was given up: text */
    EVENT_FINDING, /* a checker has found something that `core` has to do with: text. Of a finding with several such
                      events, set_serial is the arrow from an earlier one to this (0: none), and serial the first of so
                      many (bytes) to later ones */
    EVENT_INSTR,   /* `pipe` of `core` was busy with an instruction, begin_ps..time_ps; done at ended_ps: bytes, serial;
                      text is its name and stays where it is */
    EVENT_SET,     /* `pipe` will set a flag for `to_pipe` at ended_ps: level, its id; serial. It is heard of after the
                      instructions that were issued to that pipe before it, and before those after it */
    EVENT_FLAG, /* `to_pipe` took the flag that `pipe` had set at begin_ps: level; set_serial, the set; serial, the wait
                   (0 of the scalar unit): instructions of that pipe which were issued later had to wait for it */
    EVENT_SCALAR,  /* the scalar unit of `core` was busy with, or waited in, text (which stays where it is), begin_ps to
                      time_ps; where that has them: pipe and level, an id; args, an address or a value; bytes */
    EVENT_BARRIER, /* pipe_barrier held `pipe` up, begin_ps to time_ps */
    EVENT_CACHE,   /* in the data cache that `core` uses: level, enum cache_act; args, the address of the line or lines;
                      begin_ps to time_ps; bytes; text (which stays where it is): why */
    EVENT_CROSS, /* the scalar unit of `core` took the cross-core flag that `pipe` of `by` had set at begin_ps: level */
};

enum cache_act {
    CACHE_FILL,       /* a line was not there */
    CACHE_WRITE_BACK, /* a dirty one leaves, with so many bytes of the core's, and is in GM at ended_ps */
    CACHE_REPLACE,    /* a clean one leaves for another */
    CACHE_INVALIDATE, /* dcci, or of the AICPU's cluster: so many bytes were there. args 0: everything */
};

struct event {
    enum event_kind kind;
    uint64_t time_ps;
    uint64_t begin_ps;
    const struct core *core; /* NULL: the host */
    const struct core *by;
    uint64_t image, args, dispatched_ps, visible_ps, issued_ps;
    uint64_t bytes;
    uint64_t ended_ps;
    uint64_t serial, set_serial; /* order of issue to the pipes of `core` */
    int pipe, to_pipe;           /* enum isa_pipe */
    int to_device;
    int level;
    const char *text;
    const struct pipe_detail *detail; /* of EVENT_INSTR, if chip->tell_instr; else NULL */
};

/* A subscriber; sinks are called in the order in which they subscribed. */
struct event_sink {
    void (*event)(struct event_sink *sink, const struct event *event);
    struct event_sink *next;
};

#ifdef __cplusplus
}
#endif
#endif
