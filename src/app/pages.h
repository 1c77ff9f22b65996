// The pages that are built into the binary (web/).
#pragma once

#include <string_view>

#include "net/response.h"

namespace doorbuster::app {

// Null if there is no page at that path.
[[nodiscard]] const net::PreparedResponse* page_at(std::string_view path);

}  // namespace doorbuster::app
