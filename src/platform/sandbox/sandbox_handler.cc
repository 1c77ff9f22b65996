#include "platform/sandbox/sandbox_handler.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "net/problem.h"
#include "platform/sandbox/pages.h"

namespace doorbuster::platform {
namespace {

using net::Status;

constexpr Duration kDelayResolution = Duration::millis(5);
constexpr size_t kListedMax = 50;
constexpr std::string_view kHtml = "text/html; charset=utf-8";

std::string fresh_payment_id() {
  std::array<std::byte, 12> random;
  fill_random(random);
  return "pay_" + to_hex(random);
}

Status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound:
      return Status::kNotFound;
    case ErrorCode::kConflict:
      return Status::kConflict;
    case ErrorCode::kInvalid:
      return Status::kBadRequest;
    default:
      return Status::kServiceUnavailable;
  }
}

// A number of the page's form, or what was set before if it was left empty or is out of bounds.
int64_t form_number(std::string_view form, std::string_view name, int64_t max, int64_t fallback) {
  const auto text = net::query_value(form, name);
  const auto number = text ? net::parse_number(*text) : std::nullopt;
  return number && *number <= static_cast<uint64_t>(max) ? static_cast<int64_t>(*number) : fallback;
}

SandboxSettings dials_of_form(std::string_view form, SandboxSettings dials) {
  dials.callback_delay_ms = form_number(form, "callback_delay_ms", kSandboxDelayMsMax, dials.callback_delay_ms);
  dials.callback_copies = form_number(form, "callback_copies", kSandboxCopiesMax, dials.callback_copies);
  dials.late_ms = form_number(form, "late_ms", kSandboxDelayMsMax, dials.late_ms);
  return dials;
}

}  // namespace

SandboxHandler::SandboxHandler(Deps deps) : deps_(std::move(deps)), settings_(deps_.settings) {
  router_.add(net::Method::kPost, "/payments", kStart);
  router_.add(net::Method::kGet, "/payments/{order}", kQuery);
  router_.add(net::Method::kGet, "/pay/{id}", kPage);
  router_.add(net::Method::kPost, "/pay/{id}", kChoose);
  router_.add(net::Method::kPost, "/refunds", kRefund);
  router_.add(net::Method::kGet, "/settings", kReadSettings);
  router_.add(net::Method::kPost, "/settings", kChangeSettings);
  router_.add(net::Method::kGet, "/", kFront);
  router_.add(net::Method::kGet, "/livez", kLive);
  deps_.loop.every(kDelayResolution, [this] { send_due(); });
}

void SandboxHandler::handle(const net::Request& request, net::Exchange& exchange) {
  const net::Router::Match match = router_.match(request.method(), request.path());
  if (match.outcome != net::Router::Outcome::kFound) return respond_unmatched(match, request, exchange);
  // The dials are read first: they say how this request is answered, whatever it changes.
  const bool silent = match.id == kStart && settings_.answer == SandboxAnswer::kTimeOut;
  const int64_t delay_us = match.id == kStart ? settings_.answer_delay_ms * 1'000 : 0;
  Reply reply = reply_to(match, request);
  if (silent) return (void)exchange.defer();
  if (delay_us == 0) return send(exchange, reply);
  delayed_.push_back({.due_us = deps_.loop.now_us() + delay_us, .ticket = exchange.defer(), .reply = std::move(reply)});
}

void SandboxHandler::send(net::Exchange& exchange, const Reply& reply) {
  net::Response response{.status = reply.status, .content_type = reply.content_type, .body = reply.body};
  response.headers.add({"Cache-Control", "no-store"});
  if (!reply.location.empty()) response.headers.add({"Location", reply.location});
  exchange.respond(response);
}

void SandboxHandler::send_due() {
  const int64_t now = deps_.loop.now_us();
  const auto due =
      std::partition(delayed_.begin(), delayed_.end(), [&](const Delayed& each) { return each.due_us > now; });
  for (auto each = due; each != delayed_.end(); ++each) {
    if (net::Exchange* exchange = deps_.loop.resume(each->ticket)) send(*exchange, each->reply);
  }
  delayed_.erase(due, delayed_.end());
}

SandboxHandler::Reply SandboxHandler::reply_to(const net::Router::Match& match, const net::Request& request) {
  switch (static_cast<Call>(match.id)) {
    case kStart:
      return start(request);
    case kQuery:
      return query(request, match.parameters[0]);
    case kPage:
      return pay_page_of(match.parameters[0]);
    case kChoose:
      return choose(request, match.parameters[0]);
    case kRefund:
      return refund(request);
    case kReadSettings:
      return {.body = write_settings(settings_)};
    case kChangeSettings:
      return change(request);
    case kFront:
      return {.content_type = kHtml, .body = front_page(book_.latest(kListedMax), deps_.clock.now())};
    case kLive:
      return {.content_type = "text/plain", .body = "ok\n"};
  }
  return problem(Status::kNotFound, "not-found", "there is no such page");
}

std::optional<SandboxHandler::Reply> SandboxHandler::unsigned_request(const net::Request& request,
                                                                      std::string_view content) const {
  const auth::SignedMessage message{.id = request.header("webhook-id").value_or(""),
                                    .timestamp = request.header("webhook-timestamp").value_or(""),
                                    .signatures = request.header("webhook-signature").value_or(""),
                                    .body = content};
  const auto verified = auth::verify_webhook(message, std::span(&deps_.secret, 1), deps_.clock.now());
  if (verified) return std::nullopt;
  return problem(Status::kUnauthorized, "unsigned", auth::explain(verified.error()));
}

SandboxHandler::Reply SandboxHandler::start(const net::Request& request) {
  if (auto refusal = unsigned_request(request, request.body())) return *refusal;
  auto message = read_payment_start(request.body());
  if (!message) return problem(message.error());
  if (settings_.answer == SandboxAnswer::kRefuse) {
    return problem(Status::kUnprocessableContent, "refused", "the sandbox is set to refuse payments");
  }
  if (settings_.answer == SandboxAnswer::kError) {
    return problem(Status::kInternalServerError, "error", "the sandbox is set to fail");
  }
  message->payment.trace = request.trace();
  const std::string id = fresh_payment_id();
  const auto payment = book_.start(std::move(*message), id);
  if (!payment) return problem(payment.error());
  return answer_with(**payment, (*payment)->id == id ? Status::kCreated : Status::kOk, request);
}

SandboxHandler::Reply SandboxHandler::answer_with(const SandboxPayment& payment, Status status,
                                                  const net::Request& request) const {
  const std::string base =
      deps_.public_url.empty() ? "http://" + std::string(request.header(net::Known::kHost)) : deps_.public_url;
  return {.status = status,
          .body = write_payment_answer({.payment = payment.id,
                                        .state = payment.state_at(deps_.clock.now()),
                                        .redirect_url = base + "/pay/" + payment.id,
                                        .amount = payment.start.price})};
}

SandboxHandler::Reply SandboxHandler::query(const net::Request& request, std::string_view order) {
  if (auto refusal = unsigned_request(request, signed_get(request.path()))) return *refusal;
  const SandboxPayment* payment = book_.by_order(order);
  if (payment == nullptr) return problem(Status::kNotFound, "no-payment", "there is no payment for this order");
  return answer_with(*payment, Status::kOk, request);
}

SandboxHandler::Reply SandboxHandler::pay_page_of(std::string_view id) {
  const SandboxPayment* payment = book_.by_id(id);
  if (payment != nullptr) return {.content_type = kHtml, .body = pay_page(*payment, settings_, deps_.clock.now())};
  return {.status = Status::kNotFound,
          .content_type = kHtml,
          .body = message_page("No such payment",
                               "The sandbox does not know this payment. It forgets everything when it ends.")};
}

SandboxHandler::Reply SandboxHandler::choose(const net::Request& request, std::string_view id) {
  const std::string_view action = net::query_value(request.body(), "action").value_or("");
  const auto choice = std::find(kSandboxChoiceNames.begin(), kSandboxChoiceNames.end(), action);
  if (choice == kSandboxChoiceNames.end()) {
    return problem(Status::kBadRequest, "invalid", "send the form field action=pay, action=decline or action=pay-late");
  }
  const auto chosen = static_cast<SandboxChoice>(choice - kSandboxChoiceNames.begin());
  const SandboxSettings dials = dials_of_form(request.body(), settings_);
  const auto callback = book_.choose(id, chosen, dials, deps_.clock.now());
  if (!callback) return problem(callback.error());
  deps_.events.send(*callback);
  return {.status = Status::kSeeOther, .content_type = {}, .location = book_.by_id(id)->start.return_url};
}

SandboxHandler::Reply SandboxHandler::refund(const net::Request& request) {
  if (auto refusal = unsigned_request(request, request.body())) return *refusal;
  auto wanted = read_payment_refund(request.body());
  if (!wanted) return problem(wanted.error());
  wanted->idempotency_key = request.header("webhook-id").value_or("");
  wanted->trace = request.trace();
  const auto callback = book_.refund(*wanted, settings_, deps_.clock.now());
  if (!callback) return problem(callback.error());
  deps_.events.send(*callback);
  return {.status = Status::kAccepted, .body = R"({"state":"pending"})"};
}

SandboxHandler::Reply SandboxHandler::change(const net::Request& request) {
  const auto changed = change_settings(settings_, request.body());
  if (!changed) return problem(changed.error());
  settings_ = *changed;
  return {.body = write_settings(settings_)};
}

SandboxHandler::Reply SandboxHandler::problem(Status status, std::string_view slug, std::string_view detail) {
  Reply reply{.status = status, .content_type = net::kProblemContentType};
  net::write_problem(reply.body, {.status = status, .slug = slug, .detail = detail});
  return reply;
}

SandboxHandler::Reply SandboxHandler::problem(const Error& error) {
  const Status status = status_of(error.code);
  const std::string_view slug = status == Status::kNotFound   ? "not-found"
                                : status == Status::kConflict ? "conflict"
                                                              : "invalid";
  return problem(status, slug, error.message);
}

}  // namespace doorbuster::platform
