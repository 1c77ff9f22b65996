#include "base/base64.h"

#include "base/encoding.h"

namespace doorbuster {
namespace {

void translate(std::string& text, char from_62, char to_62, char from_63, char to_63) {
  for (char& c : text) {
    if (c == from_62)
      c = to_62;
    else if (c == from_63)
      c = to_63;
  }
}

}  // namespace

std::string to_base64(Bytes bytes) {
  std::string text = to_base64url(bytes);
  translate(text, '-', '+', '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<size_t> from_base64(std::string_view text, std::span<std::byte> out) {
  if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos) return std::nullopt;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string url(text.substr(0, text.size() - padding));
  translate(url, '+', '-', '/', '_');
  return from_base64url(url, out);
}

}  // namespace doorbuster
