// Lists of numbers as bytes: how models are saved.
#pragma once

#include <type_traits>
#include <vector>

#include "base/bytes.h"

namespace doorbuster::recs {

template <class T>
void write_numbers(ByteWriter& out, const std::vector<T>& numbers) {
  static_assert(std::is_arithmetic_v<T>);
  out.integer(uint64_t{numbers.size()});
  out.raw(std::as_bytes(std::span(numbers)));
}

// Nothing is taken for them that is not there.
template <class T>
void read_numbers(ByteReader& in, std::vector<T>& numbers) {
  static_assert(std::is_arithmetic_v<T>);
  const auto count = in.integer<uint64_t>();
  const Bytes bytes = in.raw(count > in.left() / sizeof(T) ? SIZE_MAX : static_cast<size_t>(count) * sizeof(T));
  numbers.resize(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
}

inline void write_number(ByteWriter& out, float number) { out.integer(std::bit_cast<uint32_t>(number)); }
inline float read_number(ByteReader& in) { return std::bit_cast<float>(in.integer<uint32_t>()); }

}  // namespace doorbuster::recs
