#include "links/api/click_recorder.h"

namespace doorbuster::links {

void ClickRecorder::flush() {
  if (waiting_.empty() || cell_.under_way() == cell_.capacity()) return;
  const size_t count = waiting_.size();
  RecordClicks command{.clicks = std::move(waiting_)};
  waiting_ = {};
  waiting_.reserve(count);
  ASSERT(cell_.submit(kLine, owner_, count, std::move(command)));
}

void ClickRecorder::take(const LinksClient::Answer& answer) {
  (answer.status == cell::ReplyStatus::kDecided ? durable_ : lost_).add(answer.ticket.value);
}

}  // namespace doorbuster::links
