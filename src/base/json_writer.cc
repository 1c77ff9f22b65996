#include "base/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/assert.h"
#include "base/utf8.h"

namespace doorbuster {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr std::array<bool, 256> plain_bytes() {
  std::array<bool, 256> plain{};
  for (size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}

constexpr auto kPlain = plain_bytes();

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

JsonWriter& JsonWriter::key(std::string_view name) {
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
    size_t run = at;
    while (run < text.size() && kPlain[static_cast<uint8_t>(text[run])]) ++run;
    out_.append(text.data() + at, run - at);
    at = run;
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
