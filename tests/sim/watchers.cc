#include "sim/watchers.h"

#include <algorithm>
#include <charconv>

#include "sim/answers.h"

namespace doorbuster::sim {
namespace {

constexpr Duration kLook = Duration::seconds(5);  // whether the connection is still there
constexpr std::string_view kEventEnd = "\n\n";
constexpr std::string_view kEventBegin = "event: entry\ndata: ";

}  // namespace

std::string StreamText::head() const {
  const size_t end = text_.find(kHeadEnd);
  return end == std::string::npos ? std::string() : text_.substr(0, end + 2);
}

void StreamText::take_chunks() {
  if (read_ == 0) read_ = text_.find(kHeadEnd) + kHeadEnd.size();
  while (!has_ended_) {
    const size_t line_end = text_.find("\r\n", read_);
    if (line_end == std::string::npos) return;
    size_t size = 0;
    const auto read = std::from_chars(text_.data() + read_, text_.data() + line_end, size, 16);
    ASSERT(read.ptr == text_.data() + line_end);
    if (text_.size() < line_end + size + 4) return;
    said_ += text_.substr(line_end + 2, size);
    read_ = line_end + size + 4;
    has_ended_ = size == 0;
  }
}

std::optional<std::string> StreamText::next() {
  take_chunks();
  const size_t end = said_.find(kEventEnd);
  if (end == std::string::npos) return std::nullopt;
  std::string event = said_.substr(0, end);
  said_.erase(0, end + kEventEnd.size());
  return event;
}

void Watchers::watch(Watcher watcher) {
  auto watching = std::make_shared<Watching>();
  watching->watcher = std::move(watcher);
  connect(watching);
}

void Watchers::connect_soon(const Handle& watching) {
  site_.events.in(site_.seconds_from_to(1, 3), [this, watching] {
    if (!watching->over && !site_.calm) connect(watching);
  });
}

void Watchers::connect(const Handle& watching) {
  const bool again = watching->newest != 0;
  const uint64_t ticket = watching->newest = ++tickets_;
  connections_[ticket] = {.watching = watching,
                          .sent_at = site_.events.steps(),
                          .text = {},
                          .said = {},
                          .said_at = {},
                          .arrives_at = {},
                          .differs_since = {}};
  site_.events.in(kLook, [this, ticket] { look_after(ticket); });
  if (site_.unlucky(site_.plan.lose_one_in)) return;
  const sale::LookUpEntry look{watching->watcher.entry, watching->watcher.customer};
  site_.events.in(site_.up_to(site_.plan.travel_max), [this, ticket, look, again] {
    site_.trace.note("watch ", ticket, " ", text_of(question_of(look)));
    network_.deliver(ticket, request_to_watch(look, ids_, again).text());
  });
}

// Now and then a connection dies, and its server is not told; it is if nobody is about to hear of anything any more.
void Watchers::look_after(uint64_t ticket) {
  const auto found = connections_.find(ticket);
  if (found == connections_.end()) return;
  const bool is_cut = site_.unlucky(site_.plan.lose_one_in);
  if (network_.server_of(ticket) != nullptr && !is_cut && !site_.calm)
    return site_.events.in(kLook, [this, ticket] { look_after(ticket); });
  const Handle watching = found->second.watching;
  connections_.erase(found);
  site_.trace.note("watch ", ticket, " is cut");
  if (!is_cut || site_.random.chance(2)) network_.hang_up(ticket);
  connect_soon(watching);
}

void Watchers::streamed(uint64_t ticket, const std::string& part, const LogRanges& logs) {
  const auto found = connections_.find(ticket);
  if (found == connections_.end()) return network_.hang_up(ticket);
  Connection& connection = found->second;
  connection.text.add(part);
  const std::string head = connection.text.head();
  if (head.empty()) return;
  const uint32_t cell = cell_of(connection.watching->watcher.entry).value();
  if (field_of(head, "Content-Type") != "text/event-stream") {
    take_refusal(connection, head, logs[cell]);
    connections_.erase(found);
    return;
  }
  if (!connection.said) connection.said_at = logs[cell].from;
  while (const auto event = connection.text.next()) {
    if (!event->starts_with(':')) take_event(connection, ticket, *event, logs);
  }
  if (!connection.text.has_ended()) return;
  take_end(connection, ticket);
  connections_.erase(found);
}

void Watchers::take_refusal(Connection& connection, const std::string& head, const LogRange& log) {
  const Handle watching = connection.watching;
  const int status = status_of(head);
  site_.trace.note("watch of ", text_of(watching->watcher.entry), " = ", status);
  if (status == 204) {
    answers_.saw_entry(watching->watcher.entry, std::nullopt, log);
    watching->over = true;
    return;
  }
  const bool may_be_too_often = status == 429 && site_.plan.has_guard;
  if (status == 503 || may_be_too_often) return connect_soon(watching);
  if (status != 404) site_.promises.breaks("a stream was asked for well, and answered " + std::to_string(status));
  watching->over = true;
  site_.events.in(site_.up_to(site_.plan.travel_max), [watching] { watching->watcher.lost(); });
}

void Watchers::take_event(Connection& connection, uint64_t ticket, const std::string& event, const LogRanges& logs) {
  const Watcher& watcher = connection.watching->watcher;
  if (!event.starts_with(kEventBegin)) return site_.promises.breaks("a stream says what nobody understands: " + event);
  const Question question = question_of(sale::LookUpEntry{watcher.entry, watcher.customer});
  const Heard heard = read_body(200, event.substr(kEventBegin.size()), question, site_.plan, ids_);
  site_.trace.note("watch ", ticket, " hears ", text_of(heard));
  if (!heard.entry || heard.entry->number != watcher.entry)
    return site_.promises.breaks("a stream tells of another entry than the one that was asked for: " + event);
  const sale::EntryState state = heard.entry->state;
  if (!connection.said && is_over(state)) site_.promises.breaks("a stream begins though its entry is over: " + event);
  history_.saw(question, heard, logs, connection.sent_at);
  const LogRange& log = logs[cell_of(watcher.entry).value()];
  answers_.saw_entry(watcher.entry, state, {log.epoch, connection.said_at, log.to});
  connection.said_at = log.to;
  connection.differs_since.reset();
  const bool is_news = connection.said != state;
  connection.said = state;
  if (is_news) tell(connection, ticket, state);
}

// Pieces arrive in their order; none arrives by a connection that is not there any more.
void Watchers::tell(Connection& connection, uint64_t ticket, sale::EntryState state) {
  const Handle watching = connection.watching;
  connection.arrives_at = std::max(connection.arrives_at, site_.events.now() + site_.up_to(site_.plan.travel_max));
  site_.events.at(connection.arrives_at, [this, watching, ticket, state] {
    if (watching->newest == ticket && !site_.calm) watching->watcher.heard(state);
  });
}

void Watchers::take_end(const Connection& connection, uint64_t ticket) {
  const Server* server = network_.server_of(ticket);
  site_.trace.note("watch ", ticket, " ends");
  const bool is_over = connection.said && sim::is_over(*connection.said);
  if (!is_over && (server == nullptr || !server->is_stopping()))
    site_.promises.breaks("the stream of " + text_of(connection.watching->watcher.entry) +
                          " ended, and nobody said why");
  connect_soon(connection.watching);
}

// A look every half second, by a server that nobody stops, with some batches before it.
Duration Watchers::patience() const {
  const int64_t batches = site_.plan.events_a_batch < 100 ? 30 : 4;
  return Duration::seconds(3) + Duration::micros(site_.plan.write_max.micros() * batches);
}

void Watchers::check(const Server& server) {
  for (auto& [ticket, connection] : connections_) {
    if (!connection.said || !server.has_open(ticket)) continue;
    const sale::EntryNumber entry = connection.watching->watcher.entry;
    const CellId cell = cell_of(entry);
    if (server.is_paused() || server.is_stopping() || !server.is_owner(cell)) {
      connection.differs_since.reset();
      continue;
    }
    if (!server.is_quiet()) continue;
    const sale::State& state = server.machine(cell).state();
    const sale::Entry* known = state.find_entry(inside(entry));
    if (known == nullptr || state.state_of(*known) == *connection.said) {
      connection.differs_since.reset();
      continue;
    }
    if (!connection.differs_since) connection.differs_since = site_.events.now();
    // It may have been stopped in between, with nothing happening meanwhile.
    const Timestamp since = std::max(*connection.differs_since, server.paused_until());
    if (site_.events.now() - since > patience())
      site_.promises.breaks("whoever watches " + text_of(entry) + " was told that it is " +
                            std::string(sale::name_of(*connection.said)) + ", and not that it is " +
                            std::string(sale::name_of(state.state_of(*known))));
  }
}

}  // namespace doorbuster::sim
