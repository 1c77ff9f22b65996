#include "net/request.h"

#include <algorithm>

namespace doorbuster::net {

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Field& field : headers()) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::optional<TraceContext> Request::trace() const {
  if (!has(Known::kTraceparent)) return std::nullopt;
  const auto is_trace = [](const Field& field) { return equals_ignoring_case(field.name, "traceparent"); };
  if (std::ranges::count_if(headers(), is_trace) > 1) return std::nullopt;
  return parse_traceparent(header(Known::kTraceparent));
}

}  // namespace doorbuster::net
