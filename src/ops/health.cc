#include "ops/health.h"

#include <algorithm>

#include "base/json_writer.h"

namespace doorbuster::ops {
namespace {

void write_check(JsonWriter& json, std::string_view name, const Result<void>& result, const char* otherwise = "fail") {
  json.begin_object().member("name", name).member("status", result ? "pass" : otherwise);
  if (!result) json.member("reason", result.error().message);
  json.end_object();
}

void write_durability(JsonWriter& json, const Durability& durability) {
  json.key("durability").begin_object();
  json.member("store", durability.store).member("guarantee", durability.guarantee);
  json.member("survives_process_crash", durability.survives_process_crash);
  json.member("survives_power_loss", durability.survives_power_loss);
  json.end_object();
}

}  // namespace

void Health::must_live(std::string name, Check check) {
  const std::lock_guard lock(mutex_);
  live_.push_back({std::move(name), std::move(check)});
}

void Health::must_be_ready(std::string name, Check check) {
  const std::lock_guard lock(mutex_);
  ready_.push_back({std::move(name), std::move(check)});
}

void Health::should_be(std::string name, Check check) {
  const std::lock_guard lock(mutex_);
  warnings_.push_back({std::move(name), std::move(check)});
}

HealthReply Health::livez() const { return reply(live_, false); }

HealthReply Health::readyz() const { return reply(ready_, true); }

bool Health::all_pass(const std::vector<Named>& checks) const {
  const std::lock_guard lock(mutex_);
  return std::all_of(checks.begin(), checks.end(), [](const Named& named) { return named.check().has_value(); });
}

HealthReply Health::reply(const std::vector<Named>& checks, bool tells_readiness) const {
  std::string results;
  JsonWriter listed(results);
  const bool draining = tells_readiness && draining_.load(std::memory_order_relaxed);
  bool passes = !draining;
  bool warns = false;
  listed.begin_array();
  const std::lock_guard lock(mutex_);
  for (const Named& named : checks) {
    const Result<void> result = named.check();
    passes = passes && result.has_value();
    write_check(listed, named.name, result);
  }
  for (const Named& named : tells_readiness ? warnings_ : std::vector<Named>()) {
    const Result<void> result = named.check();
    warns = warns || !result.has_value();
    write_check(listed, named.name, result, "warn");
  }
  if (draining) write_check(listed, "drain", fail(ErrorCode::kUnavailable, "the server is shutting down"));
  listed.end_array();

  HealthReply reply{.status = passes ? 200 : 503, .body = {}};
  JsonWriter json(reply.body);
  const char* status = warns ? "warn" : "pass";
  json.begin_object().member("status", passes ? status : "fail");
  if (tells_readiness) write_durability(json, durability_);
  json.key("checks").raw(results).end_object();
  return reply;
}

}  // namespace doorbuster::ops
