// A visit of a short link, as it is kept: what is counted, and nothing that names a person.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/assessment.h"
#include "base/bounded_text.h"

namespace doorbuster::links {

// A host's registered domain, as the browser named it. A longer one is kept as its end.
inline constexpr size_t kReferrerBytesMax = 64;

// Numbers mean the same for ever: logs hold them.
enum class Visitor : uint8_t {
  kPerson,
  kBot,  // says that it is a program, or says nothing
};
inline constexpr std::array<std::string_view, 2> kVisitorNames = {"person", "bot"};
constexpr Visitor last_of(Visitor) { return Visitor::kBot; }

struct Click {
  uint64_t link = 0;  // its number
  Visitor visitor = Visitor::kPerson;
  DeviceClass device = DeviceClass::kUnknown;
  Country country = kUnknownCountry;
  BoundedText<kReferrerBytesMax> referrer = {};  // empty: the browser said none
  friend bool operator==(const Click&, const Click&) = default;
};

}  // namespace doorbuster::links
