// The words of a filter, ours or one of Amazon Personalize, one behind another.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace doorbuster::recs {

// Whether they are the same, whatever the case of the first; `word` in capital letters.
[[nodiscard]] bool is_keyword(std::string_view text, std::string_view word);

class FilterScanner {
 protected:
  // `blanks` may stand between words.
  FilterScanner(std::string_view text, std::string_view blanks) : text_(text), blanks_(blanks) {}

  // kInvalid, "column N: ", from 1.
  [[nodiscard]] static tl::unexpected<Error> wrong(size_t at, const std::string& what);
  void skip_blanks();
  [[nodiscard]] bool is_at_end();
  // Letters, digits, '_', '-' and what is `also` said; empty if there are none.
  [[nodiscard]] std::string_view peek_name(std::string_view also = {});
  [[nodiscard]] bool take_keyword(std::string_view word);
  [[nodiscard]] bool take(std::string_view sign);
  // The first of the signs that stands here, as what it stands for.
  template <class Meaning, size_t kCount>
  [[nodiscard]] std::optional<Meaning> take_one_of(
      const std::array<std::pair<std::string_view, Meaning>, kCount>& signs) {
    for (const auto& [sign, meaning] : signs) {
      if (take(sign)) return meaning;
    }
    return std::nullopt;
  }
  // Nothing, and nothing is taken, where there is none that is finite.
  [[nodiscard]] std::optional<double> take_number();
  [[nodiscard]] Result<std::string> quoted() { return quoted_in(text_, at_); }
  // A text in quotes, with \ before a quote; `at` is behind it then.
  [[nodiscard]] static Result<std::string> quoted_in(std::string_view text, size_t& at);

  const std::string_view text_;
  size_t at_ = 0;

 private:
  const std::string_view blanks_;
};

}  // namespace doorbuster::recs
