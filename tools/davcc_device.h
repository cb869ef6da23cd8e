/* davcc_device.h - an orchestration may be called on the host, or be opened by device code on an AICPU. So its library
 * holds both: the host's code as any shared library's, and beside it the same sources compiled for the AICPU
 * (model/embed/device_part.h). On the host nothing is slower for it.
 */
#ifndef DAV_DAVCC_DEVICE_H
#define DAV_DAVCC_DEVICE_H

/** device_part_write - pack the AICPU module @module and write assembler text that holds it as a section: @text, with
 *  the packed bytes in the file @packed. Return: 0, or 1 after one line of complaint. */
int device_part_write(const char *module, const char *packed, const char *text);

#endif
