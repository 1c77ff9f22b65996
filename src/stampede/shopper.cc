#include "stampede/shopper.h"

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/json_writer.h"
#include "stampede/url.h"

namespace doorbuster::stampede {
namespace {

constexpr Duration kRetryAfter = Duration::seconds(1);  // where nothing is said
constexpr int64_t kMinuteMicros = 60'000'000;
constexpr Duration kTokenLife = Duration::seconds(4 * 3'600);

bool is_phone(Profile profile) { return profile == Profile::kChromiumPhone || profile == Profile::kSafari; }

bool offers_challenge(const Answer& answer) { return answer.body.find("\"challenge\"") != std::string::npos; }

// In derivations of the usual cost, which machines' speeds are told in.
uint32_t work_of(const guard::Solution& solution) {
  return static_cast<uint32_t>(uint64_t{solution.derivations} * solution.cost / guard::Work{}.cost);
}

}  // namespace

Shopper::Shopper(Context& context, const Visitor& visitor, ClientNumber number)
    : context_(context),
      visitor_(visitor),
      cohort_(context.scenario.cohorts[visitor.cohort]),
      number_(number),
      random_(visitor.seed),
      page_(page()) {
  begin_session();
}

void Shopper::begin_session() {
  belongings_ = {};
  may_forget_ = true;
  way_ = visitor_.has_account ? Way::kAccount : Way::kUnhindered;
  if (visitor_.has_account) {
    belongings_.bearer = mint();
    context_.truth.note_account(subject(), is_bot(cohort_));
  }
  ++tally().sessions;
}

std::string Shopper::prefix() const {
  return "stampede-" + std::to_string(context_.seed) + "-" + std::to_string(visitor_.cohort) + "-";
}

std::string Shopper::subject() const { return prefix() + std::to_string(visitor_.number); }

// What a shop would sign of its customer.
std::string Shopper::mint() const {
  const std::string instrument = prefix() + "instrument-" + std::to_string(visitor_.instrument);
  std::string claims;
  JsonWriter(claims)
      .begin_object()
      .member("sub", subject())
      .member("exp", (SystemClock().now() + kTokenLife).micros() / 1'000'000)
      .member("account_age_days", visitor_.account_age_days)
      .member("instrument", to_hex(Bytes(sha256(as_bytes(instrument))).first(16)))
      .end_object();
  return context_.signer.sign(claims);
}

// What a page would have seen of a person: milliseconds until they first did something, what they did, how often they
// came to it. A bot that wants to look like one makes it up; one without a page says nothing.
std::string Shopper::page() {
  if (!visitor_.shows_page) return {};
  const bool touches = is_phone(visitor_.profile);
  const auto between = [this](uint64_t least, uint64_t most) {
    return std::to_string(least + random_.below(most - least + 1));
  };
  return "first=" + between(600, 6'000) + ",moves=" + (touches ? "0" : between(8, 180)) + ",keys=" + between(0, 6) +
         ",touches=" + (touches ? between(1, 24) : "0") + ",focus=" + between(1, 3);
}

std::string Shopper::fresh_key() {
  const std::array<uint64_t, 2> words = {random_.next(), random_.next()};
  return to_hex(std::as_bytes(std::span(words)));
}

Duration Shopper::within(double least, double most) {
  const double share = static_cast<double>(random_.below(1'000'000)) / 1e6;
  return Duration::micros(static_cast<int64_t>((least + share * (most - least)) * 1e6));
}

Engine::Sleep Shopper::sleep_until(Timestamp due) {
  intended_ = due;
  return context_.engine.sleep_until(number_, due);
}

void Shopper::delayed_until(Timestamp when) {
  context_.tally.waited(number_, when - context_.engine.now());
  note(Way::kWaited);
}

void Shopper::leak() {
  if (!visitor_.leaks) return;
  if (stolen_index_ == SIZE_MAX) {
    stolen_index_ = context_.stolen.size();
    context_.stolen.emplace_back();
  }
  context_.stolen[stolen_index_] = belongings_;
}

WireRequest Shopper::wire(const Call& call) const {
  const bool is_somebody_elses = !call.bearer.empty() || !call.cookie.empty();
  const std::string& bearer = is_somebody_elses ? call.bearer : belongings_.bearer;
  const std::string& cookie = is_somebody_elses ? call.cookie : belongings_.cookie;
  return {.source = source(),
          .peer = context_.server,
          .bytes = write_request(visitor_.profile, {.method = call.method,
                                                    .path = call.path,
                                                    .host = context_.host,
                                                    .bearer = bearer,
                                                    .cookie = bearer.empty() ? cookie : "",
                                                    .idempotency_key = call.key,
                                                    .solution = call.solution,
                                                    .page = page_,
                                                    .content_type = call.content_type,
                                                    .body = call.body})};
}

Task<Answer> Shopper::ask(const Call& call) {
  const WireRequest request = wire(call);
  Answer answer = co_await context_.engine.send(number_, request);
  context_.tally.answered(visitor_.cohort, answer, intended_);
  intended_ = answer.at;
  if (!answer.cookie.empty() && call.bearer.empty() && call.cookie.empty()) {
    belongings_.cookie = answer.cookie;
    context_.truth.note_guest(answer.cookie, is_bot(cohort_));
  }
  co_return answer;
}

Task<Answer> Shopper::ask_elsewhere(const Call& call, std::string url) {
  const auto where = parse_url(url);
  if (!where) co_return Answer{};
  const WireRequest request{.source = source(),
                            .peer = where->peer,
                            .bytes = write_request(visitor_.profile, {.method = call.method,
                                                                      .path = where->path,
                                                                      .host = where->host,
                                                                      .content_type = call.content_type,
                                                                      .body = call.body})};
  Answer answer = co_await context_.engine.send(number_, request);
  intended_ = answer.at;
  co_return answer;
}

bool Shopper::is_refused(const Answer& answer) const {
  if (answer.status == 429 || answer.status == 503 || answer.status == 0) return true;
  return answer.status == 403 && offers_challenge(answer);
}

Task<Answer> Shopper::insist(Call call) {
  const Timestamp wanted = intended_;
  if (call.method == "POST" && call.key.empty()) call.key = fresh_key();
  while (true) {
    Answer answer = co_await ask(call);
    if (!call.solution.empty()) belongings_.solution = std::exchange(call.solution, {});
    if (!is_refused(answer)) {
      context_.tally.waited(number_, answer.at - wanted);
      co_return answer;
    }
    if (answer.status == 403) ++tally().refusals;
    if (call.takes && context_.is_over()) context_.tally.refused_for_good(number_);  // missed it by being told to wait
    if (call.takes ? context_.is_over() : context_.is_quiet()) co_return answer;
    co_await get_past(call, answer);
  }
}

Task<> Shopper::get_past(Call& call, const Answer& refusal) {
  const Duration wait = refusal.retry_after.value_or(kRetryAfter);
  const bool is_guards = refusal.status == 429 || refusal.status == 403;
  const bool is_rate = refusal.status == 429;
  const bool has_to_solve = refusal.status == 403;
  if (is_bot(cohort_) && problem_of(refusal) == "join-later") {
    co_await pause(until_draw_begins());
    co_return;
  }
  if (is_bot(cohort_) && is_guards && (forgets_cookie(refusal) || (is_rate && moves(wait)))) co_return;
  if (has_to_solve && goes_without_scripts(call, member_of(refusal, "challenge"))) {
    call.path += "?work=none";
    note(Way::kWaited);
    co_return;
  }
  if (is_guards && offers_challenge(refusal) && cohort_.solves &&
      (has_to_solve || is_worth_solving(member_of(refusal, "challenge"), wait))) {
    const Timestamp passes_at = has_to_solve ? context_.ends_at : context_.engine.now() + wait;
    co_await solve(call, member_of(refusal, "challenge"), passes_at);
    co_return;
  }
  if (is_bot(cohort_) && is_guards && moves(wait)) co_return;
  if (is_guards) note(Way::kWaited);
  co_await pause(wait);
}

// A refusal that no work would lift is by the rate of a session: a new one has used nothing of it.
bool Shopper::forgets_cookie(const Answer& refusal) {
  if (!may_forget_ || belongings_.cookie.empty() || !belongings_.bearer.empty() || offers_challenge(refusal))
    return false;
  begin_session();
  return true;
}

// To an address of which nobody of the cohort has heard that it is refused. Only where the address is looked at: an
// account is charged wherever it comes from.
bool Shopper::moves(Duration refused_for) {
  if (!belongings_.bearer.empty()) return false;
  AddressBook& addresses = context_.addresses;
  const uint32_t cohort = visitor_.cohort;
  const Timestamp now = context_.engine.now();
  addresses.is_refused(cohort, addresses.number_of(cohort, visitor_.number, address_choice_), now + refused_for);
  const uint32_t choices = addresses.choices(cohort);
  for (uint32_t step = 1; step < choices; ++step) {
    const uint32_t choice = (address_choice_ + step) % choices;
    if (!addresses.is_free(cohort, addresses.number_of(cohort, visitor_.number, choice), now)) continue;
    address_choice_ = choice;
    note(Way::kMoved);
    return true;
  }
  return false;
}

uint32_t Shopper::source() const {
  const AddressBook& addresses = context_.addresses;
  return addresses.address_of(visitor_.cohort, addresses.number_of(visitor_.cohort, visitor_.number, address_choice_));
}

// A page works as soon as it may. A bot looks at what is quicker.
bool Shopper::is_worth_solving(std::string_view challenge, Duration wait) const {
  if (!is_bot(cohort_)) return true;
  return time_to_solve(challenge) < wait;
}

Duration Shopper::time_to_solve(std::string_view challenge) const {
  const guard::Policy& policy = context_.policy;
  const uint32_t cost = challenge.ends_with("=suspects") ? policy.suspects_cost()
                        : challenge.ends_with("=draw")   ? policy.draw_cost()
                                                         : policy.work.cost;
  const uint32_t work = work_of({.derivations = policy.work.derivations, .cost = cost});
  return context_.pool.backlog(context_.engine.now()) +
         working_time(work, context_.scenario.solver.derivations_per_second);
}

// A bot says that it runs no scripts where that gets it a place sooner than its work would: behind the others of the
// minute, or, where work would come too late for the draw, behind that.
bool Shopper::goes_without_scripts(const Call& call, std::string_view challenge) const {
  const bool may = is_bot(cohort_) && call.path.ends_with("/queue") &&
                   context_.policy.without_scripts == guard::WithoutScripts::kDelayed;
  if (!may) return false;
  if (!cohort_.solves) return true;
  const Timestamp now = context_.engine.now();
  const bool is_drawn = context_.scenario.sale.queue == Queue::kDraw && now < context_.opens_at;
  const Duration place_after =
      is_drawn ? context_.opens_at - now : Duration::micros(kMinuteMicros - now.micros() % kMinuteMicros);
  return time_to_solve(challenge) > place_after;
}

Duration Shopper::until_draw_begins() const {
  const Timestamp second = context_.opens_at - Duration::micros(context_.opens_at.micros() % 1'000'000);
  const Timestamp begins = second - Duration::seconds(context_.policy.draw_seconds);
  return std::max(begins - context_.engine.now(), Duration::millis(1));
}

Task<> Shopper::solve(Call& call, std::string where, Timestamp passes_at) {
  const Call wanted{.path = std::move(where)};
  Answer given = co_await ask(wanted);
  while (given.status != 200 && !context_.is_over()) {
    const Timestamp again_at = context_.engine.now() + given.retry_after.value_or(kRetryAfter);
    co_await sleep_until(std::min(again_at, passes_at));
    if (again_at >= passes_at) co_return;
    given = co_await ask(wanted);
  }
  const auto solution = context_.solver.solve(given.body);
  if (!solution) {
    co_await pause(kRetryAfter);
    co_return;
  }
  const Timestamp now = context_.engine.now();
  const uint32_t work = work_of(*solution);
  const auto what = call.path.ends_with("/holds") ? SolverPool::For::kUnit : SolverPool::For::kPlace;
  const Timestamp done = is_bot(cohort_) ? context_.pool.solve(work, what, now)
                                         : now + working_time(work, visitor_.derivations_per_second);
  call.solution = solution->payload;
  note(Way::kSolved);
  co_await sleep_until(done);
}

}  // namespace doorbuster::stampede
