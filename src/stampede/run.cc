#include "stampede/run.h"

#include <sys/resource.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <thread>

#include "auth/shop_signer.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/json.h"
#include "guard/policy.h"
#include "stampede/behaviours.h"
#include "stampede/cpu_time.h"
#include "stampede/url.h"
#include "stampede/visit.h"

namespace doorbuster::stampede {
namespace {

constexpr size_t kConnectionsMax = 14'000;  // a server keeps 8,192 for each reactor, and we start two
constexpr size_t kFilesKept = 100;          // for all else that the process opens
constexpr Duration kLead = Duration::seconds(2);
constexpr Duration kWatchEvery = Duration::millis(250);
constexpr int kSettleTriesMax = 40;
constexpr std::chrono::milliseconds kSettleEvery(250);

// As many files as the process may have at most, and how many connections that allows.
size_t connections_max() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kConnectionsMax / 10;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
  const size_t files = limit.rlim_max == RLIM_INFINITY ? SIZE_MAX : limit.rlim_max;
  return std::clamp<size_t>(files - std::min(files, kFilesKept), 1, kConnectionsMax);
}

// Looks at the public numbers until all is sold, from an address of its own.
Task<> watch(Context& context, ClientNumber seat) {
  const std::string path = "/api/v1/sales/" + context.sale;
  const WireRequest request{.source = 0x7F000002,
                            .peer = context.server,
                            .bytes = write_request(Profile::kCurl, {.path = path, .host = context.host})};
  while (!context.is_over()) {
    co_await context.engine.sleep_until(seat, context.engine.now() + kWatchEvery);
    const Answer answer = co_await context.engine.send(seat, request);
    if (answer.status != 200) continue;
    JsonDocument document(answer.body);
    const JsonObject root = document.root();
    const int64_t units = root.required("units").integer({.min = 1}, 1);
    if (root.required("sold").integer({.min = 0}) == units) context.all_sold_at = context.engine.now();
  }
}

// Everybody, each in their own coroutine.
class Crowd {
 public:
  Crowd(Context& context, const std::vector<Visitor>& visitors)
      : watcher_(watch(context, static_cast<ClientNumber>(visitors.size()))) {
    for (ClientNumber number = 0; number < visitors.size(); ++number)
      shoppers_.emplace_back(context, visitors[number], number);
    for (Shopper& shopper : shoppers_) lives_.push_back(live(shopper));
  }

  void start() {
    watcher_.start();
    for (Task<>& life : lives_) life.start();
  }

  // Looks at those in front only, who have gone most often.
  [[nodiscard]] bool has_gone() {
    while (gone_ < lives_.size() && lives_[gone_].done()) ++gone_;
    return gone_ == lives_.size();
  }

 private:
  std::deque<Shopper> shoppers_;
  std::vector<Task<>> lives_;
  Task<> watcher_;
  size_t gone_ = 0;
};

Result<Digest> secret_of(const std::string& data) {
  Digest secret;
  const std::string bytes = TRY(read_file(std::filesystem::path(data) / "master.key", secret.size()));
  if (bytes.size() != secret.size()) return fail(ErrorCode::kInvalid, data + "/master.key does not have 32 bytes");
  std::ranges::copy(as_bytes(bytes), secret.begin());
  return secret;
}

std::string fresh_sale_id(uint64_t seed) {
  std::array<std::byte, 4> random{};
  fill_random(random);
  return "stampede-" + std::to_string(seed) + "-" + to_hex(random);
}

// What is under way when the clients stop comes to its end: payments that were made are told.
Result<ServerNumbers> settled_numbers(OperatorClient& desk, const std::string& sale, uint64_t sold) {
  ServerNumbers numbers = TRY(desk.numbers_of(sale));
  for (int tries = 0; tries < kSettleTriesMax && numbers.sold < sold; ++tries) {
    std::this_thread::sleep_for(kSettleEvery);
    numbers = TRY(desk.numbers_of(sale));
  }
  return numbers;
}

uint64_t units_in(const Tally& tally, size_t cohorts) {
  uint64_t units = 0;
  for (size_t cohort = 0; cohort < cohorts; ++cohort) units += tally.of(cohort).units;
  return units;
}

}  // namespace

Result<Outcome> run_scenario(const Scenario& scenario, uint64_t seed, const Site& site) {
  const LocalUrl url = TRY(parse_url(site.url));
  const auth::JwtSigner signer = TRY(auth::shop_signer(site.data));
  const Digest secret = TRY(secret_of(site.data));
  const guard::ChallengeSolver solver(secret);
  const guard::Policy policy = TRY(guard::load_policy(scenario.policy));
  OperatorClient desk = TRY(OperatorClient::make(site.url, site.data));
  const std::vector<Visitor> visitors = make_schedule(scenario, seed);
  AddressBook addresses(scenario);
  const auto engine = TRY(Engine::make(visitors.size() + 1, connections_max()));
  Truth truth(secret);
  Outcome outcome{.tally = Tally(scenario.cohorts.size(), visitors.size())};
  const Duration prequeue = Duration::seconds(scenario.sale.queue == Queue::kNone ? 0 : scenario.sale.prequeue_seconds);
  const Timestamp opens_at = engine->now() + kLead + std::max(time_before_opening(visitors), prequeue);
  SolverPool pool(scenario.solver.cores, scenario.solver.derivations_per_second, opens_at);
  Context context{.engine = *engine,
                  .scenario = scenario,
                  .addresses = addresses,
                  .signer = signer,
                  .solver = solver,
                  .pool = pool,
                  .tally = outcome.tally,
                  .truth = truth,
                  .server = url.peer,
                  .host = url.host,
                  .sale = fresh_sale_id(seed),
                  .seed = seed,
                  .policy = policy,
                  .joins_from = opens_at - prequeue,
                  .opens_at = opens_at,
                  .ends_at = opens_at + Duration::seconds(scenario.seconds)};
  TRY(desk.put_on(context.sale, scenario, opens_at));
  Crowd crowd(context, visitors);
  const Duration clients_before = cpu_of_this_process();
  const auto server_before = cpu_of(site.process);
  crowd.start();
  engine->run([&] { return context.is_quiet() || crowd.has_gone(); });
  outcome.clients_cpu = cpu_of_this_process() - clients_before;
  if (const auto server_after = cpu_of(site.process); server_before && server_after)
    outcome.server_cpu = *server_after - *server_before;
  outcome.server = TRY(settled_numbers(desk, context.sale, units_in(outcome.tally, scenario.cohorts.size())));
  outcome.labels = truth.labels("doorbuster stampede, " + scenario.title + ", seed " + std::to_string(seed));
  outcome.solved_by_bots = pool.solved();
  outcome.worked_by_bots = pool.worked();
  outcome.connections_most = engine->connections_most();
  outcome.connections_waited = engine->connections_waited();
  outcome.connections_made = engine->connections_made();
  return outcome;
}

}  // namespace doorbuster::stampede
