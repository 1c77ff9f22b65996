// Values as Amazon Personalize has them: a text may hold several with | between them, and a number may be written as a
// text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recs/views/item_content.h"

namespace doorbuster::recs {

// Without empty ones.
[[nodiscard]] std::vector<std::string_view> parts_of(std::string_view text);
// Finite, and the whole of the text.
[[nodiscard]] std::optional<double> number_in(std::string_view text);
[[nodiscard]] std::optional<double> number_of(const Attribute& attribute);
// The shortest that reads as the same.
[[nodiscard]] std::string number_text(double number);
// "numberOfRatings" and "NUMBER_OF_RATINGS" are "number_of_ratings".
[[nodiscard]] std::string field_name(std::string_view name);

}  // namespace doorbuster::recs
