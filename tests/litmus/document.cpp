// document.cpp - see document.hpp.
#include "tests/litmus/document.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

namespace
{

constexpr char begin_mark[] = "<!-- litmus: begin -->\n", end_mark[] = "<!-- litmus: end -->\n";

using registers = std::array<std::uint32_t, REGISTERS - 1>;

// How often each outcome of a test came up.
std::map<std::string, std::map<registers, unsigned>> seen;

// How many registers a test sets.
int width(const litmus &test)
{
    int count = 0;

    for (const phase &phase : test.phases)
        for (const thread &thread : phase.threads)
            for (const step &step : thread.steps)
                if (step.op != OP_END && step.reg != none)
                    count = std::max(count, step.reg + (step.op == OP_REGISTER64 ? 2 : 1));
    return count;
}

template <typename Values> std::string tuple(const Values &values, int count)
{
    std::string text = "(";

    for (int i = 0; i < count; i++) {
        char one[16];

        std::snprintf(one, sizeof(one), values[i] < 100 ? "%u" : "0x%x", values[i]);
        text += (i ? ", " : "") + std::string(one);
    }
    return text + ")";
}

std::string list(const outcome (&outcomes)[OUTCOMES], int count)
{
    std::string text;

    for (const outcome &each : outcomes)
        if (each.given)
            text += (text.empty() ? "" : "<br>") + (each.any ? "any other" : tuple(each.registers, count));
    return text;
}

std::string row(const litmus &test)
{
    const int count = width(test);
    std::string outcomes;

    for (const auto &[values, times] : seen[test.name])
        outcomes += (outcomes.empty() ? "" : "<br>") + tuple(values, count) + " x " + std::to_string(times);
    return std::string("| `") + test.name + "` | " + test.says + " | " + outcomes + " | " + list(test.required, count) +
           " | " + list(test.allowed, count) + " | " + list(test.forbidden, count) + " |\n";
}

bool read(const char *path, std::string *before, std::string *text, std::string *after)
{
    std::ifstream file(path);
    std::stringstream all;

    all << file.rdbuf();
    const std::string whole = all.str();
    const std::size_t begin = whole.find(begin_mark), end = whole.find(end_mark);
    if (!file || begin == std::string::npos || end == std::string::npos || end < begin) {
        std::fprintf(stderr, "%s: cannot be read, or has not the two marks of the litmus tables\n", path);
        return false;
    }
    *before = whole.substr(0, begin) + begin_mark;
    *text = whole.substr(before->size(), end - before->size());
    *after = whole.substr(end);
    return true;
}

} // namespace

void document_run(const litmus &test, const run &ended)
{
    registers values;

    std::copy_n(ended.registers, values.size(), values.begin());
    seen[test.name][values]++;
}

std::string document_text(const std::vector<litmus_chapter> &chapters)
{
    std::string text;

    for (const auto &[title, tests] : chapters) {
        text += std::string("\n### ") + title +
                "\n\n| test | what it says | seen | required | allowed | forbidden |\n" + "|---|---|---|---|---|---|\n";
        for (const litmus *test = tests; test->name; test++)
            text += row(*test);
    }
    return text + "\n";
}

bool document_check(const char *path, const std::string &text)
{
    std::string before, old, after;

    if (!read(path, &before, &old, &after))
        return false;
    if (old == text)
        return true;
    std::fprintf(stderr, "%s: its litmus tables are not what the tests gave; `make docs` brings them up to date\n",
                 path);
    return false;
}

bool document_write(const char *path, const std::string &text)
{
    std::string before, old, after;

    if (!read(path, &before, &old, &after))
        return false;
    std::ofstream file(path);
    file << before << text << after;
    return file.good();
}
