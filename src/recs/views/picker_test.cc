#include "recs/views/picker.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "recs/views/popular_in.h"
#include "recs/views/promotions.h"
#include "recs/views/recommender.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kAsked = Timestamp::from_micros(1'795'773'600'000'000);

NameHash hash_of_name(uint64_t number) { return {.high = number + 1, .low = (number + 1) * 77}; }

// Items 0 to 19, the first the most popular: brands and categories by turns.
class PickerTest : public testing::Test {
 protected:
  PickerTest() {
    for (uint32_t item = 0; item < 20; ++item) {
      const std::string name = "i" + std::to_string(item);
      tables.note(ItemNamed{.item = item, .hash = hash_of_name(item), .name = name}, kAsked);
      const std::string brand = item < 10 ? "big" : "small-" + std::to_string(item);
      const std::string content =
          R"({"brand": ")" + brand + R"(", "categories": [")" + (item % 2 == 0 ? "even" : "odd") + R"("]})";
      tables.note(ItemPut{.item = item, .content = as_bytes(content)}, kAsked);
    }
    tables.note(VisitorNamed{.kind = VisitorKind::kSession, .visitor = 0, .hash = hash_of_name(1'000)}, kAsked);
    for (uint32_t item = 0; item < 20; ++item) {
      for (uint32_t times = item; times < 20; ++times)
        tables.note(Interaction{.kind = EventKind::kView, .item = item, .session = 0, .at = kAsked}, kAsked);
    }
  }
  void put_rule(const std::string& name, const std::string& content) {
    tables.note(DocumentPut{.kind = DocumentKind::kRule, .name = name, .content = as_bytes(content)}, kAsked);
  }
  [[nodiscard]] std::vector<uint32_t> shown(const Question& question) const {
    std::vector<uint32_t> items;
    for (const Recommended& each : popular(tables, std::nullopt, question)) items.push_back(each.item);
    return items;
  }

  RecsTables tables{511};
};

using Items = std::vector<uint32_t>;

TEST_F(PickerTest, shows_so_many_of_a_brand_as_its_cap_says) {
  put_rule("cap", R"({"action": "cap", "by": "brand", "most": 2})");
  EXPECT_EQ(shown({.n = 5}), (Items{0, 1, 10, 11, 12}));
  EXPECT_EQ(shown({.n = 20}).size(), 12U) << "a cap that does not loosen is part of what may be shown";
}

TEST_F(PickerTest, loosens_a_cap_that_says_so_when_nothing_else_is_left) {
  put_rule("cap", R"({"action": "cap", "by": "brand", "most": 2, "loosen": true})");
  EXPECT_EQ(shown({.n = 5}), (Items{0, 1, 10, 11, 12}));
  const auto all = popular(tables, std::nullopt, {.n = 15});
  ASSERT_EQ(all.size(), 15U);
  for (size_t place = 0; place < all.size(); ++place) {
    EXPECT_EQ(all[place].is_beyond_cap, place >= 12) << place;
    EXPECT_LE(all[place].score, all[place == 0 ? 0 : place - 1].score);
  }
  EXPECT_EQ(all[12].item, 2U) << "the best that was held back";
}

TEST_F(PickerTest, caps_categories_among_items_that_fit_a_filter) {
  put_rule("cap", R"({"action": "cap", "by": "category", "most": 1, "filter": "brand = 'big'"})");
  EXPECT_EQ(shown({.n = 4}), (Items{0, 1, 10, 11}));
}

TEST_F(PickerTest, promotes_at_a_position_for_a_time) {
  put_rule("sale", R"({"action": "promote", "filter": "item = 'i15'", "position": 2,
                       "starts_at": "2026-11-27T10:00:00Z", "ends_at": "2026-11-27T11:00:00Z"})");
  const Rule& rule = tables.rules().named().at("sale");
  const Timestamp begins = parse_rfc3339("2026-11-27T10:00:00Z").value();
  const auto at = [&](Timestamp now) {
    Question question{.n = 4, .at = now};
    if (rule.holds(now, "")) question.promoted = {{&rule, {}}};
    return shown(question);
  };
  EXPECT_EQ(at(begins - Duration::micros(1)), (Items{0, 1, 2, 3}));
  EXPECT_EQ(at(begins), (Items{0, 15, 1, 2}));
  EXPECT_EQ(at(begins + Duration::seconds(3'599)), (Items{0, 15, 1, 2}));
  EXPECT_EQ(at(begins + Duration::seconds(3'600)), (Items{0, 1, 2, 3}));
}

TEST_F(PickerTest, gives_promotions_their_share_and_marks_them) {
  put_rule("share", R"({"action": "promote", "items": ["i17", "i3", "i18"], "share": 0.3})");
  const Rule& rule = tables.rules().named().at("share");
  Question question{.n = 10, .promoted = {{&rule, {17, 3, 18}}}};
  const auto answer = popular(tables, std::nullopt, question);
  ASSERT_EQ(answer.size(), 10U);
  EXPECT_EQ(answer[0].item, 17U);
  EXPECT_EQ(answer[3].item, 3U);
  EXPECT_EQ(answer[6].item, 18U);
  EXPECT_EQ(answer[0].source, Source::kPromoted);
  EXPECT_EQ(answer[3].source, Source::kPopular) << "it would have been there anyway";
  EXPECT_EQ(std::ranges::count_if(answer, &Recommended::is_promoted), 3);
  // What may not be shown is not shown for being promoted.
  tables.note(ItemStock{.item = 17, .in_stock = false}, kAsked);
  EXPECT_EQ(popular(tables, std::nullopt, question)[0].item, 3U);
}

TEST_F(PickerTest, leaves_out_sources_that_are_switched_off) {
  Question question{.visitors = {.session = 0}, .n = 20};
  const auto has_pairs = [&] {
    return std::ranges::any_of(for_visitors(tables, question),
                               [](const Recommended& each) { return each.source == Source::kPopularInCategory; });
  };
  EXPECT_TRUE(has_pairs());
  question.sources_off = 1U << static_cast<uint32_t>(Source::kPopularInCategory);
  EXPECT_FALSE(has_pairs());
  EXPECT_EQ(for_visitors(tables, question).size(), 20U) << "as many as there are, all the same";
}

TEST_F(PickerTest, draws_and_still_shows_as_many) {
  Question question{.n = 6, .seed = 5, .explore = {.share = 1, .positions = 2, .pool = 5}};
  const auto answer = popular(tables, std::nullopt, question);
  ASSERT_EQ(answer.size(), 6U);
  EXPECT_EQ(answer[4].pool, 5);
  EXPECT_FLOAT_EQ(answer[4].propensity, 0.2F);
  question.n = 20;
  EXPECT_EQ(popular(tables, std::nullopt, question).size(), 20U);
}

TEST_F(PickerTest, looks_only_at_rules_of_the_surface_and_the_variant) {
  put_rule("a", R"({"action": "exclude", "filter": "item = 'i0'", "surfaces": ["home"]})");
  put_rule("b", R"({"action": "exclude", "filter": "item = 'i1'", "set": "tried"})");
  EXPECT_EQ(shown({.n = 2}), (Items{0, 1}));
  EXPECT_EQ(shown({.n = 2, .surface = "home"}), (Items{1, 2}));
  EXPECT_EQ(shown({.n = 2, .surface = "home", .rule_set = "tried"}), (Items{2, 3}));
  tables.note(DocumentRemoved{.kind = DocumentKind::kRule, .name = "a"}, kAsked);
  EXPECT_EQ(shown({.n = 2, .surface = "home"}), (Items{0, 1}));
}

TEST_F(PickerTest, knows_what_is_popular_in_a_country_and_of_late) {
  tables.note(VisitorNamed{.kind = VisitorKind::kUser, .visitor = 0, .hash = hash_of_name(2'000)}, kAsked);
  tables.note(UserPut{.user = 0, .content = as_bytes(R"({"country": "FR"})")}, kAsked);
  const Timestamp later = kAsked + Duration::seconds(2 * 86'400);
  Interaction row{.kind = EventKind::kCart, .item = 7, .session = 0, .at = later, .country = country_of_text("DE")};
  tables.note(row, later);
  row = {.kind = EventKind::kCart, .item = 9, .user = 0, .at = later};
  tables.note(row, later);
  const auto best = [&](const Where& where) { return popular_in(tables, where, std::nullopt, {.n = 1})[0].item; };
  EXPECT_EQ(best({.country = country_of_text("DE")}), 7U);
  EXPECT_EQ(best({.country = country_of_text("FR")}), 9U) << "as the user's profile says";
  EXPECT_EQ(best({.country = country_of_text("IT")}), 0U) << "nothing is known there: what is popular everywhere";
  EXPECT_EQ(best({.window = Window::kWeek}), 0U);
  EXPECT_GE(best({.window = Window::kHour}), 7U);
  EXPECT_EQ(
      trending_in(tables, {.country = country_of_text("DE"), .window = Window::kDay}, std::nullopt, {.n = 1})[0].source,
      Source::kTrending);
  EXPECT_EQ(popular_in(tables, {.country = country_of_text("DE")}, std::nullopt, {.n = 100}).size(), 20U);
  tables.note(VisitorForgotten{.kind = VisitorKind::kUser, .visitor = 0}, later);
  EXPECT_EQ(best({.country = country_of_text("FR")}), 0U);
}

}  // namespace
}  // namespace doorbuster::recs
