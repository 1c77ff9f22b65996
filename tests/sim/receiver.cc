#include "sim/receiver.h"

#include <boost/json.hpp>
#include <charconv>

#include "sim/server.h"

namespace doorbuster::sim {
namespace {

namespace json = boost::json;

constexpr Duration kTimeout = Duration::seconds(15);
constexpr std::string_view kSecret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

platform::WebhookEndpoint endpoint_of(const Site& site) {
  Prng random(site.plan.seed * 2 + 9);
  platform::WebhookEndpoint endpoint{
      .id = "shop", .url = "https://shop.example/hooks", .secrets = {{.text = std::string(kSecret)}}};
  if (random.chance(2)) endpoint.in_flight = static_cast<uint32_t>(1 + random.below(8));
  if (random.chance(2)) endpoint.batch = static_cast<uint32_t>(2 + random.below(30));
  return endpoint;
}

std::string_view field_of(const net::HttpRequest& request, std::string_view name) {
  for (const auto& [field, value] : request.headers) {
    if (field == name) return value;
  }
  return {};
}

std::string text(const json::object& event, std::string_view name) {
  return std::string(std::string_view(event.at(name).as_string()));
}

}  // namespace

Receiver::Receiver(Site& site)
    : site_(site),
      endpoint_(endpoint_of(site)),
      secret_(auth::WebhookSecret::parse(endpoint_.secrets.front().text).value()) {}

void Receiver::asked(const net::HttpRequest& request, Answer answer) {
  const auto later = [this, answer](Duration wait, const net::HttpReply& reply) {
    site_.events.in(wait, [answer, reply] { answer(reply); });
  };
  if (site_.unlucky(12)) return later(site_.up_to(kTimeout), {.outcome = net::HttpOutcome::kNotSent});
  if (site_.unlucky(12)) return later(kTimeout, {.outcome = net::HttpOutcome::kUnknown});
  const Duration slow = site_.unlucky(6) ? Duration::seconds(10) : site_.plan.travel_max;
  // What has arrived is taken, whether the server still lives then or not.
  site_.events.in(site_.up_to(slow), [this, request, later, slow] {
    const net::HttpReply reply = answered(request);
    if (site_.unlucky(15)) return later(kTimeout, {.outcome = net::HttpOutcome::kUnknown});
    later(site_.up_to(slow), reply);
  });
}

net::HttpReply Receiver::answered(const net::HttpRequest& request) {
  const int status = mood();
  if (status == 0) return {.outcome = net::HttpOutcome::kNotSent};
  net::HttpReply reply{.outcome = net::HttpOutcome::kAnswered, .status = status};
  if (status == 429) reply.retry_after = site_.seconds_from_to(1, 60);
  if (status == 200) take(request);
  return reply;
}

// 0: it is away.
int Receiver::mood() {
  if (!site_.calm && site_.events.now() < away_until_) return 0;
  if (site_.unlucky(150)) {
    site_.trace.note("the receiver is away for a while");
    away_until_ = site_.events.now() + site_.seconds_from_to(10, 3'600);
    return 0;
  }
  if (site_.unlucky(8)) return 500;
  if (site_.unlucky(30)) return 429;
  return site_.unlucky(100) ? 410 : 200;
}

void Receiver::take(const net::HttpRequest& request) {
  const auth::SignedMessage message{.id = field_of(request, "webhook-id"),
                                    .timestamp = field_of(request, "webhook-timestamp"),
                                    .signatures = field_of(request, "webhook-signature"),
                                    .body = request.body};
  if (!secret_.signed_by(message)) site_.promises.breaks("a webhook is not signed");
  const json::value body = json::parse(request.body);
  const auto read = [this](const json::value& value) {
    const json::object& event = value.as_object();
    const std::string sequence = text(event, "sequence");
    Event told{.id = text(event, "id"), .key = text(event, "partitionkey")};
    std::from_chars(sequence.data(), sequence.data() + sequence.size(), told.sequence);
    take(told);
  };
  if (body.is_object()) return read(body);
  for (const json::value& each : body.as_array()) read(each);
}

void Receiver::take(const Event& event) {
  const auto [found, is_new] = taken_.try_emplace(event.id, event);
  if (found->second.key != event.key || found->second.sequence != event.sequence)
    site_.promises.breaks("the webhook " + event.id + " is about two things");
  if (!is_new) return;
  site_.trace.note("the receiver is told ", event.id);
  uint64_t& newest = newest_[event.key];
  if (event.sequence <= newest) site_.promises.breaks("the webhook " + event.id + " came behind a later one");
  newest = event.sequence;
}

void Receiver::check(Server& server) const {
  size_t told = 0;
  for (const CellId cell : server.cells()) {
    server.for_each_delivery(cell, [&](const platform::Delivery& delivery) {
      ++told;
      if (!taken_.contains(delivery.id))
        site_.promises.breaks("the receiver was never told " + delivery.id + ", " + delivery.type);
    });
  }
  if (told != taken_.size()) site_.promises.breaks("the receiver was told what is not in the log");
}

}  // namespace doorbuster::sim
