/* module_elf.h - what the loader wants to know about a device module before the dynamic linker sees it. */
#ifndef DAV_MODULE_ELF_H
#define DAV_MODULE_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Addresses are as the ELF counts them, before it is loaded somewhere. */
struct module_elf {
    const void *bytes; /* as given to module_elf_read */
    size_t size;
    uint64_t span; /* addresses it covers from 0 */
    uint64_t code_addr, code_size;
    uint64_t guards_addr, pcs_addr;
    size_t blocks;
    bool has_statics;              /* data that a core could change, beyond what the compiler keeps there */
    uint64_t data_addr, data_size; /* what stays writable once it is loaded */
    uint64_t init_addr, fini_addr; /* functions to call when it is loaded, when it is closed */
    size_t init_count, fini_count;
};

/** module_elf_read - check that the bytes are a whole shared object for this machine, and describe it.
 *  Return: 0, or -1 with the reason in @error. */
int module_elf_read(struct module_elf *out, const void *bytes, size_t size, char *error, size_t error_size);

#ifdef __cplusplus
}
#endif
#endif
