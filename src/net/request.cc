#include "net/request.h"

namespace doorbuster::net {

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Field& field : headers()) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::optional<TraceContext> Request::trace() const {
  return has(Known::kTraceparent) ? parse_traceparent(header(Known::kTraceparent)) : std::nullopt;
}

}  // namespace doorbuster::net
