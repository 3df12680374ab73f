// SPDX-License-Identifier: Apache-2.0
#include "engine/python/token.h"

#include <array>

namespace spiritsafe::python {

namespace {

// In the order of TokenKind.
// clang-format off
constexpr std::array<std::string_view, static_cast<size_t>(TokenKind::count_)> descriptions = {
    "the end of the file", "text that is not Python", "the end of the line", "more indentation", "less indentation", "a name", "a number",
    "a string", "an f-string", "the text of an f-string", "the end of an f-string",
    "`(`", "`)`", "`[`", "`]`", "`{`", "`}`", "`,`", "`:`", "`;`", "`.`", "`...`", "`->`", "`!`", "`:=`", "`=`", "`@`", "`+`", "`-`",
    "`*`", "`/`", "`%`", "`//`", "`**`", "`<<`", "`>>`", "`|`", "`^`", "`&`", "`~`", "`<`", "`>`", "`<=`", "`>=`", "`==`", "`!=`",
    "`+=`", "`-=`", "`*=`", "`@=`", "`/=`", "`%=`", "`**=`", "`<<=`", "`>>=`", "`|=`", "`^=`", "`&=`", "`//=`",
    "`False`", "`None`", "`True`", "`and`", "`as`", "`assert`", "`async`", "`await`", "`break`", "`class`", "`continue`", "`def`", "`del`",
    "`elif`", "`else`", "`except`", "`finally`", "`for`", "`from`", "`global`", "`if`", "`import`", "`in`", "`is`", "`lambda`",
    "`nonlocal`", "`not`", "`or`", "`pass`", "`raise`", "`return`", "`try`", "`while`", "`with`", "`yield`"};
// clang-format on
static_assert(!descriptions.back().empty());

}  // namespace

std::string_view describe(TokenKind kind) { return descriptions[static_cast<size_t>(kind)]; }

}  // namespace spiritsafe::python
