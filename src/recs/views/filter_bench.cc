// Questions with a filter that hardly any item passes, in a catalogue of a million items: how long is looked for those
// that do.
#include <benchmark/benchmark.h>

#include <memory>

#include "base/prng.h"
#include "recs/views/recommender.h"

namespace doorbuster::recs {
namespace {

constexpr uint32_t kItems = 1'000'000;
constexpr Timestamp kNow = Timestamp::from_micros(1'795'773'600'000'000);

NameHash hash_of_number(uint64_t number) { return {.high = mixed64(number), .low = mixed64(number ^ 0xABCD)}; }

// Ten items of each brand, 50 categories; each in three is looked at, some more than others.
std::unique_ptr<RecsTables> large_catalogue() {
  auto tables = std::make_unique<RecsTables>(100);
  Prng random(1);
  for (uint32_t item = 0; item < kItems; ++item) {
    const std::string name = "i" + std::to_string(item);
    tables->note(ItemNamed{.item = item, .hash = hash_of_number(item), .name = name}, kNow);
    const std::string content = R"({"categories":["c)" + std::to_string(item % 50) + R"("],"brand":"b)" +
                                std::to_string(mixed64(item) % (kItems / 10)) + R"(","title":"thing )" +
                                std::to_string(random.below(20'000)) + " of " + std::to_string(random.below(20'000)) +
                                R"("})";
    tables->note(ItemPut{.item = item, .content = as_bytes(content)}, kNow);
  }
  constexpr uint32_t kSessions = 50'000;
  for (uint32_t session = 0; session < kSessions; ++session) {
    tables->note(
        VisitorNamed{.kind = VisitorKind::kSession, .visitor = session, .hash = hash_of_number(session + (1ULL << 40))},
        kNow);
    for (int i = 0; i < 10; ++i) {
      const auto item = static_cast<uint32_t>(random.below(1 + random.below(kItems)));
      tables->note(Interaction{.kind = EventKind::kView, .item = item, .user = kNobody, .session = session, .at = kNow},
                   kNow);
    }
  }
  return tables;
}

const RecsTables& catalogue_of_a_million() {
  static const std::unique_ptr<RecsTables> tables = large_catalogue();
  return *tables;
}

template <class Ask>
void ask_with_narrow_filter(benchmark::State& state, const std::string& text, Ask&& ask) {
  const RecsTables& tables = catalogue_of_a_million();
  const Filter filter = Filter::parse(text).value();
  size_t shown = 0;
  uint32_t number = 0;
  for (auto _ : state) {
    const Question question{.visitors = {.session = number % 50'000}, .n = 10, .filter = &filter};
    shown = ask(tables, number * 7'919 % kItems, question).size();
    ++number;
  }
  state.counters["shown"] = static_cast<double>(shown);
}

void popular_of_a_brand(benchmark::State& state) {
  ask_with_narrow_filter(state, "brand = 'b77'", [](const auto& tables, uint32_t, const Question& question) {
    return popular(tables, std::nullopt, question);
  });
}
void for_you_of_a_brand(benchmark::State& state) {
  ask_with_narrow_filter(state, "brand = 'b77'", [](const auto& tables, uint32_t, const Question& question) {
    return for_visitors(tables, question);
  });
}
void similar_of_a_brand(benchmark::State& state) {
  ask_with_narrow_filter(state, "brand = 'b77'", [](const auto& tables, uint32_t item, const Question& question) {
    return similar(tables, item, question);
  });
}
// The same, said in a way that brands and categories are not listed by: as it is without the lists.
constexpr const char* kUnlisted = "not brand != 'b77'";
void popular_by_walking(benchmark::State& state) {
  ask_with_narrow_filter(state, kUnlisted, [](const auto& tables, uint32_t, const Question& question) {
    return popular(tables, std::nullopt, question);
  });
}
void for_you_by_walking(benchmark::State& state) {
  ask_with_narrow_filter(state, kUnlisted, [](const auto& tables, uint32_t, const Question& question) {
    return for_visitors(tables, question);
  });
}
void similar_by_walking(benchmark::State& state) {
  ask_with_narrow_filter(state, kUnlisted, [](const auto& tables, uint32_t item, const Question& question) {
    return similar(tables, item, question);
  });
}
void for_you_of_a_category(benchmark::State& state) {
  ask_with_narrow_filter(state, "category = 'c7'", [](const auto& tables, uint32_t, const Question& question) {
    return for_visitors(tables, question);
  });
}
void similar_without_a_filter(benchmark::State& state) {
  ask_with_narrow_filter(state, "not item = ''", [](const auto& tables, uint32_t item, const Question& question) {
    return similar(tables, item, question);
  });
}
BENCHMARK(popular_of_a_brand)->Unit(benchmark::kMicrosecond);
BENCHMARK(for_you_of_a_brand)->Unit(benchmark::kMicrosecond);
BENCHMARK(similar_of_a_brand)->Unit(benchmark::kMicrosecond);
BENCHMARK(popular_by_walking)->Unit(benchmark::kMicrosecond);
BENCHMARK(for_you_by_walking)->Unit(benchmark::kMicrosecond);
BENCHMARK(similar_by_walking)->Unit(benchmark::kMicrosecond);
BENCHMARK(for_you_of_a_category)->Unit(benchmark::kMicrosecond);
BENCHMARK(similar_without_a_filter)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace doorbuster::recs
