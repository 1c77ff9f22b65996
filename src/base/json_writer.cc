#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/assert.h"
#include "base/utf8.h"

namespace doorbuster {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr bool is_plain(char c) { return c >= 0x20 && static_cast<uint8_t>(c) < 0x80 && c != '"' && c != '\\'; }

constexpr uint64_t eight_of(uint8_t byte) { return uint64_t{0x0101010101010101} * byte; }

// The highest bit of each byte that is zero; of those above such a byte, too, perhaps.
constexpr uint64_t zero_bytes(uint64_t word) { return (word - eight_of(1)) & ~word & eight_of(0x80); }

// How many bytes from the beginning on are ASCII that needs no escape. Eight at a time: what we write are mostly ids,
// names and hashes.
size_t plain_run(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    const uint64_t control = (word - eight_of(0x20)) & ~word & eight_of(0x80);
    const uint64_t special =
        control | (word & eight_of(0x80)) | zero_bytes(word ^ eight_of('"')) | zero_bytes(word ^ eight_of('\\'));
    if (special != 0) return at + static_cast<size_t>(std::countr_zero(special)) / 8;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

void escape(std::string& out, uint8_t c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '\\';
  switch (c) {
    case '"':
    case '\\':
      out += static_cast<char>(c);
      return;
    case '\n':
      out += 'n';
      return;
    case '\r':
      out += 'r';
      return;
    case '\t':
      out += 't';
      return;
    default:
      out.append("u00").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
  }
}

}  // namespace

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::begin(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(JsonKey key) {
  std::array<char, kJsonKeyBytesMax + 4> text;
  const std::string_view name = key.name();
  char* at = text.data();
  if (needs_comma_) *at++ = ',';
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at++ = ':';
  out_.append(text.data(), at);
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::dynamic_key(std::string_view name) {
  separate();
  quote(name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::signed_integer(int64_t number) {
  std::array<char, 24> digits;
  return raw({digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr});
}

JsonWriter& JsonWriter::unsigned_integer(uint64_t number) {
  std::array<char, 24> digits;
  return raw({digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr});
}

JsonWriter& JsonWriter::value(double number) {
  ASSERT(std::isfinite(number));
  std::array<char, 32> digits;
  return raw({digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr});
}

void JsonWriter::quote(std::string_view text) {
  out_ += '"';
  size_t at = 0;
  while (at < text.size()) {
    const size_t run = plain_run(text.substr(at));
    out_.append(text.data() + at, run);
    at += run;
    if (at == text.size()) break;
    if (static_cast<uint8_t>(text[at]) < 0x80) {
      escape(out_, static_cast<uint8_t>(text[at++]));
      continue;
    }
    const size_t sequence = utf8_sequence(text.substr(at));
    out_ += sequence == 0 ? kReplacement : text.substr(at, sequence);
    at += sequence == 0 ? 1 : sequence;
  }
  out_ += '"';
}

}  // namespace doorbuster
