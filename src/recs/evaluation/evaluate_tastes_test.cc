#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "base/prng.h"
#include "recs/evaluation/evaluation.h"
#include "recs/evaluation/written_file_test.h"

namespace doorbuster::recs {
namespace {

using boost::json::value;

constexpr std::array<const char*, 4> kKinds = {"garden", "kitchen", "paper", "winter"};

// Users and baskets of one kind each: items are numbered so that the kind is the rest by 4.
std::string item_of(Prng& random, uint64_t kind, uint64_t items) {
  return "i" + std::to_string(random.below(items / 4) * 4 + kind);
}

std::string users_file(uint64_t seed, size_t users, size_t length) {
  Prng random(seed);
  std::string text;
  for (size_t user = 0; user < users; ++user) {
    text += "u" + std::to_string(user);
    for (size_t i = 0; i < length; ++i) text += " " + item_of(random, user % 4, 200);
    text += "\n";
  }
  return text;
}

// Each goes on to the next but one of its kind.
std::string sequences_file(size_t users) {
  Prng random(11);
  std::string text;
  for (size_t user = 0; user < users; ++user) {
    text += "u" + std::to_string(user);
    uint64_t at = random.below(200);
    for (int i = 0; i < 6; ++i, at = (at + (random.chance(10) ? 7 : 3)) % 200) text += " i" + std::to_string(at);
    text += "\n";
  }
  return text;
}

// The last tenth of the baskets has items that are new.
std::string baskets_file(size_t baskets) {
  Prng random(12);
  std::string text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
  for (size_t basket = 0; basket < baskets; ++basket) {
    const uint64_t kind = random.below(4);
    std::array<char, 32> day{};
    std::snprintf(day.data(), day.size(), "2011-%02zu-%02zu 10:00:00", 1 + basket * 10 / baskets,
                  1 + basket * 280 / baskets % 28);
    for (int i = 0; i < 5; ++i) {
      const bool is_new = basket * 10 >= baskets * 8 && i == 0;
      const std::string number =
          is_new ? "n" + std::to_string(random.below(20) * 4 + kind) : item_of(random, kind, 200);
      text += std::to_string(basket) + "," + number + ",thing for the " + kKinds[kind] + ",1," + day.data() + ",2.5," +
              std::to_string(basket % 50) + ",\n";
    }
  }
  return text;
}

// Without what differs from run to run.
value without_costs(const value& json) {
  if (json.is_array()) return json;
  if (!json.is_object()) return json;
  boost::json::object kept;
  for (const auto& [key, member] : json.get_object()) {
    const std::string_view name = key;
    if (name.starts_with("us_") || name.starts_with("seconds") || name == "peak_memory_mib") continue;
    kept[key] = without_costs(member);
  }
  return kept;
}

double hit_rate(const value& json, std::string_view source) {
  const value& of = source == "blend" ? json : json.at("single_sources").at(source);
  return of.at("hit_rate@20").to_number<double>();
}

using Task = Result<std::string> (*)(const EvaluationOptions&);

value run(Task task, EvaluationOptions options, uint32_t threads) {
  options.threads = threads;
  const auto text = task(options);
  EXPECT_TRUE(text.has_value()) << (text ? "" : text.error().message);
  return text ? boost::json::parse(*text) : value();
}

// Twice, with other numbers of threads, and the first answer.
value same_with_any_threads(Task task, const EvaluationOptions& options) {
  const value one = run(task, options, 1), three = run(task, options, 3);
  EXPECT_EQ(without_costs(one), without_costs(three));
  return one;
}

TEST(EvaluateTastesTest, tastes_are_found_and_the_same_whatever_the_number_of_threads) {
  const WrittenFile train("taste_train", users_file(1, 300, 12)), test("taste_test", users_file(2, 300, 3));
  const value json = same_with_any_threads(evaluate_taste, {.train = train.path(), .test = test.path()});
  EXPECT_GT(hit_rate(json, "ease"), 1.5 * hit_rate(json, "popularity"));
  EXPECT_GT(hit_rate(json, "ials"), 1.5 * hit_rate(json, "popularity"));
  EXPECT_GE(hit_rate(json, "blend"), 0.95 * hit_rate(json, "ease"));
  EXPECT_EQ(hit_rate(json, "own_items"), 0);
}

TEST(EvaluateTastesTest, sequences_are_found_by_their_direction) {
  const WrittenFile train("sequence_train", sequences_file(600));
  const value json = same_with_any_threads(evaluate_sequence, {.train = train.path()});
  EXPECT_GT(hit_rate(json, "followers"), 3 * hit_rate(json, "popularity"));
  EXPECT_GE(hit_rate(json, "blend"), hit_rate(json, "followers"));
}

TEST(EvaluateTastesTest, baskets_are_filled_and_new_items_found_by_their_words) {
  const WrittenFile train("baskets_train", baskets_file(1'200));
  const value json = same_with_any_threads(evaluate_baskets, {.train = train.path(), .split = "2011-09-15"});
  EXPECT_GT(hit_rate(json, "blend"), 1.5 * hit_rate(json, "popularity"));
  const value& cold = json.at("cold_start");
  EXPECT_GT(cold.at("cases").to_number<int>(), 50);
  EXPECT_GT(cold.at("text").at("hit_rate@10").to_number<double>(),
            1.5 * cold.at("at_random").at("hit_rate@10").to_number<double>());
}

TEST(EvaluateTastesTest, a_split_without_baskets_behind_it_is_an_error) {
  const WrittenFile train("baskets_early", baskets_file(100));
  const auto late = evaluate_baskets({.train = train.path(), .split = "2012-09-01"});
  EXPECT_THAT(late.error().message, ::testing::HasSubstr("leaves no baskets of two items to test with"));
  const auto early = evaluate_baskets({.train = train.path(), .split = "2010-09-01"});
  EXPECT_THAT(early.error().message, ::testing::HasSubstr("to validate with"));
}

}  // namespace
}  // namespace doorbuster::recs
