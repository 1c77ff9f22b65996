// What a head means once its lines are read: whose it is, what it asks for, how long its content is (RFC 9112 sections
// 3.2 and 6.3). Refuses what two servers could understand differently.
#pragma once

#include "net/head.h"

namespace doorbuster::net {

[[nodiscard]] constexpr Refusal bad_request(std::string_view detail) {
  return {Status::kBadRequest, "bad-request", detail};
}

inline constexpr Refusal kBadTarget = bad_request("The request target is malformed.");

// Fills in what follows from the request line and the fields. Null on success, else why it is refused.
[[nodiscard]] const Refusal* apply_rules(Head& head);

}  // namespace doorbuster::net
