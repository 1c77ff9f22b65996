// What is answered where nobody is sent on, and where no link may be made.
#pragma once

#include <string_view>

#include "links/abuse/blocks.h"
#include "platform/api/call.h"

namespace doorbuster::links {

// 451 (RFC 7725), or 403 where it is a list of threats, on a page for who would rather read one. `base` names whoever
// blocks it: this server.
void respond_blocked(net::Exchange& exchange, std::string_view path, bool as_page, const Block& block,
                     std::string_view base);

// Whether a link may be made, or made to lead where it does; answers 403 otherwise. `code` as Blocks::of() has it.
[[nodiscard]] bool may_lead_there(const platform::Call& call, const Blocks& blocks, std::string_view code,
                                  const Link& link);

}  // namespace doorbuster::links
