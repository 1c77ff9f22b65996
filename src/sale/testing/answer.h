// An HTTP answer, taken apart for assertions.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace doorbuster::sale::testing {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // by lower-case name
  std::string body;

  // Asserts that it is a whole answer.
  [[nodiscard]] static Answer parse(std::string_view text);

  // The value at a JSON pointer of the body without its first '/', strings without their quotes: text("price/amount").
  // "absent" if there is nothing.
  [[nodiscard]] std::string text(std::string_view pointer) const;
  // The number there; asserts that it is one.
  [[nodiscard]] double number(std::string_view pointer) const;
  // The last part of a problem's type, "sold-out"; "none" if the body is not a problem.
  [[nodiscard]] std::string problem() const;
  // The value of a header; "absent" if there is none.
  [[nodiscard]] std::string header(const std::string& name) const;
};

}  // namespace doorbuster::sale::testing
