#include "sim/clients.h"

#include "sim/server_keys.h"

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
  site_.events.in(asking->ask.patience, [this, asking, attempt] {
    if (!asking->over && asking->tries == attempt) again_or_give_up(asking);
  });
}

void Clients::post(const Handle& asking) {
  const uint64_t ticket = ++tickets_;
  if (site_.unlucky(site_.plan.lose_one_in)) return;
  under_way_[ticket] = {.asking = asking, .step = site_.events.steps()};
  site_.events.in(site_.up_to(site_.plan.travel_max), [this, asking, ticket] {
    site_.trace.note("#", ticket, " ", text_of(asking->question));
    if (const auto found = under_way_.find(ticket); found != under_way_.end()) found->second.session = ids_.session();
    deliver_(ticket, request_for(*asking));
  });
}

std::string Clients::request_for(const Asking& asking) const {
  const sale::Command command = asking.ask.make();
  if (asking.ask.by_order) return request_for_order(std::get<sale::LookUpHold>(command), ids_).text();
  return request_of(command, site_.plan, ids_, site_.clock.now()).text();
}

void Clients::again_or_give_up(const Handle& asking) {
  if (asking->tries < asking->ask.tries) return send(asking);
  asking->over = true;
  --waiting_;
  site_.trace.note("nobody answers: ", text_of(asking->question));
  if (asking->ask.gave_up) asking->ask.gave_up();
}

void Clients::answered(uint64_t ticket, const std::string& answer, const LogRanges& logs) {
  const auto found = under_way_.find(ticket);
  ASSERT(found != under_way_.end());
  const auto [asking, sent_at, session] = std::move(found->second);
  under_way_.erase(found);
  Question question = asking->question;
  Heard heard = read_answer(answer, question, site_.plan, ids_);
  site_.trace.note("#", ticket, " = ", text_of(heard));
  if (heard.status == 429 && field_of(answer.substr(0, answer.find("\r\n\r\n") + 2), "Retry-After").empty())
    site_.promises.breaks("somebody came too often, and is not told when they may come again");
  if (!may_say(heard, question, session)) return;
  make_guest(question, answer, heard);
  history_.saw(question, heard, logs, sent_at);
  answers_.saw(heard, logs);
  if (site_.unlucky(site_.plan.lose_one_in)) return;
  site_.events.in(site_.up_to(site_.plan.travel_max), [this, asking, heard] { finish(asking, heard); });
}

// Each answer to a stranger makes another guest; what it gives is theirs.
void Clients::make_guest(Question& question, std::string_view answer, Heard& heard) {
  ServerKeys& keys = ServerKeys::get();
  if (!question.customer || !keys.is_stranger(*question.customer)) return;
  heard.guest = keys.guest(field_of(answer.substr(0, answer.find("\r\n\r\n") + 2), "Set-Cookie"),
                           keys.number_of(*question.customer));
  if (heard.guest) question.customer = heard.guest;
  const bool is_given = heard.hold || heard.entry;
  if (is_given && !heard.guest) site_.promises.breaks("a guest got no cookie for " + text_of(question));
}

// False for an answer that says nothing, or that they come too often: patience runs out, and they ask again. Nobody
// here asks for what can't be asked, so a server that says so has misunderstood.
bool Clients::may_say(const Heard& heard, const Question& question, const StaffSession* session) const {
  if (heard.status == 503) return false;
  if (heard.status == 429 && site_.plan.has_guard) return false;
  // Whoever asks again does so by another one, or with the key.
  const bool may_be_over = session != nullptr && (session->may_be_over || site_.a_month_later);
  if (heard.problem == "session-over" && may_be_over) return false;
  if (heard.problem == "invalid-token" && site_.a_month_later) return false;  // sent before the month was over
  // The bank's signature is too old or too new for a server whose clock was set since; or the sale is one that a server
  // does not know which does not know either that it has lost its log.
  if (heard.problem == "invalid-payment-event") return false;
  const bool is_refusal = heard.status == 404 || heard.status == 409 || heard.status == 410 || heard.status == 403;
  const bool is_limit = heard.status == 422 && heard.problem == "invalid-settings";
  const bool is_forged = question.customer && ServerKeys::get().is_forger(*question.customer);
  if (is_forged && heard.status < 300) site_.promises.breaks("a forged cookie was believed: " + text_of(question));
  if (is_forged && heard.status == 401) return true;
  if (heard.status >= 300 && !is_refusal && !is_limit)
    site_.promises.breaks("what was asked well was answered with " + text_of(heard) + ": " + text_of(question));
  return true;
}

void Clients::finish(const Handle& asking, const Heard& heard) {
  if (asking->over) return;
  asking->over = true;
  --waiting_;
  asking->ask.done(heard);
}

}  // namespace doorbuster::sim
