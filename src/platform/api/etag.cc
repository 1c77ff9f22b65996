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

std::string_view next_etag(std::string_view& list) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    std::string_view tag = trimmed(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (!tag.empty()) return tag;
  }
  return {};
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  if (trimmed(if_none_match) == "*") return true;
  for (std::string_view tag = next_etag(if_none_match); !tag.empty(); tag = next_etag(if_none_match)) {
    if (tag == etag) return true;
  }
  return false;
}

}  // namespace doorbuster::platform
