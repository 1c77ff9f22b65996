#include <algorithm>
#include <cstring>

#include "net/head.h"
#include "net/text.h"

namespace doorbuster::net {
namespace {

constexpr Refusal kBareLineFeed = {Status::kBadRequest, "bad-request",
                                   "A line ends with LF alone; lines end with CR LF."};
constexpr Refusal kFolded = {Status::kBadRequest, "bad-request",
                             "A line begins with white space; folded fields are not accepted."};
constexpr Refusal kHeadTooLarge = {Status::kHeaderFieldsTooLarge, "header-fields-too-large",
                                   "The request's header fields are too large."};
constexpr Refusal kTargetTooLong = {Status::kUriTooLong, "uri-too-long", "The request's target is too long."};

}  // namespace

const Refusal* HeadScanner::scan(std::string_view bytes, size_t header_bytes_max) {
  const std::string_view allowed = bytes.substr(0, header_bytes_max);
  while (scanned_ < allowed.size()) {
    const void* found = std::memchr(allowed.data() + scanned_, '\n', allowed.size() - scanned_);
    if (found == nullptr) break;
    const auto at = static_cast<uint32_t>(static_cast<const char*>(found) - allowed.data());
    if (at == line_start_ || allowed[at - 1] != '\r') return &kBareLineFeed;
    if (at - 1 == line_start_) {
      size_ = at + 1;
      return nullptr;
    }
    if (is_blank(allowed[line_start_])) return &kFolded;
    scanned_ = line_start_ = at + 1;
  }
  scanned_ = static_cast<uint32_t>(allowed.size());
  if (bytes.size() < header_bytes_max) return nullptr;
  return line_start_ == 0 ? &kTargetTooLong : &kHeadTooLarge;
}

}  // namespace doorbuster::net
