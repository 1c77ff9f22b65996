// Which rules of a policy speak for one request, in words: for whoever writes a policy, or is asked why.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "guard/policy.h"
#include "platform/api/gate.h"

namespace doorbuster::guard {

// What the request itself does not say.
struct RequestFacts {
  net::PeerAddress address;  // where it comes from
  platform::Asker asker;
  Country country = kUnknownCountry;
};

// With a model, what each feature adds to the score stands first, and then what the card would say.
// `request` is a head as it stands on the wire, its lines ended by CRLF or LF. What counts how much came before (a
// session's speed, an address's sessions) can't speak for one request, and is named. kInvalid: it is no request.
[[nodiscard]] Result<std::string> explain_request(const Policy& policy, std::string_view request,
                                                  const RequestFacts& facts);

}  // namespace doorbuster::guard
