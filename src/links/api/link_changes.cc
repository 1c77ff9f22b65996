#include "links/api/link_changes.h"

#include "links/abuse/take_downs.h"
#include "links/api/allowance.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

constexpr uint32_t kNumbersAtOnce = 4'096;
constexpr size_t kUnderWay = 16'384;
constexpr std::string_view kTooMuchToDo = "The server has as much to do as it can: nothing was done.";

}  // namespace

void respond_link_changed(net::Exchange& exchange, std::string_view instance) {
  platform::respond_problem(exchange, instance, net::Status::kPreconditionFailed, "link-changed",
                            "The link was changed meanwhile", "Read it again, and change what you read then.");
}

LinkChanges::LinkChanges(net::Loop& loop, LinksClient& cell, LinkWriter& writer, PasswordQueue& passwords,
                         const CodeMaker& codes, const LinkBase& base, const RegistrableDomains& domains,
                         LinkTraffic& traffic)
    : loop_(loop),
      cell_(cell),
      passwords_(passwords),
      codes_(codes),
      base_(base),
      domains_(domains),
      traffic_(traffic),
      numbers_owner_(cell.add_owner([this](const LinksClient::Answer& answer) { take_numbers(answer); })),
      visits_owner_(cell.add_owner([](const LinksClient::Answer&) {})),
      inbox_(loop.add_inbox([this] { line_.drain([this](LinkWriter::Answer&& answer) { take(std::move(answer)); }); })),
      line_(writer, kUnderWay, [this] { inbox_.notify(); }) {}

void LinkChanges::create(const platform::Call& call, NewLink created, platform::IdempotencyKey key) {
  std::string password = std::move(created.password);
  Change claim = claim_of(std::move(created), call.now);
  claim.once = {.key = key.key, .fingerprint = key.fingerprint, .at = call.now};
  begin(call, std::move(claim), std::move(password));
}

void LinkChanges::replace(const platform::Call& call, ChangedLink changed) {
  begin(call, {.kind = Change::Kind::kReplace, .link = std::move(changed.link)}, std::move(changed.password));
}

void LinkChanges::erase(const platform::Call& call, Link link) {
  ++link.version;
  begin(call, {.kind = Change::Kind::kErase, .link = std::move(link)});
}

bool LinkChanges::erase(Link link) {
  if (pending_.size() == kUnderWay) return false;
  ++link.version;
  go_on(pending_.put({.exchange = {},
                      .change = {.kind = Change::Kind::kErase, .link = std::move(link)},
                      .is_generated = false,
                      .instance = {},
                      .now = {}}));
  return true;
}

void LinkChanges::begin(const platform::Call& call, Change change, std::string password) {
  if (pending_.size() == kUnderWay) {
    return platform::respond_busy(call.exchange, call.request.path(), "busy", kTooMuchToDo);
  }
  const bool is_generated = code_in(change.link.code).empty();
  const bool has_password = !password.empty();
  const uint32_t index = pending_.put({.exchange = call.exchange.defer(),
                                       .change = std::move(change),
                                       .is_generated = is_generated,
                                       .instance = std::string(call.request.path()),
                                       .now = call.now,
                                       .password = std::move(password)});
  if (has_password) return hash_password(index);
  go_on(index);
}

void LinkChanges::hash_password(uint32_t index) {
  const auto then = [this, index](const PasswordAnswer& answer) {
    pending_[index].change.link.password_hash = answer.hash;
    go_on(index);
    line_.flush();
  };
  PasswordTask task{.secret = std::exchange(pending_[index].password, {})};
  if (passwords_.submit(std::move(task), pending_[index].now, then) != PasswordWorker::Status::kTaken)
    give_up(index, kTooMuchToDo);
}

net::Exchange* LinkChanges::waiting_for(const Pending& pending) {
  return pending.exchange ? loop_.resume(*pending.exchange) : nullptr;
}

void LinkChanges::go_on(uint32_t index) {
  Change& change = pending_[index].change;
  if (change.kind == Change::Kind::kClaim) {
    if (next_number_ == numbers_end_) {
      without_number_.push_back(index);
      return ask_for_numbers();
    }
    change.link.number = next_number_++;
    if (code_in(change.link.code).empty()) {
      codes_.give(change);
    } else if (pending_[index].is_generated) {  // and what it was given is another link's
      codes_.give_by_number(change);
    }
  }
  submit(index);
}

void LinkChanges::submit(uint32_t index) { ASSERT(line_.submit(index, pending_[index].change)); }

void LinkChanges::ask_for_numbers() {
  if (is_asking_) return;
  is_asking_ = cell_.submit(kLine, numbers_owner_, 0, ReserveNumbers{.count = kNumbersAtOnce});
  if (is_asking_) return;
  while (!without_number_.empty()) {
    give_up(without_number_.front(), kTooMuchToDo);
    without_number_.pop_front();
  }
}

void LinkChanges::take_numbers(const LinksClient::Answer& answer) {
  is_asking_ = false;
  std::deque<uint32_t> waiting = std::exchange(without_number_, {});
  if (answer.status == cell::ReplyStatus::kDecided) {
    next_number_ = answer.reply.first_number;
    numbers_end_ = next_number_ + kNumbersAtOnce;
  }
  for (const uint32_t index : waiting) {
    if (answer.status == cell::ReplyStatus::kDecided) {
      go_on(index);
    } else {
      give_up(index, "The server can't number new links at the moment: nothing was done.");
    }
  }
  line_.flush();
}

void LinkChanges::give_up(uint32_t index, std::string_view why) {
  const Pending& pending = pending_[index];
  if (net::Exchange* exchange = waiting_for(pending)) platform::respond_busy(*exchange, pending.instance, "busy", why);
  pending_.remove(index);
}

void LinkChanges::take(LinkWriter::Answer&& answer) {
  const auto index = static_cast<uint32_t>(answer.ticket);
  Pending& pending = pending_[index];
  const Change& change = answer.change;
  const bool is_done = answer.is_known && change.outcome == Change::Outcome::kDone;
  if (answer.is_known && change.outcome == Change::Outcome::kTaken && pending.is_generated) {
    if (codes_.give_next(pending.change)) {
      submit(index);
    } else {
      go_on(index);
    }
    return line_.flush();
  }
  if (is_done && change.kind == Change::Kind::kClaim) {
    created_.add();
    traffic_.note_made(domains_.of(std::string(host_of(change.link.long_url))), change.link.created_at);
  }
  // Should there be too much to do, the count of a link that is gone stays: some bytes, and nobody's.
  if (is_done && change.kind == Change::Kind::kErase)
    (void)cell_.submit(kLine, visits_owner_, 0, ForgetVisits{.link = change.link.number});
  if (net::Exchange* exchange = waiting_for(pending)) finish(*exchange, pending, answer);
  pending_.remove(index);
}

void LinkChanges::finish(net::Exchange& exchange, const Pending& pending, const LinkWriter::Answer& answer) {
  if (!answer.is_known) {
    return platform::respond_busy(exchange, pending.instance, "store-failed",
                                  "The store of links has failed, and can't say whether it was done. Look at the link "
                                  "once the server has been started again.");
  }
  using Outcome = Change::Outcome;
  const Change& change = answer.change;
  const bool is_there = change.outcome == Outcome::kFound || (change.outcome == Outcome::kRepeated && change.was_found);
  if (!is_there && change.outcome != Outcome::kDone && change.outcome != Outcome::kRepeated)
    return respond_refused(exchange, pending, change);
  if (change.kind == Change::Kind::kErase) {
    return exchange.respond(
        net::Response{.status = net::Status::kNoContent, .headers = {{"Cache-Control", "no-store"}}});
  }
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  write_link(json, change.link, base_);
  if (change.kind != Change::Kind::kClaim)
    return platform::respond_json(exchange, net::Status::kOk, body, {}, {}, etag_of(change.link));
  const std::string location = call_of_link(change.link.code);
  const std::string etag = etag_of(change.link);
  const AllowanceFields allowance(change.allowance, pending.now);
  net::HeaderList headers{{"Cache-Control", "no-store"}, {"Location", location}, {"ETag", etag}};
  if (change.link.owner != 0 && change.outcome == Outcome::kDone) allowance.add_to(headers);
  exchange.respond(net::Response{.status = is_there ? net::Status::kOk : net::Status::kCreated,
                                 .content_type = "application/json",
                                 .body = body,
                                 .headers = headers});
}

void LinkChanges::respond_refused(net::Exchange& exchange, const Pending& pending, const Change& change) {
  using Outcome = Change::Outcome;
  const Outcome outcome = change.outcome;
  if (outcome == Outcome::kOverLimit)
    return respond_over_limit(exchange, pending.instance, change.allowance, pending.now);
  if (outcome == Outcome::kKeyReused) {
    using platform::KeyReused;
    return platform::respond_problem(exchange, pending.instance, net::Status::kUnprocessableContent, KeyReused::kType,
                                     KeyReused::kTitle, KeyReused::kDetail);
  }
  if (outcome == Outcome::kNoOwner) return respond_no_owner(exchange, pending.instance);
  if (outcome == Outcome::kTaken) {
    return platform::respond_problem(exchange, pending.instance, net::Status::kConflict, "alias-taken",
                                     "Somebody has this alias",
                                     "The alias is another link's. Choose another one, or leave it out.");
  }
  if (outcome == Outcome::kMissing) {
    return platform::respond_problem(exchange, pending.instance, net::Status::kNotFound, "link-not-found",
                                     "No such link", "It was taken away meanwhile.");
  }
  respond_link_changed(exchange, pending.instance);
}

}  // namespace doorbuster::links
