// One description of a struct's fields serves for writing and for reading, so the two can't drift apart:
//
//   template <class Archive> void fields(Archive& archive) { archive(hold, customer, expires_at); }
//
// What was added to an event later, and is not always there, stands in a tail, at its end; older events have none:
//
//   archive.tail(note);
//
// The bytes are little-endian and without padding; docs/formats/sale-events.md lists them.
#pragma once

#include <concepts>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>

#include "base/assessment.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "sale/machine/settings.h"

namespace doorbuster::sale {

// Whether a value of a tail has something to say: what is empty, and the first of an enumeration, says what an event
// without a tail says.
template <class T>
[[nodiscard]] bool says_something(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return value != T{};
  } else {
    return !value.empty();
  }
}

// Whether it is delayed, the event says.
[[nodiscard]] inline bool says_something(const Assessment& value) {
  return value != Assessment{.is_delayed = value.is_delayed};
}
inline constexpr size_t kAssessmentBytes = 8;

template <class Archive>
class ArchiveBase {
 public:
  template <class... Values>
  void operator()(Values&... values) {
    (self().one(values), ...);
  }

  // Written as a whole if any of the values says something.
  template <class... Values>
  void tail(Values&... values) {
    if ((says_something(values) || ...)) self()(values...);
  }
  // A tail and a mark behind it, a single byte, each of them only where it says something. A tail is longer than that:
  // so what is left tells which of them are there.
  template <class Value, class Mark>
  void tail_and_mark(Value& value, Mark& mark) {
    static_assert(sizeof(Mark) == 1);
    self().tail(value);
    self().tail(mark);
  }

  // The same, with an assessment between them, which is longer than a mark, and with it shorter than a tail.
  template <class Value, class Mark>
  void tail_and_mark(Value& value, Assessment& assessment, Mark& mark) {
    self().tail(value);
    self().tail(assessment);
    self().tail(mark);
  }

  void composite(std::vector<Country>& values) {
    auto count = static_cast<uint8_t>(values.size());
    self()(count);
    values.resize(count);
    for (Country& value : values) self()(value);
  }
  void composite(Country& value) { self()(value[0], value[1]); }
  void composite(Assessment& value) {
    self()(value.score, value.reasons[0], value.reasons[1], value.reasons[2], value.network, value.device,
           value.country);
  }
  void composite(Digest& value) {
    for (std::byte& byte : value) self()(byte);
  }
  void composite(CustomerHash& value) { self()(value.high, value.low); }
  template <class Tag>
  void composite(SlotNumber<Tag>& value) {
    self()(value.slot, value.generation);
  }
  void composite(Idempotency& value) { self()(value.key, value.fingerprint); }
  void composite(Item& value) { self()(value.sku, value.title, value.image_url, value.description); }
  // Without the entry rules, which came later: in events they are a tail.
  void composite(Settings& value) {
    self()(value.id, value.title, value.item, value.price, value.units, value.per_customer, value.queue, value.guests,
           value.opens_at, value.closes_at, value.prequeue_opens_at, value.claim_seconds, value.hold_seconds,
           value.payment_grace_seconds, value.outflow_per_minute);
  }
  template <class T>
    requires requires(T& value, Archive& archive) { value.fields(archive); }
  void composite(T& value) {
    value.fields(self());
  }

 private:
  Archive& self() { return static_cast<Archive&>(*this); }
};

class Writer : public ArchiveBase<Writer> {
 public:
  explicit Writer(std::vector<std::byte>& out) : bytes_(out) {}

  template <class T>
  void one(T& value) {
    if constexpr (std::is_enum_v<T>) {
      bytes_.integer(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_same_v<T, bool>) {
      bytes_.integer(static_cast<uint8_t>(value));
    } else if constexpr (std::integral<T>) {
      bytes_.integer(value);
    } else {
      composite(value);
    }
  }
  template <class Tag, class Rep>
  void one(Strong<Tag, Rep>& value) {
    bytes_.integer(value.value());
  }
  void one(Timestamp& value) { bytes_.integer(value.micros()); }
  void one(std::string& value) { bytes_.text(value); }
  void one(Money& value) {
    bytes_.integer(value.amount);
    bytes_.raw(as_bytes(value.currency.code()));
  }
  template <class T>
  void one(std::optional<T>& value) {
    bytes_.integer(static_cast<uint8_t>(value.has_value()));
    if (value) one(*value);
  }

 private:
  ByteWriter bytes_;
};

// How many bytes a Writer would append.
class Measure : public ArchiveBase<Measure> {
 public:
  template <class T>
  void one(T& value) {
    if constexpr (std::integral<T> || std::is_enum_v<T>) {
      size_ += sizeof value;
    } else {
      composite(value);
    }
  }
  template <class Tag, class Rep>
  void one(Strong<Tag, Rep>&) {
    size_ += sizeof(Rep);
  }
  void one(Timestamp&) { size_ += sizeof(int64_t); }
  void one(std::string& value) { size_ += sizeof(uint32_t) + value.size(); }
  void one(Money&) { size_ += sizeof(int64_t) + 3; }
  template <class T>
  void one(std::optional<T>& value) {
    ++size_;
    if (value) one(*value);
  }

  [[nodiscard]] size_t size() const { return size_; }

 private:
  size_t size_ = 0;
};

// Writes what a Writer would append to where there is room for it: several times as fast.
class PlacedWriter : public ArchiveBase<PlacedWriter> {
 public:
  explicit PlacedWriter(std::byte* at) : at_(at) {}

  template <class T>
  void one(T& value) {
    if constexpr (std::integral<T> || std::is_enum_v<T>) {
      raw(&value, sizeof value);
    } else {
      composite(value);
    }
  }
  template <class Tag, class Rep>
  void one(Strong<Tag, Rep>& value) {
    const Rep number = value.value();
    raw(&number, sizeof number);
  }
  void one(Timestamp& value) {
    const int64_t micros = value.micros();
    raw(&micros, sizeof micros);
  }
  void one(std::string& value) {
    ASSERT(value.size() <= UINT32_MAX);
    const auto size = static_cast<uint32_t>(value.size());
    raw(&size, sizeof size);
    raw(value.data(), value.size());
  }
  void one(Money& value) {
    raw(&value.amount, sizeof value.amount);
    raw(value.currency.code().data(), 3);
  }
  template <class T>
  void one(std::optional<T>& value) {
    auto is_there = static_cast<uint8_t>(value.has_value());
    raw(&is_there, sizeof is_there);
    if (value) one(*value);
  }

  // Behind what was written.
  [[nodiscard]] const std::byte* at() const { return at_; }

 private:
  void raw(const void* bytes, size_t count) {
    if (count > 0) std::memcpy(at_, bytes, count);
    at_ += count;
  }

  std::byte* at_;
};

// Any damage makes ok() false; the values are then not to be used.
class Reader : public ArchiveBase<Reader> {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  template <class T>
  void one(T& value) {
    if constexpr (std::is_enum_v<T>) {
      const auto number = bytes_.integer<std::underlying_type_t<T>>();
      value = static_cast<T>(number);
      if constexpr (requires { last_of(value); }) sound_ = sound_ && value <= last_of(value);
    } else if constexpr (std::is_same_v<T, bool>) {
      value = flag();
    } else if constexpr (std::integral<T>) {
      value = bytes_.integer<T>();
    } else {
      composite(value);
    }
  }
  template <class Tag, class Rep>
  void one(Strong<Tag, Rep>& value) {
    value = Strong<Tag, Rep>(bytes_.integer<Rep>());
  }
  // Within the years 1970 to 9999, so that a span of any length may be added without a look.
  void one(Timestamp& value) {
    constexpr int64_t kEndOfYear9999 = 253'402'300'800'000'000;
    const auto micros = bytes_.integer<int64_t>();
    sound_ = sound_ && micros >= 0 && micros < kEndOfYear9999;
    value = Timestamp::from_micros(micros);
  }
  void one(std::string& value) { value = bytes_.text(); }
  void one(Country& value) {
    composite(value);
    sound_ = sound_ && is_country(value);
  }
  void one(std::vector<Country>& values) {
    composite(values);
    sound_ = sound_ && values.size() <= kMaxCountries;
  }
  void one(Assessment& value) {
    composite(value);
    sound_ = sound_ && value.score <= kScoreMax;
  }
  void one(Money& value) {
    value.amount = bytes_.integer<int64_t>();
    value.currency = Currency(as_text(bytes_.raw(3)));
    sound_ = sound_ && value.currency.valid();
  }
  template <class T>
  void one(std::optional<T>& value) {
    if (!flag()) {
      value.reset();
      return;
    }
    value.emplace();
    one(*value);
  }

  // From now on: all there is belongs to one thing, so that it can be told whether there is a tail.
  void expect_tails() { expects_tails_ = true; }
  // One that says nothing would not have been written.
  template <class... Values>
  void tail(Values&... values) {
    if (!expects_tails_ || left() == 0) return;
    (*this)(values...);
    sound_ = sound_ && (says_something(values) || ...);
  }
  template <class Value, class Mark>
  void tail_and_mark(Value& value, Mark& mark) {
    if (left() > sizeof(Mark)) tail(value);
    tail(mark);
  }
  template <class Value, class Mark>
  void tail_and_mark(Value& value, Assessment& assessment, Mark& mark) {
    if (left() > kAssessmentBytes + sizeof(Mark)) tail(value);
    if (left() >= kAssessmentBytes) tail(assessment);
    tail(mark);
  }

  // None if there are not that many.
  Bytes raw(size_t count) { return bytes_.raw(count); }

  [[nodiscard]] bool ok() const { return sound_ && bytes_.ok(); }
  [[nodiscard]] size_t left() const { return bytes_.left(); }

 private:
  bool flag() {
    const auto byte = bytes_.integer<uint8_t>();
    sound_ = sound_ && byte <= 1;
    return byte == 1;
  }

  ByteReader bytes_;
  bool sound_ = true;
  bool expects_tails_ = false;
};

}  // namespace doorbuster::sale
