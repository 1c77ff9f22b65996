// The columns of a shop's table by the names in its first record: in small letters, however they are written there, and
// with the same under several names where shops and their programs have several.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::recs {

class TableColumns {
 public:
  explicit TableColumns(const std::vector<std::string>& head);

  // The first column with one of these names, from now on known; nothing if there is none.
  [[nodiscard]] std::optional<size_t> find(std::initializer_list<std::string_view> names);
  // kInvalid: there is none, and which names would do.
  [[nodiscard]] Result<size_t> need(std::initializer_list<std::string_view> names);

  [[nodiscard]] size_t size() const { return names_.size(); }
  // As it stands in the table.
  [[nodiscard]] const std::string& name(size_t column) const { return written_[column]; }
  [[nodiscard]] bool is_known(size_t column) const { return is_known_[column]; }

 private:
  std::vector<std::string> written_;
  std::vector<std::string> names_;
  std::vector<bool> is_known_;
};

// Without the white space around it.
[[nodiscard]] std::string_view trimmed_field(std::string_view text);
[[nodiscard]] std::string in_small_letters_of_ascii(std::string_view text);
// A number as tables have it: digits, with a point before decimals. Nothing if it is another text, or a code such as
// 007.
[[nodiscard]] std::optional<double> number_in_field(std::string_view text);
// true, yes, 1; false, no, 0. Nothing if it is another text.
[[nodiscard]] std::optional<bool> truth_in_field(std::string_view text);

}  // namespace doorbuster::recs
