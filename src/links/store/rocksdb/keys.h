// The keys under which the store of links keeps what (docs/formats/links-store.md).
//
// Numbers are big-endian, so that RocksDB's order of bytes is theirs.
#pragma once

#include <rocksdb/slice.h>

#include <string>
#include <string_view>
#include <vector>

#include "links/store/link_store.h"

namespace doorbuster::links::rocksdb_keys {

inline rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view text_of(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }
inline rocksdb::Slice slice(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What keys begin with: a link's with its shard, a place's with a byte behind all shards, and that of a channel with
// the next one, the sale and a zero, which no sale's id has.
inline constexpr std::string_view kPlacesBegin("\x10", 1);
inline constexpr std::string_view kSalesBegin("\x11", 1);
inline constexpr std::string_view kSalesEnd("\x12", 1);
// Behind them requests that are remembered, by their keys, and which of them came when.
inline constexpr std::string_view kNotesBegin("\x12", 1);
inline constexpr std::string_view kNoteTimesBegin("\x13", 1);
// Users, their keys, whose they are, what was used in which month, and the places of their links.
inline constexpr std::string_view kUsersBegin("\x14", 1);
inline constexpr std::string_view kUserKeysBegin("\x15", 1);
inline constexpr std::string_view kKeysOfUsersBegin("\x16", 1);
inline constexpr std::string_view kUsageBegin("\x17", 1);
inline constexpr std::string_view kOwnersBegin("\x18", 1);
// Links by when they expire, as long as that is still to be told; what is told of links; and how far of the log is.
inline constexpr std::string_view kExpiriesBegin("\x19", 1);
inline constexpr std::string_view kAnnouncementsBegin("\x1A", 1);
inline constexpr std::string_view kHeardKey("\x1B", 1);
// Links that were asked for to be made once, by their likeness.
inline constexpr std::string_view kLikenessesBegin("\x1C", 1);
// What people report of links, by their codes.
inline constexpr std::string_view kReportsBegin("\x1D", 1);
// How many links there are.
inline constexpr std::string_view kSizeKey("\x1F", 1);
static_assert(kPlacesBegin.front() == kShards);

template <class Number>
std::string big_endian(Number value) {
  std::string text;
  for (size_t i = sizeof value; i-- > 0;) text += static_cast<char>(value >> (8 * i));
  return text;
}

inline uint64_t read_big_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes.substr(0, sizeof value)) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

inline std::string key_of(std::string_view code) {
  std::string key(1, static_cast<char>(shard_of(code)));
  return key.append(code);
}

inline std::string key_of(std::string_view prefix, const Place& place) {
  return std::string(prefix) + big_endian(static_cast<uint64_t>(place.created_at.micros())) + big_endian(place.number);
}

// When what stands at a place was made.
inline Timestamp made_at(std::string_view place) {
  return Timestamp::from_micros(static_cast<int64_t>(read_big_endian(place)));
}

inline std::string key_of_note(uint64_t key) { return std::string(kNotesBegin) + big_endian(key); }

inline std::string key_of_announcement(uint64_t sequence) {
  return std::string(kAnnouncementsBegin) + big_endian(sequence);
}

inline std::string key_of_likeness(uint64_t likeness) { return std::string(kLikenessesBegin) + big_endian(likeness); }

inline std::string places_of(std::string_view sale) { return std::string(kSalesBegin).append(sale).append(1, '\0'); }

inline std::string places_of_owner(uint64_t owner) { return std::string(kOwnersBegin) + big_endian(owner); }

inline std::string key_of_user(uint64_t user) { return std::string(kUsersBegin) + big_endian(user); }

inline std::string key_of_user_key(std::string_view id) { return std::string(kUserKeysBegin).append(id); }

inline std::string keys_of_user(uint64_t user) { return std::string(kKeysOfUsersBegin) + big_endian(user); }

inline std::string usage_behind(uint64_t user) { return std::string(kUsageBegin) + big_endian(user); }
inline std::string key_of_usage(uint64_t user, Month month) { return usage_behind(user) + big_endian(month); }

}  // namespace doorbuster::links::rocksdb_keys
