#include "stampede/answer.h"

#include <algorithm>

#include "base/json.h"
#include "net/text.h"

namespace doorbuster::stampede {
namespace {

constexpr std::string_view kVersion = "HTTP/1.1 ";
constexpr size_t kBodyBytesMax = size_t{4} << 20;

bool is_named(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         net::equals_ignoring_case(line.substr(0, name.size()), name);
}

std::string_view value_of(std::string_view line, std::string_view name) {
  line.remove_prefix(name.size() + 1);
  while (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

struct ReadHead {
  Answer answer;
  std::optional<uint64_t> length;
};

void read_field(std::string_view line, ReadHead& head) {
  if (is_named(line, "Content-Length")) head.length = net::parse_number(value_of(line, "Content-Length"));
  if (is_named(line, "Connection")) head.answer.closes = value_of(line, "Connection") == "close";
  if (is_named(line, "Retry-After")) {
    const auto seconds = net::parse_number(value_of(line, "Retry-After"));
    if (seconds) head.answer.retry_after = Duration::seconds(static_cast<int64_t>(*seconds));
  }
  if (is_named(line, "Set-Cookie") && head.answer.cookie.empty()) {
    const std::string_view cookie = value_of(line, "Set-Cookie");
    head.answer.cookie = cookie.substr(0, cookie.find(';'));
  }
}

ReadHead read_head(std::string_view text) {
  ReadHead head;
  head.answer.status = static_cast<uint32_t>(net::parse_number(text.substr(kVersion.size(), 3)).value_or(0));
  while (!text.empty()) {
    const size_t end = std::min(text.find("\r\n"), text.size());
    read_field(text.substr(0, end), head);
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  if (head.answer.status == 204 || head.answer.status == 304) head.length = 0;
  return head;
}

}  // namespace

std::optional<Answer> take_answer(std::string& received) {
  const size_t end = received.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  if (!received.starts_with(kVersion)) return Answer{};
  ReadHead head = read_head(std::string_view(received).substr(0, end));
  if (!head.length || *head.length > kBodyBytesMax) return Answer{};
  const size_t size = end + 4 + *head.length;
  if (received.size() < size) return std::nullopt;
  head.answer.body = received.substr(end + 4, *head.length);
  received.erase(0, size);
  return std::move(head.answer);
}

std::string member_of(const Answer& answer, std::string_view name) {
  JsonDocument document(answer.body, {.max_bytes = kBodyBytesMax});
  const JsonValue value = document.root().optional(name);
  return !value.present() || value.is_null() ? std::string() : std::string(value.string());
}

std::string problem_of(const Answer& answer) {
  if (answer.good()) return {};
  const std::string type = member_of(answer, "type");
  return type.substr(type.rfind('/') + 1);
}

}  // namespace doorbuster::stampede
