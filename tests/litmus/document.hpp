// document.hpp - what the runs of the tables ended in, as the tables of docs/memory-model.md.
#ifndef DAV_LITMUS_DOCUMENT_HPP
#define DAV_LITMUS_DOCUMENT_HPP

#include <string>
#include <utility>
#include <vector>

#include "tests/litmus/litmus.h"

// A title, and a list of tables.
using litmus_chapter = std::pair<const char *, const litmus *>;

// A run of @test has ended so.
void document_run(const litmus &test, const run &ended);

// All of them, in Markdown.
std::string document_text(const std::vector<litmus_chapter> &chapters);

// Whether the file holds @text between its two marks; and put it there. Both tell on stderr what is wrong.
bool document_check(const char *path, const std::string &text);
bool document_write(const char *path, const std::string &text);

#endif
