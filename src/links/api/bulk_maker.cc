#include "links/api/bulk_maker.h"

#include <algorithm>

#include "auth/api_key.h"
#include "base/json_writer.h"
#include "base/this_thread.h"
#include "net/problem.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

// Each costs a thread some tens of milliseconds.
constexpr size_t kPasswordsMax = 100;

struct Refusal {
  int status;
  std::string_view words;
};

Refusal refusal_of(Change::Outcome outcome) {
  using Outcome = Change::Outcome;
  if (outcome == Outcome::kTaken) return {409, "the alias is another link's"};
  if (outcome == Outcome::kOverLimit) return {429, "as many links were made this month as may be"};
  if (outcome == Outcome::kNoOwner) return {403, "the user is suspended, or leaving"};
  return {409, "another row could not be made"};
}

}  // namespace

void BulkMaker::start() {
  for (std::thread& thread : threads_) thread = std::thread([this] { run(); });
}

void BulkMaker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

bool BulkMaker::submit(BulkRequest request, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() == kWaitingMax) return false;
    waiting_.emplace_back(std::move(request), std::move(done));
  }
  changed_.notify_one();
  return true;
}

// A request that comes again waits for what becomes of the first.
std::deque<std::pair<BulkRequest, BulkMaker::Done>>::iterator BulkMaker::next() {
  return std::ranges::find_if(waiting_,
                              [this](const auto& one) { return !under_way_.contains(one.first.idempotency.key); });
}

void BulkMaker::run() {
  begin_thread("links-bulk");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return (stopping_ && waiting_.empty()) || next() != waiting_.end(); });
    const auto found = next();
    if (found == waiting_.end()) return;
    const auto [request, done] = std::move(*found);
    waiting_.erase(found);
    const uint64_t key = request.idempotency.key;
    if (key != 0) under_way_.insert(key);
    const bool is_late = stopping_;
    lock.unlock();
    done(is_late ? unavailable(request, "The server is about to end: nothing was done.") : make(request));
    lock.lock();
    under_way_.erase(key);
    changed_.notify_all();
  }
}

BulkAnswer BulkMaker::make(const BulkRequest& request) {
  if (request.idempotency.key != 0) {
    const auto note = store_.find_note(request.idempotency.key);
    if (!note) return unavailable(request, note.error().message);
    const bool is_known = *note && request.now < (*note)->at + kRemembered;
    if (is_known && (*note)->fingerprint != request.idempotency.fingerprint) {
      using platform::KeyReused;
      return problem_of(request, net::Status::kUnprocessableContent, KeyReused::kType, KeyReused::kTitle,
                        KeyReused::kDetail);
    }
    if (is_known) return {.status = net::Status::kOk, .json = (*note)->answer};
  }
  if (request.import) return importer_.take(request);
  auto rows = read(request);
  if (!rows) {
    return problem_of(request, net::Status::kBadRequest, "invalid-request", "The request can't be understood",
                      rows.error().message);
  }
  if (request.all_or_nothing && rows->refused > 0) return answer_of(request, *rows, rows->changes);
  give_codes(request, *rows);
  std::optional<BulkAnswer> answer;
  uint64_t next_number = request.first_number + rows->changes.size();
  Together together{.changes = rows->changes, .all_or_nothing = request.all_or_nothing};
  together.other_code = [&](Change& change) {
    if (!codes_.has_given(change)) return false;
    if (codes_.give_next(change)) return true;
    if (next_number == request.first_number + request.numbers) return false;
    change.link.number = next_number++;
    codes_.give_by_number(change);
    return true;
  };
  if (request.idempotency.key != 0) {
    together.note = [&](std::span<const Change> changes) {
      answer = answer_of(request, *rows, changes);
      return Note{.key = request.idempotency.key,
                  .fingerprint = request.idempotency.fingerprint,
                  .at = request.now,
                  .answer = answer->json};
    };
  }
  if (const auto done = writer_.change_together(together, request.now - kRemembered); !done) {
    return unavailable(request,
                       "The store of links can't say whether the links were made (" + done.error().message +
                           "): ask again with the same Idempotency-Key once the server has been started again.");
  }
  created_.add(static_cast<uint64_t>(std::ranges::count(rows->changes, Change::Outcome::kDone, &Change::outcome)));
  note_made(rows->changes, request.now);
  return answer ? *std::move(answer) : answer_of(request, *rows, rows->changes);
}

// One row after the other often leads to one host.
void BulkMaker::note_made(std::span<const Change> changes, Timestamp now) {
  std::string host;
  std::string_view domain;
  for (const Change& change : changes) {
    if (change.outcome != Change::Outcome::kDone) continue;
    if (const std::string_view next = host_of(change.link.long_url); next != host) {
      host = next;
      domain = domains_.of(host);
    }
    traffic_.note_made(domain, now);
  }
}

Result<BulkMaker::Rows> BulkMaker::read(const BulkRequest& request) const {
  Rows read;
  const auto texts = TRY(platform::rows_in(request.body, request.form, {.rows_max = kBulkRowsMax, .things = "links"}));
  size_t passwords = 0;
  read.rows.reserve(texts.size());
  read.changes.reserve(texts.size());
  for (const std::string_view text : texts) {
    auto made = parse_new_link(text, base_, request.now);
    const auto block = made ? blocks_.of(code_asked(*made), made->link) : std::nullopt;
    if (!made || block) {
      read.rows.push_back({.refusal = made ? "the link " + block->what : made.error().message});
      ++read.refused;
      continue;
    }
    if (!made->password.empty() && ++passwords > kPasswordsMax) {
      read.rows.push_back({.refusal = "a request may give passwords to 100 links: ask again for the others"});
      ++read.refused;
      continue;
    }
    if (!made->password.empty()) made->link.password_hash = auth::hash_secret(made->password);
    read.rows.push_back({.change = read.changes.size()});
    made->link.owner = request.owner;
    read.changes.push_back(claim_of(*std::move(made), request.now));
  }
  return read;
}

// Each link has a number, and without an alias the code that follows from it.
void BulkMaker::give_codes(const BulkRequest& request, Rows& rows) const {
  uint64_t number = request.first_number;
  for (Change& change : rows.changes) {
    change.link.number = number++;
    if (code_in(change.link.code).empty()) codes_.give(change);
  }
}

BulkAnswer BulkMaker::answer_of(const BulkRequest& request, const Rows& rows, std::span<const Change> changes) const {
  const auto has_outcome = [&](const Row& row, Change::Outcome outcome) {
    return row.refusal.empty() && changes[row.change].outcome == outcome;
  };
  const auto is_found = [&](const Row& row) { return has_outcome(row, Change::Outcome::kFound); };
  const auto is_there = [&](const Row& row) { return has_outcome(row, Change::Outcome::kDone) || is_found(row); };
  const bool is_refused = request.all_or_nothing && !std::ranges::all_of(rows.rows, is_there);
  const auto there = is_refused ? 0 : std::ranges::count_if(rows.rows, is_there);
  const auto found = is_refused ? 0 : std::ranges::count_if(rows.rows, is_found);
  BulkAnswer answer{.status = is_refused ? net::Status::kConflict : net::Status::kOk};
  JsonWriter json(answer.json);
  json.begin_object();
  if (is_refused) {
    json.member("type", std::string(net::kProblemTypeBase) + "rows-refused").member("title", "Some rows can't be made");
    json.member("status", 409).member("detail", "All rows were to be made or none, so none was.");
    json.member("instance", request.instance);
  }
  json.member("created", there - found).member("refused", rows.rows.size() - static_cast<size_t>(there));
  json.member("found", found);
  json.key("results").begin_array();
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const Row& row = rows.rows[i];
    json.begin_object().member("row", i);
    if (!row.refusal.empty()) {
      json.member("status", 400).member("detail", row.refusal).end_object();
    } else if (is_refused || !is_there(row)) {
      const bool is_left_out = is_there(row);
      const Refusal refusal = refusal_of(is_left_out ? Change::Outcome::kLeftOut : changes[row.change].outcome);
      json.member("status", refusal.status).member("detail", refusal.words).end_object();
    } else {
      const Link& link = changes[row.change].link;
      json.member("status", is_found(row) ? 200 : 201).member("short_url", base_.short_url(link));
      write_name(json, link.code);
      json.end_object();
    }
  }
  json.end_array().end_object();
  return answer;
}

}  // namespace doorbuster::links
