/* davcc_cxx.h - where the device's C++ is none that clang knows: functions are marked [aicore], anywhere among the
 * words that begin a declaration. The mark means nothing here, so it is taken out of the preprocessed text. */
#ifndef DAV_DAVCC_CXX_H
#define DAV_DAVCC_CXX_H

/** cxx_unmark - take the marks out of the preprocessed source @path; every other character stays where it is.
 *  Return: 0, or 1 after one line of complaint. */
int cxx_unmark(const char *path);

#endif
