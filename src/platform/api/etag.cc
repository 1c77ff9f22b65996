#include "platform/api/etag.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/encoding.h"

namespace doorbuster::platform {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  const size_t end = text.find_last_not_of(" \t") + 1;  // npos + 1 is 0
  return text.substr(begin, std::max(end, begin) - begin);
}

}  // namespace

std::string etag_of(std::string_view content) {
  constexpr size_t kTagBytes = 8;
  const Digest digest = sha256(as_bytes(content));
  return '"' + to_hex(Bytes(digest).first(kTagBytes)) + '"';
}

// Our tags hold no comma, so cutting at every comma finds ours in any list.
bool names_etag(std::string_view if_none_match, std::string_view etag) {
  if (trimmed(if_none_match) == "*") return true;
  while (!if_none_match.empty()) {
    const size_t comma = std::min(if_none_match.find(','), if_none_match.size());
    std::string_view named = trimmed(if_none_match.substr(0, comma));
    if (named.starts_with("W/")) named.remove_prefix(2);
    if (named == etag) return true;
    if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
  }
  return false;
}

}  // namespace doorbuster::platform
