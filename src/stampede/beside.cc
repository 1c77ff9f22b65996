#include "stampede/beside.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stampede/cpu_time.h"
#include "stampede/engine.h"
#include "stampede/profiles.h"
#include "stampede/schedule.h"
#include "stampede/tally.h"
#include "stampede/task.h"
#include "stampede/url.h"

namespace doorbuster::stampede {
namespace {

struct Asked {
  Engine& engine;
  Timestamp until;
  std::vector<uint32_t> latencies_us = {};
  uint64_t failures = 0;
};

Task<> ask_again(Asked& asked, ClientNumber client, WireRequest request, double connections_an_answer) {
  double due = 0;
  while (asked.engine.now() < asked.until) {
    due += connections_an_answer;
    if (due >= 1) asked.engine.hang_up(client);
    due -= std::floor(due);
    const Timestamp sent = asked.engine.now();
    const Answer answer = co_await asked.engine.send(client, request);
    if (answer.status != 200) {
      ++asked.failures;
      co_return;
    }
    const int64_t latency = (answer.at - sent).micros();
    asked.latencies_us.push_back(static_cast<uint32_t>(std::clamp<int64_t>(latency, 0, UINT32_MAX)));
  }
}

}  // namespace

Result<Beside> ask_beside(const Scenario& scenario, uint64_t seed, const std::string& url, const Load& load,
                          Duration time) {
  const LocalUrl where = TRY(parse_url(url));
  const std::vector<Visitor> visitors = make_schedule(scenario, seed);
  const size_t clients = std::clamp<size_t>(load.connections, 1, visitors.size());
  const AddressBook addresses(scenario);
  const auto engine = TRY(Engine::make(clients, clients));
  Asked asked{.engine = *engine, .until = engine->now() + time};
  std::vector<Task<>> lives;
  for (ClientNumber client = 0; client < clients; ++client) {
    const Visitor& who = visitors[client];
    const uint32_t number = addresses.number_of(who.cohort, who.number, 0);
    lives.push_back(
        ask_again(asked, client,
                  {.source = addresses.address_of(who.cohort, number),
                   .peer = where.peer,
                   .bytes = write_request(who.profile, {.method = "GET", .path = where.path, .host = where.host})},
                  load.connections_an_answer));
  }
  const Duration cpu_before = cpu_of_this_process();
  const Timestamp begun = engine->now();
  for (Task<>& life : lives) life.start();
  size_t gone = 0;
  engine->run([&] {
    while (gone < lives.size() && lives[gone].done()) ++gone;
    return gone == lives.size();
  });
  if (asked.failures > 0 || asked.latencies_us.empty())
    return fail(ErrorCode::kConflict, std::to_string(asked.failures) + " answers of " + url + " were not 200");
  const auto answers = static_cast<double>(asked.latencies_us.size());
  return Beside{.answers_per_second = answers * 1e6 / static_cast<double>((engine->now() - begun).micros()),
                .latency_ms_p99 = quantile_of(asked.latencies_us, 0.99) / 1e3,
                .clients_cpu_us = static_cast<double>((cpu_of_this_process() - cpu_before).micros()) / answers};
}

}  // namespace doorbuster::stampede
