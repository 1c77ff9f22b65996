#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/prng.h"
#include "platform/views/memory_store.h"
#include "recs/views/recommender.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kAtStart = Timestamp::from_micros(1'795'773'600'000'000);

// A shop that is told of items one at a time, and looked at by visitors who are one session each.
class SmallShop {
 public:
  explicit SmallShop(uint32_t items) {
    for (uint32_t item = 0; item < items; ++item) {
      names_.push_back("i" + std::to_string(item));
      const NameHash hash{.high = mixed64(item), .low = mixed64(item ^ 0xABCD)};
      tables.note(ItemNamed{.item = item, .hash = hash, .name = names_.back()}, at(item));
    }
  }
  void put(uint32_t item, const std::string& content) {
    tables.note(ItemPut{.item = item, .content = as_bytes(content)}, at(1'000));
  }
  // Of one new visitor.
  uint32_t look_at(const std::vector<uint32_t>& items) {
    const uint32_t session = visitors_++;
    const NameHash hash{.high = mixed64(session ^ 0x77), .low = mixed64(session ^ 0x7777)};
    tables.note(VisitorNamed{.kind = VisitorKind::kSession, .visitor = session, .hash = hash}, at(2'000));
    for (const uint32_t item : items)
      tables.note(
          Interaction{.kind = EventKind::kView, .item = item, .user = kNobody, .session = session, .at = at(2'000)},
          at(2'000));
    return session;
  }
  [[nodiscard]] static Timestamp at(int64_t second) { return kAtStart + Duration::seconds(second); }

  RecsTables tables{100};

 private:
  std::vector<std::string> names_;
  uint32_t visitors_ = 0;
};

std::string vector_of(float x, float y) {
  return R"("vectors":{"image":[)" + std::to_string(x) + "," + std::to_string(y) + ",0,0,0,0,0,0.1]}";
}

std::vector<uint32_t> items_by(const std::vector<Recommended>& list, Source source) {
  std::vector<uint32_t> items;
  for (const Recommended& each : list) {
    if (each.source == source) items.push_back(each.item);
  }
  return items;
}

using Items = std::vector<uint32_t>;

TEST(Similar, an_item_is_found_by_its_words_as_soon_as_it_was_put_and_not_when_it_is_gone) {
  SmallShop shop(5);
  shop.put(0, R"({"title":"Red table lamp"})");
  shop.put(1, R"({"title":"Garden hose"})");
  EXPECT_EQ(items_by(similar(shop.tables, 0, {}), Source::kSimilar), Items{});
  shop.put(2, R"({"title":"Blue table lamps"})");
  EXPECT_EQ(items_by(similar(shop.tables, 0, {}), Source::kSimilar), Items{2});
  EXPECT_EQ(similar(shop.tables, 0, {}).front().because, 0U);
  shop.put(2, R"({"title":"Blue hose"})");
  EXPECT_EQ(items_by(similar(shop.tables, 0, {}), Source::kSimilar), Items{});
  EXPECT_EQ(items_by(similar(shop.tables, 1, {}), Source::kSimilar), Items{2});
  shop.tables.note(ItemRemoved{.item = 2}, SmallShop::at(3'000));
  EXPECT_EQ(items_by(similar(shop.tables, 1, {}), Source::kSimilar), Items{});
}

TEST(Similar, vectors_of_one_space_are_compared_and_the_filter_takes_no_place) {
  SmallShop shop(100);
  for (uint32_t item = 0; item < 100; ++item) {
    const std::string category = item % 10 == 0 ? "ten" : "other" + std::to_string(item);
    shop.put(item, R"({"categories":[")" + category + R"("],)" + vector_of(1, static_cast<float>(item) / 10) + "}");
  }
  EXPECT_EQ(items_by(similar(shop.tables, 99, {.n = 3}), Source::kSimilar), (Items{98, 97, 96}));
  const Filter filter = Filter::parse("category = 'ten'").value();
  EXPECT_EQ(items_by(similar(shop.tables, 99, {.n = 3, .filter = &filter}), Source::kSimilar), (Items{90, 80, 70}));
  // As it has another number of dimensions.
  shop.put(98, R"({"vectors":{"image":[1,9.9,0,0,0,0,0,0.1,0]}})");
  EXPECT_EQ(items_by(similar(shop.tables, 99, {.n = 3}), Source::kSimilar), (Items{97, 96, 95}));
}

TEST(Similar, vectors_are_what_they_were_after_a_start_and_so_is_what_is_found) {
  SmallShop shop(30);
  for (uint32_t item = 0; item < 30; ++item)
    shop.put(item,
             R"({"title":"Lamp )" + std::to_string(item % 7) + R"(",)" + vector_of(1, static_cast<float>(item)) + "}");
  for (int visitor = 0; visitor < 3; ++visitor) shop.look_at({0, 1, 2});
  platform::MemoryStore store;
  auto writer = store.write("recs").value();
  ASSERT_TRUE(shop.tables.save(*writer));
  ASSERT_TRUE(writer->commit());
  RecsTables loaded(100);
  const auto reader = store.read("recs").value();
  ASSERT_TRUE(loaded.load(*reader));
  for (uint32_t item = 0; item < 30; ++item) {
    EXPECT_EQ(print_content(loaded.content_of(item)), print_content(shop.tables.content_of(item)));
    const auto before = similar(shop.tables, item, {.n = 5}), after = similar(loaded, item, {.n = 5});
    ASSERT_EQ(before.size(), after.size());
    for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].item, after[i].item);
  }
  EXPECT_EQ(loaded.new_items().size(), shop.tables.new_items().size());
  EXPECT_EQ(loaded.new_items().counted_for(1).size(), shop.tables.new_items().counted_for(1).size());
}

TEST(NewItem, it_is_recommended_as_soon_as_it_was_put_to_who_looked_at_what_it_is_like) {
  SmallShop shop(10);
  shop.put(0, R"({"title":"Red table lamp"})");
  shop.put(1, R"({"title":"Garden hose"})");
  shop.put(2, R"({"title":"Light bulb"})");
  for (int visitor = 0; visitor < 4; ++visitor) shop.look_at({0, 2});
  const uint32_t session = shop.look_at({0});
  shop.put(3, R"({"title":"Blue table lamp"})");
  shop.put(4, R"({"title":"Green garden hose"})");
  const Question question{.visitors = {.session = session}};
  const auto list = for_visitors(shop.tables, question);
  EXPECT_EQ(items_by(list, Source::kColdStart), Items{3});
  const auto one = std::ranges::find(list, Source::kColdStart, &Recommended::source);
  EXPECT_EQ(one->because, 0U);
  EXPECT_EQ(items_by(also_bought(shop.tables, 0, {}), Source::kColdStart), Items{3});
  const Filter filter = Filter::parse("not item = 'i3'").value();
  EXPECT_EQ(
      items_by(for_visitors(shop.tables, {.visitors = {.session = session}, .filter = &filter}), Source::kColdStart),
      Items{});
}

TEST(NewItem, it_is_like_what_becomes_known_later_and_no_longer_new_when_it_is_known_itself) {
  SmallShop shop(10);
  shop.put(0, R"({"title":"Red table lamp"})");
  shop.put(3, R"({"title":"Blue table lamp"})");
  const uint32_t session = shop.look_at({0});
  const Question question{.visitors = {.session = session}};
  EXPECT_EQ(items_by(for_visitors(shop.tables, question), Source::kColdStart), Items{});
  shop.look_at({0});
  shop.look_at({0});  // the third visitor
  EXPECT_EQ(items_by(for_visitors(shop.tables, question), Source::kColdStart), Items{3});
  for (int visitor = 0; visitor < 3; ++visitor) shop.look_at({3});
  EXPECT_EQ(items_by(for_visitors(shop.tables, question), Source::kColdStart), Items{});
  // Two who are forgotten leave it new again.
  for (const uint32_t visitor : {3U, 4U})
    shop.tables.note(VisitorForgotten{.kind = VisitorKind::kSession, .visitor = visitor}, SmallShop::at(4'000));
  EXPECT_EQ(items_by(for_visitors(shop.tables, question), Source::kColdStart), Items{3});
  shop.tables.note(ItemRemoved{.item = 3}, SmallShop::at(5'000));
  EXPECT_EQ(items_by(for_visitors(shop.tables, question), Source::kColdStart), Items{});
}

TEST(NewItem, the_one_that_is_more_like_what_was_looked_at_comes_first) {
  SmallShop shop(10);
  shop.put(0, R"({"title":"Red table lamp"})");
  for (int visitor = 0; visitor < 4; ++visitor) shop.look_at({0});
  shop.put(3, R"({"title":"Blue garden lamp"})");
  shop.put(4, R"({"title":"Blue table lamp"})");
  const Question question{.visitors = {.session = shop.look_at({0})}};
  EXPECT_EQ(items_by(for_visitors(shop.tables, question), Source::kColdStart), (Items{4, 3}));
}

TEST(NewItem, of_many_the_newest_are_looked_at) {
  const auto items = static_cast<uint32_t>(NewItems::kItemsMax + 20);
  SmallShop shop(items);
  for (uint32_t item = 0; item < items; ++item) shop.put(item, R"({"title":"lamp"})");
  EXPECT_EQ(shop.tables.new_items().size(), NewItems::kItemsMax);
  EXPECT_FALSE(shop.tables.new_items().has(0));
  EXPECT_TRUE(shop.tables.new_items().has(items - 1));
}

// Said so that lists of brands tell the few items that it can be, and so that they do not.
TEST(NarrowFilter, finds_the_same_among_the_few_as_among_all) {
  constexpr uint32_t kItems = 200;
  SmallShop shop(kItems);
  for (uint32_t item = 0; item < kItems; ++item) {
    const std::string brand = "b" + std::to_string(mixed64(item) % 40), category = item % 2 == 0 ? "even" : "odd";
    shop.put(item, R"({"brand":")" + brand + R"(","categories":[")" + category + R"("],"title":"lamp"})");
  }
  Prng random(9);
  for (int visitor = 0; visitor < 150; ++visitor)
    shop.look_at({static_cast<uint32_t>(random.below(kItems)), static_cast<uint32_t>(random.below(kItems))});
  const auto listed = [&](uint32_t brand, auto&& ask) {
    const std::string name = "'b" + std::to_string(brand) + "'";
    const Filter few = Filter::parse("brand = " + name).value(), all = Filter::parse("not brand != " + name).value();
    EXPECT_TRUE(few.among(shop.tables.catalogue(), 40).has_value());
    EXPECT_FALSE(all.among(shop.tables.catalogue(), 40).has_value());
    std::array<std::vector<std::pair<double, uint32_t>>, 2> found;
    for (const bool is_few : {false, true}) {
      for (const Recommended& each : ask(Question{.n = 20, .filter = is_few ? &few : &all}))
        found[is_few ? 1 : 0].emplace_back(each.score, each.item);
      std::ranges::sort(found[is_few ? 1 : 0]);
    }
    EXPECT_EQ(found[0], found[1]) << "brand " << brand;
    return found[1].size();
  };
  size_t items = 0;
  for (uint32_t brand = 0; brand < 40; ++brand) {
    items += listed(brand, [&](const Question& question) { return popular(shop.tables, std::nullopt, question); });
    listed(brand, [&](const Question& question) { return popular(shop.tables, 0, question); });
    listed(brand, [&](const Question& question) { return also_viewed(shop.tables, brand, question); });
  }
  EXPECT_EQ(items, kItems);
}

}  // namespace
}  // namespace doorbuster::recs
