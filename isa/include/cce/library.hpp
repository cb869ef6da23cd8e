// library.hpp - names besides the instructions that libraries in C++ expect of the device's compiler.
#ifndef DAV_CCE_LIBRARY_HPP
#define DAV_CCE_LIBRARY_HPP

#include "base.h"

#include <type_traits>

using float16_t = half;
using float32_t = float;

template <typename A, typename B> constexpr std::common_type_t<A, B> max(A a, B b)
{
    return a < b ? b : a;
}
template <typename A, typename B> constexpr std::common_type_t<A, B> min(A a, B b)
{
    return b < a ? b : a;
}

// A line of the device's log. A half is printed as a double, as a float is.
namespace cce
{
template <typename T> DAV_INTRINSIC T dav_printable(T value)
{
    return value;
}
DAV_INTRINSIC double dav_printable(half value)
{
    return static_cast<double>(value);
}
DAV_INTRINSIC double dav_printable(bfloat16_t value)
{
    return static_cast<double>(value);
}
template <typename... T> DAV_INTRINSIC void printf(const char *format, T... values)
{
    dav_log(DAV_LOG_ALWAYS, "kernel", format, dav_printable(values)...);
}
} // namespace cce

// Objects that are read as numbers.
static constexpr struct {
    operator uint32_t() const { return get_block_idx(); }
} block_idx = {};
static constexpr struct {
    operator uint32_t() const { return get_block_num(); }
} block_num = {};

#endif
