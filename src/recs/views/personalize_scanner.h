// The words of a filter expression of Amazon Personalize, one behind another.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace doorbuster::recs {

// Whether they are the same, whatever the case of the first; `word` in capital letters.
[[nodiscard]] bool is_keyword(std::string_view text, std::string_view word);

class PersonalizeScanner {
 protected:
  explicit PersonalizeScanner(std::string_view text) : text_(text) {}

  // kInvalid, "column N: ", from 1.
  [[nodiscard]] static tl::unexpected<Error> wrong(size_t at, const std::string& what);
  void skip_blanks();
  [[nodiscard]] bool is_at_end();
  // Letters, digits, '_' and '-'; empty if there are none.
  [[nodiscard]] std::string_view peek_name();
  [[nodiscard]] bool take_keyword(std::string_view word);
  [[nodiscard]] bool take(std::string_view sign);
  [[nodiscard]] Result<double> literal();
  [[nodiscard]] Result<std::string> quoted() { return quoted_in(text_, at_); }
  // A text in quotes, with \ before a quote; `at` is behind it then.
  [[nodiscard]] static Result<std::string> quoted_in(std::string_view text, size_t& at);

  size_t at_ = 0;

 private:
  const std::string_view text_;
};

}  // namespace doorbuster::recs
