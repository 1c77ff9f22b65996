// What a page says of how a person used it, in the field Doorbuster-Page of the request that takes something:
//
//   Doorbuster-Page: first=1830,presses=2,moves=41,keys=3,touches=0,focus=1
//
// `first` is the time in milliseconds from the page's begin to the person's first action. A program can say whatever it
// likes: what this finds is one that has no page at all, or does not take the trouble.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace doorbuster::guard {

inline constexpr std::string_view kPageUseField = "Doorbuster-Page";

struct PageUse {
  uint32_t first_ms = 0;
  uint32_t presses = 0;  // of buttons and links, by whatever means: a voice presses, too
  uint32_t moves = 0;    // of the pointer
  uint32_t keys = 0;
  uint32_t touches = 0;
  uint32_t focus = 0;       // how often the page got it
  std::string_view device;  // what the shop's app knows the device by, if it says so: at most 64 bytes

  [[nodiscard]] bool was_used() const { return presses + moves + keys + touches > 0; }
};

// Nothing for what is not of that form; names that are not known are passed over. Views into the text.
[[nodiscard]] std::optional<PageUse> read_page_use(std::string_view text);

}  // namespace doorbuster::guard
