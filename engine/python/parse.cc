// SPDX-License-Identifier: Apache-2.0
#include "engine/python/parse.h"

#include <algorithm>

#include "engine/python/encoding.h"
#include "engine/python/parser.h"

namespace spiritsafe::python {

namespace {

constexpr size_t kept_scratch = size_t{1} << 20;  // what a huge file needed is given back

// A bracket that is never closed is the reason for whatever stops making sense after it.
SyntaxError blame_open_bracket(const SyntaxError& error, const TokenBuffer& buffer) {
  const bool unclosed = buffer.tokens.back().kind == TokenKind::failure &&
                        buffer.error.message.ends_with("is never closed") && buffer.error.message.starts_with("`");
  return unclosed && buffer.error.where.begin < error.where.begin ? buffer.error : error;
}

}  // namespace

ParseResult parse(std::string_view bytes, Version target, Arena& arena) {
  thread_local Scratch scratch;  // one per thread: parsing many files allocates next to nothing but their arenas
  target = target.major < 3   ? Version{3, 8}
           : target.major > 3 ? Version{3, 13}
                              : Version{3, std::clamp(target.minor, 8, 13)};
  ParseResult result;
  result.text = bytes;
  try {
    const DecodedText decoded = decode_text(bytes, arena);
    result.text = decoded.text;
    tokenize(decoded.text, decoded.begin, target, scratch.buffer);
    try {
      result.module = Parser(decoded.text, target, arena, scratch).parse_module();
    } catch (const Failure& failure) {
      result.error = blame_open_bracket(failure.error, scratch.buffer);
    }
  } catch (const Failure& failure) {
    result.error = failure.error;
  }
  if (result.error || scratch.buffer.tokens.capacity() > kept_scratch) {
    scratch = {};
  }
  return result;
}

}  // namespace spiritsafe::python
