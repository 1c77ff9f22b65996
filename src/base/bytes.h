// Little-endian byte strings: what is written to a log, a snapshot or a token, and read back with every bound checked.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"

namespace doorbuster {

using Bytes = std::span<const std::byte>;

static_assert(std::endian::native == std::endian::little,
              "formats are little-endian; a big-endian port must swap here");

inline Bytes as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// A bool is not among them: a byte that is neither 0 nor 1 must not become one unseen.
template <class T>
concept StoredInteger = std::integral<T> && !std::same_as<T, bool>;

// Appends to a growing buffer that the caller owns and reuses.
class ByteWriter {
 public:
  explicit ByteWriter(std::vector<std::byte>& out) : out_(out) {}

  template <StoredInteger T>
  void integer(T value) {
    const size_t at = out_.size();
    out_.resize(at + sizeof value);
    std::memcpy(out_.data() + at, &value, sizeof value);
  }
  void raw(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  // A length of four bytes, then the text.
  void text(std::string_view value) {
    ASSERT(value.size() <= UINT32_MAX);
    integer(static_cast<uint32_t>(value.size()));
    raw(as_bytes(value));
  }

 private:
  std::vector<std::byte>& out_;
};

// Reads what a ByteWriter wrote. Damage never throws and never reads past the end: the first impossible read makes ok()
// false for good, and every read after it gives zeros.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  template <StoredInteger T>
  T integer() {
    T value{};
    const Bytes source = raw(sizeof value);
    if (!source.empty()) std::memcpy(&value, source.data(), sizeof value);
    return value;
  }
  Bytes raw(size_t count) {
    if (count > bytes_.size() - at_) ok_ = false;
    if (!ok_) return {};
    const Bytes found = bytes_.subspan(at_, count);
    at_ += count;
    return found;
  }
  std::string_view text() { return as_text(raw(integer<uint32_t>())); }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] size_t left() const { return bytes_.size() - at_; }
  // True when everything was read and nothing was wrong.
  [[nodiscard]] bool finished() const { return ok_ && left() == 0; }

 private:
  Bytes bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace doorbuster
