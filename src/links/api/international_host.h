// Hosts as browsers write them: international names by Unicode's processing for IDNA (UTS #46), in ASCII.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace doorbuster::links {

// "xn--strae-oqa.example" of "straße.example": "domain to ASCII" (WHATWG URL, section 3.3), not strict, so neither
// lengths nor hyphens are looked at. What is ASCII already has its labels that begin with "xn--" checked. UTF-8.
// kInvalid: half a sentence, "must ...".
[[nodiscard]] Result<std::string> host_in_ascii(std::string_view host);

}  // namespace doorbuster::links
