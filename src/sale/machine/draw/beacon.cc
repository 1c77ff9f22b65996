#include "sale/machine/draw/beacon.h"

#include <algorithm>

#include "base/assert.h"

namespace doorbuster::sale {

BeaconValue::BeaconValue(Bytes bytes) : size_(static_cast<uint8_t>(bytes.size())) {
  ASSERT(bytes.size() <= bytes_.size());
  std::ranges::copy(bytes, bytes_.begin());
}

bool is_beacon_source(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= kBeaconSourceBytesMax && std::ranges::all_of(text, fits);
}

}  // namespace doorbuster::sale
