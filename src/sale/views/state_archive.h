// How projections save what they know: one description of a state serves for writing, reading and forgetting it,
// so the three can't drift apart:
//
//   template <class Self, class Archive>
//   static void saved_fields(Self& self, Archive& archive) { archive(self.orders_, self.by_sale_); }
//
// Values are written as in events (sale/machine/archive.h); what holds many is their number and then each. Between two
// elements a part of the state may end (docs/formats/view-state.md).
#pragma once

#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "platform/views/state_store.h"
#include "sale/machine/archive.h"
#include "sale/machine/draw/merkle.h"

namespace doorbuster::sale {

class StateSaver {
 public:
  static constexpr bool kLoads = false;

  explicit StateSaver(platform::StateWriter& out) : out_(out), writer_(part_) {}

  template <class... Values>
  void operator()(const Values&... values) {
    (one(values), ...);
  }
  // What follows begins a part.
  void end_part() {
    if (result_ && !part_.empty()) result_ = out_.add(part_);
    part_.clear();
  }
  // The first error that there was.
  [[nodiscard]] Result<void> finish() {
    end_part();
    return result_;
  }

 private:
  static constexpr size_t kPartBytes = size_t{256} << 10;

  template <class T>
  void one(const T& value) {
    if constexpr (requires { T::saved_fields(value, *this); }) {
      T::saved_fields(value, *this);
    } else {
      // What describes fields reads them, too, and so is not const.
      writer_.one(const_cast<T&>(value));
    }
  }
  void one(const Digest& value) { part_.insert(part_.end(), value.begin(), value.end()); }
  void one(const std::vector<bool>& values) {
    one(uint64_t{values.size()});
    for (const bool value : values) element(value);
  }
  template <class T>
  void one(const std::vector<T>& values) {
    all(values);
  }
  template <class T>
  void one(const std::deque<T>& values) {
    all(values);
  }
  template <class Key, class Value>
  void one(const std::map<Key, Value>& values) {
    all(values);
  }
  template <class First, class Second>
  void one(const std::pair<First, Second>& value) {
    (*this)(value.first, value.second);
  }
  template <class T, size_t kCount>
  void one(const std::array<T, kCount>& values) {
    for (const T& value : values) one(value);
  }
  void one(const MerkleTree& tree) {
    one(tree.size());
    for (uint64_t i = 0; i < tree.size(); ++i) element(tree.leaf(i));
  }
  template <class Many>
  void all(const Many& values) {
    one(uint64_t{values.size()});
    for (const auto& value : values) element(value);
  }
  template <class T>
  void element(const T& value) {
    if (part_.size() >= kPartBytes) end_part();
    one(value);
  }

  platform::StateWriter& out_;
  std::vector<std::byte> part_;
  Writer writer_;
  Result<void> result_;
};

// Any damage makes ok() false; the values are then not to be used.
class StateLoader {
 public:
  static constexpr bool kLoads = true;

  explicit StateLoader(platform::StateReader& in) : in_(in) { begin_part(); }

  template <class... Values>
  void operator()(Values&... values) {
    (one(values), ...);
  }
  [[nodiscard]] bool ok() const { return result_.has_value() && reader_.ok(); }
  void refuse(std::string why) {
    if (result_) result_ = fail(ErrorCode::kCorrupt, std::move(why));
  }
  // Where a part ends because the writer said so: all of it was read, and another follows.
  void next_part() {
    if (result_ && reader_.left() > 0) refuse("a part of a state is longer than it should be");
    if (ok() && !begin_part()) refuse("a state ends too early");
  }
  // Whether all of it was read, and nothing is left.
  [[nodiscard]] Result<void> finish() {
    if (result_ && !reader_.ok()) refuse("the state of a view ends in the middle of a value");
    if (result_ && reader_.left() > 0) refuse("a state of views is longer than it should be");
    if (ok() && begin_part()) refuse("a state of views is longer than it should be");
    return result_;
  }

 private:
  template <class T>
  void one(T& value) {
    if constexpr (requires { T::saved_fields(value, *this); }) {
      T::saved_fields(value, *this);
    } else {
      reader_.one(value);
    }
  }
  void one(Digest& value) {
    const Bytes bytes = reader_.raw(value.size());
    if (!bytes.empty()) std::ranges::copy(bytes, value.begin());
  }
  void one(std::vector<bool>& values) {
    values.clear();
    each([&] {
      bool value = false;
      one(value);
      values.push_back(value);
    });
  }
  template <class T>
  void one(std::vector<T>& values) {
    values.clear();
    each([&] { one(values.emplace_back()); });
  }
  template <class T>
  void one(std::deque<T>& values) {
    values.clear();
    each([&] { one(values.emplace_back()); });
  }
  template <class Key, class Value>
  void one(std::map<Key, Value>& values) {
    values.clear();
    each([&] {
      Key key{};
      one(key);
      one(values[key]);
    });
  }
  template <class First, class Second>
  void one(std::pair<First, Second>& value) {
    (*this)(value.first, value.second);
  }
  template <class T, size_t kCount>
  void one(std::array<T, kCount>& values) {
    for (T& value : values) one(value);
  }
  void one(MerkleTree& tree) {
    tree = {};
    each([&] {
      Digest leaf{};
      one(leaf);
      tree.add(leaf);
    });
  }
  template <class Read>
  void each(Read&& read) {
    uint64_t count = 0;
    one(count);
    for (uint64_t i = 0; i < count && ok(); ++i) {
      if (reader_.left() == 0) begin_part();
      read();
    }
  }
  // False if there is none.
  bool begin_part() {
    if (!result_) return false;
    const Result<bool> more = in_.next(part_);
    if (!more) result_ = tl::unexpected(more.error());
    if (!more || !*more) part_.clear();
    reader_ = Reader(part_);
    return more && *more;
  }

  platform::StateReader& in_;
  std::vector<std::byte> part_;
  Reader reader_{Bytes{}};
  Result<void> result_;
};

// As if nothing had been heard.
class StateEraser {
 public:
  static constexpr bool kLoads = false;

  template <class... Values>
  void operator()(Values&... values) {
    ((values = Values()), ...);
  }
};

}  // namespace doorbuster::sale
