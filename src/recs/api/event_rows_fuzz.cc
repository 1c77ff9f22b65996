// Requests of events, of any bytes: the first says whether there is a line for each and who sends them. Each row is
// recorded or named as wrong, and what is recorded is within what the machine takes.
#include <array>

#include "base/assert.h"
#include "recs/api/event_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::recs;
  if (size == 0) return 0;
  static const std::array<std::byte, 32> kKey{};
  static const Names names{Bytes(kKey)};
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto texts = event_texts(body, (data[0] & 1) != 0);
  if (!texts) return 0;
  ASSERT(!texts->empty() && texts->size() <= kRowsMax);
  RecsCaller caller;
  if ((data[0] & 2) != 0) caller.kind = RecsCaller::Kind::kOperator;
  if ((data[0] & 4) != 0) caller = {.kind = RecsCaller::Kind::kCustomer, .user = names.user("ann")};
  const EventRows read = read_event_rows(*texts, caller, names);
  ASSERT(read.rows.size() + read.problems.size() == texts->size() && read.rows.size() == read.indices.size());
  for (const EventRow& row : read.rows) {
    ASSERT(is_name(row.item_name) && (!row.user.is_none() || !row.session.is_none()) && row.quantity > 0);
    const bool is_sale = row.kind == EventKind::kPurchase || row.kind == EventKind::kCancel;
    ASSERT(!is_sale || caller.kind != RecsCaller::Kind::kPublic);
    ASSERT(row.user.is_none() || caller.may_name(row.user));
  }
  return 0;
}
