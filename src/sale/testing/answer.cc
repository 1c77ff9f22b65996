#include "sale/testing/answer.h"

#include <boost/json.hpp>
#include <charconv>

#include "base/assert.h"
#include "net/problem.h"
#include "net/text.h"

namespace doorbuster::sale::testing {

Answer Answer::parse(std::string_view text) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  Answer answer;
  const size_t end = text.find("\r\n\r\n");
  ASSERT(text.starts_with(kVersion) && end != std::string_view::npos);
  std::from_chars(text.data() + kVersion.size(), text.data() + kVersion.size() + 3, answer.status);
  answer.body = text.substr(end + 4);
  std::string_view head = text.substr(0, end + 2);
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    std::string name(line.substr(0, line.find(':')));
    for (char& c : name) c = net::to_lower(c);
    answer.headers[name] = line.substr(line.find(':') + 2);
    head.remove_prefix(line.size() + 2);
  }
  return answer;
}

std::string Answer::text(std::string_view pointer) const {
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(body, error);
  if (error) return "not JSON";
  const auto* found = json.find_pointer('/' + std::string(pointer), error);
  if (found == nullptr) return "absent";
  return found->is_string() ? std::string(found->as_string()) : boost::json::serialize(*found);
}

double Answer::number(std::string_view pointer) const {
  double number = 0;
  const std::string digits = text(pointer);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  ASSERT(error == std::errc() && end == digits.data() + digits.size());
  return number;
}

std::string Answer::problem() const {
  if (header("content-type") != net::kProblemContentType) return "none";
  const std::string type = text("type");
  return type.starts_with(net::kProblemTypeBase) ? type.substr(net::kProblemTypeBase.size()) : type;
}

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "absent" : found->second;
}

}  // namespace doorbuster::sale::testing
