// What calls of every service read from a request. Whatever is wrong with it is answered here, with what would be
// right.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "platform/api/call.h"

namespace doorbuster::platform {

// Which request a client's Idempotency-Key stands for. All zero: it sent none.
struct IdempotencyKey {
  uint64_t key = 0;          // of the header and the scope; never 0 for a key that was sent
  uint64_t fingerprint = 0;  // of method, target and body: another request under the same key is refused
};

// What a request is told whose key stands for another one (422).
struct KeyReused {
  static constexpr std::string_view kType = "idempotency-key-reused";
  static constexpr std::string_view kTitle = "This Idempotency-Key was used for another request";
  static constexpr std::string_view kDetail = "A key stands for one request with one body: take a new key.";
};

// The Idempotency-Key header, if there is one. The scope keeps the keys of different clients apart where the machine
// does not. Answers 400 and returns nothing if the key is empty or longer than 255 bytes.
[[nodiscard]] std::optional<IdempotencyKey> idempotency_key_of(const Call& call, std::string_view scope = {});

// Bodies of calls that take no members: empty, or {}. Answers 400 and returns false otherwise.
[[nodiscard]] bool has_no_body(const Call& call);

// At most so much of a list is answered at once, and whatever the limit, a page ends with what makes it longer than a
// MiB: whoever reads on begins behind what they got.
inline constexpr size_t kPageMax = 1'000;
inline constexpr size_t kPageBytes = size_t{1} << 20;

struct PageAsked {
  size_t offset;
  size_t limit;
};

// By `offset` (0) and `limit` (100) in the query. Answers 400 and returns nothing if one is not such a number.
[[nodiscard]] std::optional<PageAsked> page_asked(const Call& call);

// A number in the query, or the fallback. Answers 400 and returns nothing if it is not one up to `most`.
[[nodiscard]] std::optional<size_t> number_in_query(const Call& call, std::string_view name, size_t fallback,
                                                    size_t most);

// Answers with a JSON body that must not be cached. Of the fields behind it those that are empty are left out.
void respond_json(net::Exchange& exchange, net::Status status, std::string_view body, std::string_view location = {},
                  std::string_view set_cookie = {}, std::string_view etag = {});

}  // namespace doorbuster::platform
