// What the headers of a request say of the program that sent it: what it says it is, and whether it sends what such a
// program sends.
//
// All of it can be faked, and is: what this finds is a script that does not take the trouble. The rules are what
// browsers have sent for years: Chromium its client hints (W3C User-Agent Client Hints) and Fetch Metadata where the
// page is a secure one, with versions and platforms that agree with the user agent; every browser the languages and
// encodings that it takes. The browsers' versions of the last years keep to one order of the four fields that proxies
// leave as they are.
#pragma once

#include <span>

#include "base/assessment.h"
#include "net/head.h"

namespace doorbuster::guard {

struct Program {
  DeviceClass device = DeviceClass::kUnknown;
  bool is_browser = false;       // by its user agent
  bool contradicts = false;      // a browser by its user agent alone
  bool is_out_of_order = false;  // a browser's fields, in an order in which it does not send them
};

[[nodiscard]] Program program_of(std::span<const net::Field> fields);

}  // namespace doorbuster::guard
