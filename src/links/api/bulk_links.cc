#include "links/api/bulk_links.h"

#include <algorithm>
#include <utility>

#include "net/problem.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

using platform::Call;

constexpr std::string_view kBusy = "The server has as much to do as it can: nothing was done.";

// At most: a link is an object.
uint32_t rows_at_most(std::string_view body) {
  return static_cast<uint32_t>(std::min<size_t>(static_cast<size_t>(std::ranges::count(body, '{')), kBulkRowsMax));
}

std::optional<bool> all_or_nothing(const Call& call) {
  const auto text = call.request.query_parameter("all_or_nothing").value_or("false");
  if (text == "true" || text == "false") return text == "true";
  platform::respond_invalid(call.exchange, call.request.path(), "all_or_nothing is true or false.");
  return std::nullopt;
}

}  // namespace

BulkLinks::BulkLinks(net::Loop& loop, LinksClient& cell, BulkMaker& maker)
    : loop_(loop),
      cell_(cell),
      maker_(maker),
      owner_(cell.add_owner([this](const LinksClient::Answer& answer) { take_numbers(answer); })),
      answers_(loop, &respond) {}

// Keys of different callers are different keys.
void BulkLinks::create(const Call& call, const LinkCaller& caller) {
  const auto whole = all_or_nothing(call);
  if (!whole) return;
  const auto idempotency = platform::idempotency_key_of(call, caller.actor());
  if (!idempotency) return;
  const bool is_lines = call.request.header("Content-Type").value_or("").starts_with("application/x-ndjson");
  const uint32_t numbers = rows_at_most(call.request.body()) + BulkMaker::kSpareNumbers;
  const uint32_t index =
      pending_.put({.exchange = call.exchange.defer(),
                    .request = {.body = std::string(call.request.body()),
                                .idempotency = *idempotency,
                                .instance = std::string(call.request.path()),
                                .now = call.now,
                                .form = is_lines ? platform::BulkForm::kLines : platform::BulkForm::kArray,
                                .all_or_nothing = *whole,
                                .owner = caller.user,
                                .first_number = 0,
                                .numbers = numbers}});
  if (cell_.submit(kLine, owner_, index, ReserveNumbers{.count = numbers})) return;
  if (net::Exchange* exchange = loop_.resume(pending_[index].exchange))
    platform::respond_busy(*exchange, call.request.path(), "busy", kBusy);
  pending_.remove(index);
}

void BulkLinks::import(const Call& call, const std::string& operator_id, ImportAsked asked) {
  const auto idempotency = platform::idempotency_key_of(call, operator_id);
  if (!idempotency) return;
  hand_over(call.exchange.defer(), {.body = std::string(call.request.body()),
                                    .idempotency = *idempotency,
                                    .instance = std::string(call.request.path()),
                                    .now = call.now,
                                    .import = std::move(asked)});
}

void BulkLinks::take_numbers(const LinksClient::Answer& answer) {
  const auto index = static_cast<uint32_t>(answer.ticket.value);
  const net::Ticket ticket = pending_[index].exchange;
  BulkRequest request = std::move(pending_[index].request);
  pending_.remove(index);
  request.first_number = answer.reply.first_number;
  if (answer.status == cell::ReplyStatus::kDecided) return hand_over(ticket, std::move(request));
  if (net::Exchange* exchange = loop_.resume(ticket))
    platform::respond_busy(*exchange, request.instance, "busy", kBusy);
}

void BulkLinks::hand_over(net::Ticket ticket, BulkRequest request) {
  const std::string instance = request.instance;
  if (maker_.submit(std::move(request), answers_.to(ticket))) return;
  if (net::Exchange* exchange = loop_.resume(ticket)) platform::respond_busy(*exchange, instance, "busy", kBusy);
}

void BulkLinks::respond(net::Exchange& exchange, BulkAnswer&& answer) {
  const bool is_problem = answer.status != net::Status::kOk;
  net::HeaderList headers{{"Cache-Control", "no-store"}};
  if (answer.status == net::Status::kServiceUnavailable) headers.add({"Retry-After", "1"});
  exchange.respond(net::Response{.status = answer.status,
                                 .content_type = is_problem ? net::kProblemContentType : "application/json",
                                 .body = answer.json,
                                 .headers = headers});
}

}  // namespace doorbuster::links
