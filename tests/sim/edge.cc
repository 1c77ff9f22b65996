#include "sim/edge.h"

#include "sim/answers.h"

namespace doorbuster::sim {
namespace {

net::Limits limits() {
  net::Limits limits;
  limits.connections = 64;
  return limits;
}

}  // namespace

Edge::Edge(const Site& site, Answered answered)
    : site_(site), answered_(std::move(answered)), turned_at_(site.events.now()), loop_(limits()) {}

void Edge::serve(platform::Routes routes) {
  handler_ = std::make_unique<platform::RoutedHandler>(std::move(routes), site_.clock);
  loop_.set_handler(*handler_);
}

bool Edge::take(uint64_t ticket, const Tails& came_at, const std::string& request) {
  turn();
  if (idle_.empty() && !loop_.has_room()) return false;
  const uint32_t to = connection();
  asked_[to] = {.ticket = ticket, .came_at = came_at, .answer = {}};
  loop_.send(to, request);
  tell_answers();
  return true;
}

std::string Edge::answer_now(const std::string& request) {
  turn();
  const uint32_t to = connection();
  loop_.send(to, request);
  std::string answer = loop_.take_output(to);
  ASSERT(is_whole_answer(answer));
  if (!loop_.closed(to)) idle_.push_back(to);
  return answer;
}

// One that is kept, if it is still open.
uint32_t Edge::connection() {
  while (!idle_.empty()) {
    const uint32_t kept = idle_.back();
    idle_.pop_back();
    if (!loop_.closed(kept)) return kept;
  }
  return loop_.connect();
}

void Edge::turn() {
  const Duration passed = site_.events.now() - turned_at_;
  turned_at_ = site_.events.now();
  loop_.advance(passed);
  tell_answers();
}

void Edge::tell_answers() {
  for (const uint32_t connection : loop_.take_spoken_to()) {
    const auto found = asked_.find(connection);
    if (found == asked_.end()) continue;
    Asked& asked = found->second;
    asked.answer += loop_.take_output(connection);
    if (!is_whole_answer(asked.answer)) continue;
    const Asked done = std::move(asked);
    asked_.erase(found);
    if (!loop_.closed(connection)) idle_.push_back(connection);
    answered_(done.ticket, done.came_at, done.answer);
  }
}

}  // namespace doorbuster::sim
