#include "load/tally.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>

#include "base/json_writer.h"

namespace doorbuster::bench {
namespace {

constexpr size_t kShownBytes = 300;

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

Tally::Tally(const LoadOptions& options) : options_(options) {
  latencies_.reserve(1'000'000);
  if (!options.bodies.empty()) bodies_.open(options.bodies);
}

void Tally::sent(TimePoint at) {
  if (requests_++ == 0) first_ = at;
}

void Tally::took(const Answer& answer, TimePoint sent_at, TimePoint at) {
  last_ = at;
  ++statuses_[answer.status];
  latencies_.push_back(
      static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(at - sent_at).count()));
  const bool wanted = answer.status == options_.expect;
  const bool wrong_body = wanted && answer.body.find(options_.body_holds) == std::string_view::npos;
  if (wanted) {
    ++wanted_;
    last_wanted_ = at;
    if (bodies_.is_open()) bodies_ << answer.body << '\n';
  }
  wrong_bodies_ += wrong_body ? 1 : 0;
  const bool unexpected = !wanted && answer.status != options_.also;
  unexpected_ += unexpected ? 1 : 0;
  if ((wrong_body || unexpected) && first_wrong_.empty())
    first_wrong_ = std::to_string(answer.status) + " " + std::string(answer.body.substr(0, kShownBytes));
}

void Tally::broke(const std::string& why) { ++broken_[why]; }

double Tally::since_first(TimePoint at) const { return std::chrono::duration<double>(at - first_).count(); }

double Tally::percentile(double share) {
  if (latencies_.empty()) return 0;
  const auto index = static_cast<size_t>(std::lround(share * static_cast<double>(latencies_.size() - 1)));
  std::nth_element(latencies_.begin(), latencies_.begin() + static_cast<std::ptrdiff_t>(index), latencies_.end());
  return latencies_[index];
}

std::string Tally::json() {
  std::string text;
  JsonWriter json(text);
  const bool any = !latencies_.empty();
  json.begin_object().member("ok", ok()).member("requests", requests_).member("answers", latencies_.size());
  json.member("wanted", wanted_).member("unexpected", unexpected_).member("wrong_bodies", wrong_bodies_);
  json.member("seconds", any ? since_first(last_) : 0.0);
  json.member("last_wanted_seconds", wanted_ > 0 ? since_first(last_wanted_) : 0.0);
  json.member("p50_us", percentile(0.5)).member("p99_us", percentile(0.99)).member("p999_us", percentile(0.999));
  json.member("max_us", percentile(1)).member("own_cpu_seconds", own_cpu_seconds());
  json.key("statuses").begin_object();
  for (const auto& [status, count] : statuses_) json.dynamic_key(std::to_string(status)).value(count);
  json.end_object().key("broken").begin_object();
  for (const auto& [why, count] : broken_) json.dynamic_key(why).value(count);
  json.end_object().member("first_wrong", first_wrong_).end_object();
  return text;
}

}  // namespace doorbuster::bench
