/* paths.h - where our own files are, found from where this code itself was loaded from.
 *
 * Run from a build tree, programs use the source tree; installed, PREFIX/share/davsim and PREFIX/lib, wherever PREFIX
 * has been moved to. DAVSIM_HOME names another share directory.
 */
#ifndef DAV_TOOLS_PATHS_H
#define DAV_TOOLS_PATHS_H

/** paths_share - directory with isa/include, model/chips, tools/kernel.ld, tools/host/c_api.c, runtime and examples. */
const char *paths_share(void);

/** paths_libdir - directory of libdavsim.so and libdavpto.so. */
const char *paths_libdir(void);

/** paths_davcc - the device compiler driver of this build or installation. */
const char *paths_davcc(void);

#endif
