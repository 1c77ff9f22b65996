// What is kept of the clicks of one link: what was counted (link_counts.h), and how far the log was heard for it. Of
// one link there may be several, each of the clicks behind those of the one before; added in their order they are one.
#pragma once

#include <vector>

#include "base/strong.h"
#include "links/views/link_counts.h"

namespace doorbuster::links {

struct CountRecord {
  Sequence heard;  // the place in the log of the last click that is counted
  LinkCounts counts;

  // What it has heard already is not added again.
  CountRecord& operator+=(const CountRecord& later);
  friend bool operator==(const CountRecord&, const CountRecord&) = default;
};

// docs/formats/links-counts.md
[[nodiscard]] std::vector<std::byte> encode_record(const CountRecord& record);
// kCorrupt if these are not bytes of a record.
[[nodiscard]] Result<CountRecord> decode_record(Bytes stored);

// Its beginning, which is cheaper to read than all of it.
struct RecordTotal {
  Sequence heard;
  Tally total;
  Timestamp last_at;
};
[[nodiscard]] Result<RecordTotal> decode_total(Bytes stored);

}  // namespace doorbuster::links
