/* A platform of coherent threads: its log is stderr. */
#ifndef STUB_DEVICE_LOG_H
#define STUB_DEVICE_LOG_H

#include <stdio.h>

#define STUB_LOG(...)  (fprintf(stderr, __VA_ARGS__), fputc('\n', stderr))
#define DEV_ERROR(...) STUB_LOG("error: " __VA_ARGS__)
#define DEV_INFO(...)  STUB_LOG("info: " __VA_ARGS__)

#endif
