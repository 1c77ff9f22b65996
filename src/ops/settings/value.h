// The value of a setting, whatever its type: how it is read from a word, checked, and written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace doorbuster::ops {

// The four shapes that a value can have, in the file as in a flag.
using TextList = std::vector<std::string>;
using Value = std::variant<bool, int64_t, std::string, TextList>;

// "true or false", "a whole number", ... for messages.
[[nodiscard]] std::string_view shape_of(const Value& value);

// As TOML writes it. Text holds no control characters (see check_text), so quotes and backslashes are all there is to
// escape.
[[nodiscard]] std::string to_toml(const Value& value);

// A word that somebody typed as the value of a flag, in the shape of `like`; a list has commas between its strings.
// kInvalid says what would fit.
[[nodiscard]] Result<Value> from_word(std::string_view word, const Value& like);

// The errors of these are half a sentence that follows the name of the setting: "must be ...".
[[nodiscard]] Result<void> check_text(std::string_view text);
[[nodiscard]] Result<void> check_range(int64_t value, int64_t min, int64_t max);
[[nodiscard]] Result<size_t> check_choice(std::string_view word, std::span<const std::string_view> names);

}  // namespace doorbuster::ops
