#include "load/answer.h"

#include <strings.h>

#include <charconv>

namespace doorbuster::bench {
namespace {

constexpr std::string_view kVersion = "HTTP/1.1 ";
constexpr std::string_view kLength = "\r\ncontent-length:";

// The value of Content-Length, wherever it stands and however it is written.
std::optional<size_t> length_in(std::string_view head) {
  for (size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    if (head.size() - at < kLength.size() || strncasecmp(head.data() + at, kLength.data(), kLength.size()) != 0)
      continue;
    const char* first = head.data() + at + kLength.size();
    while (first < head.end() && *first == ' ') ++first;
    size_t length = 0;
    if (std::from_chars(first, head.end(), length).ec == std::errc()) return length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Answer> read_answer(std::string_view received) {
  const size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view head = received.substr(0, end);
  Answer answer;
  const auto length = length_in(head);
  if (!head.starts_with(kVersion) || !length) return answer;
  answer.size = end + 4 + *length;
  if (received.size() < answer.size) return std::nullopt;
  answer.body = received.substr(end + 4, *length);
  std::from_chars(head.data() + kVersion.size(), head.data() + kVersion.size() + 3, answer.status);
  return answer;
}

}  // namespace doorbuster::bench
