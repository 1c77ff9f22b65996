// An address of HTTP on this machine, taken apart: the stampede's clients come from 127.0.0.0/8, so they reach nobody
// else.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "stampede/engine.h"

namespace doorbuster::stampede {

struct LocalUrl {
  Peer peer;
  std::string host;  // with the port, as the field Host has it
  std::string path;  // with the query
};

// kInvalid: not "http://127.0.0.1:8080/...", or "localhost" in place of an address.
[[nodiscard]] Result<LocalUrl> parse_url(std::string_view url);

}  // namespace doorbuster::stampede
