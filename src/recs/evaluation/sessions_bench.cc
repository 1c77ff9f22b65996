// Recommendations for sessions on one core, 21 at a time: on sessions of one's own (the file that the environment
// variable DOORBUSTER_RECS_SESSIONS names, as docs/recs/evaluation.md describes it), and on an index of 100 million
// made up clicks on 6 million items, where nothing that is looked at lies in a cache. What was learnt changes no time,
// so a network with random weights ranks, and embeddings are learnt in one round.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <numeric>

#include "base/prng.h"
#include "recs/evaluation/measured.h"
#include "recs/evaluation/sessions_format.h"
#include "recs/models/session_training.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kShown = 21;
constexpr size_t kAsked = 2'000;  // sessions

SessionModel model_of(SessionModelOptions options, std::shared_ptr<const ItemEmbeddings> embeddings) {
  return {.options = options, .embeddings = std::move(embeddings), .network = RankingNetwork(kSessionFeatures, 1)};
}

// Every prefix of each session.
void recommend(benchmark::State& state, const SessionIndex& index, const SessionModel& model, const ItemLists& asked) {
  SessionRecommender recommender;
  Durations durations;
  size_t session = 0, length = 0, shown = 0;
  for (auto _ : state) {
    if (++length > asked[session].size()) {
      length = 1;
      session = (session + 1) % asked.size();
    }
    const Stopwatch watch;
    shown += recommender.recommend(index, model, asked[session].first(length), kShown).size();
    durations.add(watch.seconds());
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["p99_us"] = durations.micros_at(0.99);
  state.counters["median_us"] = durations.micros_at(0.5);
  state.counters["shown"] = static_cast<double>(shown) / static_cast<double>(state.iterations());
  state.counters["bytes_per_click"] = static_cast<double>(index.bytes()) / static_cast<double>(index.clicks());
  state.counters["index_MiB"] = static_cast<double>(index.bytes()) / (1 << 20);
}

struct OwnSessions {
  TimedSessions sessions;
  size_t items = 0;
  SessionRange known;
  ItemLists asked;
};

const OwnSessions* own_sessions(benchmark::State& state) {
  const char* path = std::getenv("DOORBUSTER_RECS_SESSIONS");
  if (path == nullptr) {
    state.SkipWithError("DOORBUSTER_RECS_SESSIONS names no file of sessions");
    return nullptr;
  }
  static const Result<OwnSessions> own = [&]() -> Result<OwnSessions> {
    OwnSessions read;
    ItemNames names;
    read.sessions.sessions = TRY(read_sessions(path, names));
    read.items = names.size();
    const size_t count = read.sessions.sessions.size();
    read.sessions.times.resize(count);
    std::iota(read.sessions.times.begin(), read.sessions.times.end(), 0U);
    read.known = {.begin = 0, .end = count - std::min(count / 2, kAsked)};
    for (size_t i = read.known.end; i < count; ++i) {
      const auto items = read.sessions.sessions[i];
      read.asked.items.insert(read.asked.items.end(), items.begin(), items.end());
      read.asked.end_list();
    }
    return read;
  }();
  if (own) return &*own;
  state.SkipWithError(own.error().message.c_str());
  return nullptr;
}

void recommend_for_own(benchmark::State& state, const SessionModelOptions& options, bool has_embeddings) {
  const OwnSessions* own = own_sessions(state);
  if (own == nullptr) return;
  SessionIndex index(limits_for(own->sessions, own->items));
  add_sessions(index, own->sessions, own->known);
  static const auto learnt =
      std::make_shared<const ItemEmbeddings>(train_embeddings(own->sessions, own->known, own->items, {.epochs = 1}));
  recommend(state, index, model_of(options, has_embeddings ? learnt : nullptr), own->asked);
}

void own_sessions_small(benchmark::State& state) { recommend_for_own(state, small_session_options(), false); }
void own_sessions_usual(benchmark::State& state) { recommend_for_own(state, {}, true); }
BENCHMARK(own_sessions_small);
BENCHMARK(own_sessions_usual);

// Each session stays among 64 items that belong together, mostly; a few such groups are visited by most.
class MadeUpSessions {
 public:
  static constexpr size_t kItems = 6'000'000, kClicks = 100'000'000, kGroup = 64;

  void next(std::vector<ItemNumber>& session) {
    session.clear();
    const uint64_t group = popular(kItems / kGroup);
    do {
      const uint64_t other = prng_.below(10) == 0 ? popular(kItems / kGroup) : group;
      session.push_back(static_cast<ItemNumber>(other * kGroup + std::min(prng_.below(kGroup), prng_.below(kGroup))));
    } while (session.size() < kSessionClicksMax && prng_.below(6) > 0);
  }

 private:
  // The cube of a uniform number: a tenth of the groups has half of the visits.
  uint64_t popular(uint64_t count) {
    const double part = static_cast<double>(prng_.next() >> 11) * 0x1p-53;
    return static_cast<uint64_t>(part * part * part * static_cast<double>(count));
  }
  Prng prng_{1};
};

void a_hundred_million_clicks(benchmark::State& state) {
  SessionIndex index({.items = MadeUpSessions::kItems,
                      .sessions = MadeUpSessions::kClicks / 3,
                      .clicks = MadeUpSessions::kClicks + kSessionClicksMax});
  MadeUpSessions made_up;
  std::vector<ItemNumber> session;
  const Stopwatch watch;
  while (index.clicks() < MadeUpSessions::kClicks) {
    made_up.next(session);
    const SessionNumber number = index.start(0);
    for (const ItemNumber item : session) ASSERT(index.add(number, item));
  }
  state.counters["clicks_per_second"] = static_cast<double>(index.clicks()) / watch.seconds();
  ItemLists asked;
  for (size_t i = 0; i < 10 * kAsked; ++i) {
    made_up.next(session);
    asked.items.insert(asked.items.end(), session.begin(), session.end());
    asked.end_list();
  }
  recommend(state, index, model_of(small_session_options(), nullptr), asked);
  state.counters["peak_MiB"] = peak_memory_mib();
}
BENCHMARK(a_hundred_million_clicks)->Iterations(50'000);

}  // namespace
}  // namespace doorbuster::recs
