// Annotations (annotations.h) as they are read from a request or a token, and written into an answer.
#pragma once

#include <string_view>

#include "base/annotations.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster {

// 1 to 128 bytes without control characters, of a text that is UTF-8.
[[nodiscard]] bool is_client_reference(std::string_view text);

// The members `client_reference` and `metadata` of an object, both optional, and null for none. What is wrong is
// remembered by the document.
[[nodiscard]] Annotations read_annotations(const JsonObject& object);

// The members `client_reference`, `metadata` and `customer_id`; null where there is none.
void write_annotations(JsonWriter& json, const Annotations& annotations);

}  // namespace doorbuster
