#include "sim/edge.h"

#include "sim/answers.h"

namespace doorbuster::sim {
namespace {

constexpr std::string_view kLastChunk = "\r\n0\r\n\r\n";

net::Limits limits() {
  net::Limits limits;
  limits.connections = 128;
  return limits;
}

}  // namespace

Edge::Edge(const Site& site, Answered answered, Streamed streamed)
    : site_(site),
      answered_(std::move(answered)),
      streamed_(std::move(streamed)),
      turned_at_(site.events.now()),
      loop_(limits()) {}

void Edge::serve(platform::Routes routes, const Clock& clock) {
  handler_ = std::make_unique<platform::RoutedHandler>(std::move(routes), clock);
  loop_.set_handler(*handler_);
}

bool Edge::take(uint64_t ticket, const Tails& came_at, const std::string& request) {
  return take({.ticket = ticket, .came_at = came_at, .answer = {}}, request);
}

bool Edge::take_stream(uint64_t ticket, const Tails& came_at, const std::string& request) {
  return take({.ticket = ticket, .came_at = came_at, .answer = {}, .is_stream = true}, request);
}

bool Edge::take(Asked asked, const std::string& request) {
  turn();
  if (idle_.empty() && !loop_.has_room()) return false;
  const uint32_t to = connection();
  if (asked.is_stream) streams_[asked.ticket] = to;
  asked_[to] = std::move(asked);
  loop_.send(to, request);
  tell_answers();
  return true;
}

void Edge::hang_up(uint64_t ticket) {
  const auto found = streams_.find(ticket);
  if (found == streams_.end()) return;
  loop_.reset(found->second);
  asked_.erase(found->second);
  streams_.erase(found);
}

std::string Edge::answer_now(const std::string& request) {
  turn();
  const uint32_t to = connection();
  loop_.send(to, request);
  std::string answer = loop_.take_output(to);
  ASSERT(is_whole_answer(answer));
  keep(to);
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

// Once answers end their connections, a further request needs one of its own.
void Edge::keep(uint32_t connection) {
  if (!loop_.closed(connection) && !loop_.draining()) idle_.push_back(connection);
}

void Edge::drain() {
  loop_.start_drain();
  idle_.clear();
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
    if (asked.is_stream) {
      tell_part(connection, asked);
      continue;
    }
    asked.answer += loop_.take_output(connection);
    if (!is_whole_answer(asked.answer)) continue;
    const Asked done = std::move(asked);
    asked_.erase(found);
    keep(connection);
    answered_(done.ticket, done.came_at, done.answer);
  }
}

// Whoever hears of a part may hang up.
void Edge::tell_part(uint32_t connection, Asked& asked) {
  const std::string part = loop_.take_output(connection);
  if (part.empty()) return;
  asked.answer += part;
  const bool is_over = this->is_over(connection, asked);
  const uint64_t ticket = asked.ticket;
  streamed_(ticket, Tails(asked.came_at), part);
  if (!is_over || streams_.erase(ticket) == 0) return;
  asked_.erase(connection);
  keep(connection);
}

// An answer with a length is over when it is there; what goes on is when its last chunk is, or its connection.
bool Edge::is_over(uint32_t connection, const Asked& asked) {
  const size_t head = asked.answer.find(kHeadEnd);
  const bool goes_on = asked.answer.substr(0, head).find("Transfer-Encoding: chunked") != std::string::npos;
  return loop_.closed(connection) || (goes_on ? asked.answer.ends_with(kLastChunk) : is_whole_answer(asked.answer));
}

}  // namespace doorbuster::sim
