#include "counter/views/webhook_feed.h"

#include <algorithm>

#include "base/json_writer.h"
#include "cell/frames.h"

namespace doorbuster::counter {
namespace {

std::string json_of(const Added& added) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("counter", added.name).member("added", added.amount);
  json.member("total", added.total).end_object();
  return text;
}

}  // namespace

uint64_t WebhookFeed::read(uint64_t after, const Visit& visit) {
  const uint64_t end = newest();
  uint64_t seen = after;
  bool wants_more = true;
  const auto visit_batch = [&](const log::Batch& batch) {
    uint64_t sequence = batch.first.value();
    const auto read = cell::for_each_frame(batch.payload, [&](Timestamp at, uint32_t, Bytes events) -> Result<void> {
      TRY(for_each_event(events, [&](const Added& added) {
        const uint64_t its = sequence++;
        if (its <= after || its > end || !wants_more) return;
        seen = its;
        wants_more = visit(std::make_shared<platform::Delivery>(
            platform::Delivery{.sequence = its,
                               .key = added.name,
                               .id = "cnt_" + std::to_string(cell_.value()) + "_" + std::to_string(its),
                               .resource = "/api/v1/counters/" + added.name,
                               .type = "counter.added",
                               .at = at,
                               .json = json_of(added),
                               .trace = follower_.traces(cell_).of(Sequence(its))}));
      }));
      return {};
    });
    return read.has_value() && wants_more && sequence <= end;
  };
  if (after >= end || !log_.read(cell_, Sequence(after + 1), visit_batch)) return after;
  return wants_more ? std::max(seen, end) : seen;
}

uint64_t WebhookFeed::last_before(Timestamp from) {
  uint64_t last = 0;
  (void)log_.read(cell_, Sequence(1), [&](const log::Batch& batch) {
    if (batch.at >= from) return false;
    last = log::last_of(batch).value();
    return true;
  });
  return last;
}

}  // namespace doorbuster::counter
