#include "recs_sim/server.h"

namespace doorbuster::recs::sim {
namespace {

constexpr size_t kUnderWay = 16;
constexpr SessionIndexLimits kVisitsOfWorld{.items = 100, .sessions = 2'000, .clicks = 100'000};

}  // namespace

Server::Server(Machine& machine, const SimulatedClock& clock)
    : log_(machine.disk),
      view_(machine.history, kVisitsOfWorld, {}),
      follower_(log_, {kCellOfRecs}, view_,
                {.store = &machine.store,
                 .name = "recs",
                 .events_a_save = machine.events_a_save,
                 .on_trouble = [this](const std::string&) { ++troubles_; }}),
      cell_(
          kCellOfRecs, log_, [&machine] { return std::make_unique<RecsMachine>(machine.capacity); },
          [](RecsMachine::Publication&&) {},
          {.commands_a_turn = 4, .events_a_batch = 1'500, .events_a_snapshot = machine.events_a_snapshot}),
      host_(log_, clock),
      runner_(host_, cell_, probe_,
              {.on_durable =
                   [this](Sequence tail) {
                     tail_ = tail.value();
                     follower_.note_durable(kCellOfRecs, tail);
                   },
               .on_trouble = [this](const std::string&) { ++troubles_; }}),
      port_(kUnderWay, [] {}) {
  cell_.attach(port_);
}

bool Server::start() {
  const auto recovered = runner_.claim();
  if (!recovered) return false;
  tail_ = recovered->lease.tail.value();
  follower_.restore({recovered->lease.tail});
  follower_.note_durable(kCellOfRecs, recovered->lease.tail);
  host_.start(cell::Host::Threads::kNone);
  return true;
}

void Server::append() {
  if (host_.committer().collect()) {
    host_.committer().append();
    host_.committer().tell();
  }
  if (!owns()) (void)host_.recoverer().round();
}

}  // namespace doorbuster::recs::sim
