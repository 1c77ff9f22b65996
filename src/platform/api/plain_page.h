// Pages without a script, in the clothes of web/: for people who come where an answer of the API would be no use to
// them, and a page of ours too much.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "net/exchange.h"
#include "net/response.h"
#include "net/status.h"
#include "platform/api/call.h"

namespace doorbuster::platform {

// Text as it stands in HTML, also within an attribute's quotes.
[[nodiscard]] std::string html_escaped(std::string_view text);

// One page, kept by no cache. `title` is text, `html` a paragraph; `more` are further fields.
void respond_page(net::Exchange& exchange, net::Status status, std::string_view title, std::string_view html,
                  std::initializer_list<net::Header> more = {});

// Whether whoever asks would rather read a page than JSON: a browser that goes somewhere.
[[nodiscard]] bool wants_page(const Call& call);

}  // namespace doorbuster::platform
