#include "recs/api/recs_commands.h"

namespace doorbuster::recs {

RecsCommands::RecsCommands(net::Loop& loop, const platform::Follower& follower, CellId cell)
    : loop_(loop),
      follower_(follower),
      cell_(cell),
      client_(loop, kUnderWayMax),
      owner_(client_.add_owner([this](const RecsClient::Answer& answer) { take(answer); })),
      inbox_(loop.add_inbox([this] { give_heard(); })) {}

void RecsCommands::ask(const platform::Call& call, RecsMachine::Command&& command, Respond respond, Refuse refuse) {
  if (client_.under_way() == client_.capacity()) {
    const std::string_view detail = "The server has as much to do as it can: nothing was done.";
    if (refuse != nullptr) return refuse(call.exchange, detail);
    return platform::respond_busy(call.exchange, call.request.path(), "busy", detail);
  }
  const uint32_t slot = asked_.put({.exchange = call.exchange.defer(),
                                    .instance = std::string(call.request.path()),
                                    .respond = std::move(respond),
                                    .refuse = refuse});
  ASSERT(client_.submit(kLine, owner_, slot, std::move(command), call.request.trace()));
}

void RecsCommands::take(const RecsClient::Answer& answer) {
  const auto slot = static_cast<uint32_t>(answer.ticket.value);
  if (answer.status == cell::ReplyStatus::kDecided) {
    answered_.push_back({slot, answer.reply});
    return give_heard();
  }
  const Asked& asked = asked_[slot];
  if (net::Exchange* exchange = loop_.resume(asked.exchange)) {
    if (asked.refuse != nullptr)
      asked.refuse(*exchange, "Nobody knows yet whether this was done: ask again.");
    else
      platform::respond_undecided(*exchange, asked.instance, answer.status);
  }
  asked_.remove(slot);
}

void RecsCommands::give_heard() {
  while (!answered_.empty() && answered_.front().reply.sequence <= follower_.position(cell_).value()) {
    const Answered answered = std::move(answered_.front());
    answered_.pop_front();
    give(answered.slot, answered.reply);
  }
}

// Whoever has gone gets nothing: what was decided stands.
void RecsCommands::give(uint32_t slot, const RecsMachine::Reply& reply) {
  const Asked asked = std::move(asked_[slot]);
  asked_.remove(slot);
  if (net::Exchange* exchange = loop_.resume(asked.exchange)) asked.respond(*exchange, reply);
}

}  // namespace doorbuster::recs
