#include "sim/clients.h"

namespace doorbuster::sim {

void Clients::ask(Ask ask) {
  auto asking = std::make_shared<Asking>(Asking{.ask = std::move(ask), .question = {}});
  asking->question = question_of(asking->ask.make());
  history_.asked(asking->question);
  ++waiting_;
  send(asking);
}

void Clients::send(const Handle& asking) {
  const uint32_t attempt = ++asking->tries;
  post(asking);
  if (site_.unlucky(site_.plan.repeat_one_in)) post(asking);
  site_.agenda.in(asking->ask.patience, [this, asking, attempt] {
    if (!asking->over && asking->tries == attempt) again_or_give_up(asking);
  });
}

void Clients::post(const Handle& asking) {
  const uint64_t ticket = ++tickets_;
  if (site_.unlucky(site_.plan.lose_one_in)) return;
  under_way_[ticket] = asking;
  site_.agenda.in(site_.up_to(site_.plan.travel_max), [this, asking, ticket] {
    site_.trace.note("#", ticket, " ", text_of(asking->question));
    if (!deliver_(ticket, asking->ask.make())) under_way_.erase(ticket);
  });
}

void Clients::again_or_give_up(const Handle& asking) {
  if (asking->tries < asking->ask.tries) return send(asking);
  asking->over = true;
  --waiting_;
  site_.trace.note("nobody answers: ", text_of(asking->question));
  if (asking->ask.gave_up) asking->ask.gave_up();
}

void Clients::answered(uint64_t ticket, cell::ReplyStatus status, const sale::Reply& reply, Epoch epoch) {
  const auto found = under_way_.find(ticket);
  ASSERT(found != under_way_.end());
  const Handle asking = std::move(found->second);
  under_way_.erase(found);
  if (status != cell::ReplyStatus::kDecided) {
    site_.trace.note("#", ticket, status == cell::ReplyStatus::kUnknown ? " = unknown" : " = unavailable");
    return;  // patience runs out, and they ask again
  }
  site_.trace.note("#", ticket, " = ", text_of(reply));
  history_.saw(asking->question, reply, epoch);
  if (site_.unlucky(site_.plan.lose_one_in)) return;
  site_.agenda.in(site_.up_to(site_.plan.travel_max), [this, asking, reply] { finish(asking, reply); });
}

void Clients::finish(const Handle& asking, const sale::Reply& reply) {
  if (asking->over) return;
  asking->over = true;
  --waiting_;
  asking->ask.done(reply);
}

}  // namespace doorbuster::sim
