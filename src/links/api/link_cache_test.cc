#include "links/api/link_cache.h"

#include <gtest/gtest.h>

#include "links/store/memory/memory_link_store.h"

namespace doorbuster::links {
namespace {

constexpr size_t kPlaces = 64;

class LinkCacheTest : public ::testing::Test {
 protected:
  void make(const std::string& code) {
    std::vector<Change> changes(1);
    changes[0].link = {.code = code, .long_url = "https://shop.example/"};
    ASSERT_TRUE(store_.change(changes).has_value());
  }
  bool is_link(const std::string& code) { return cache_.find(code).value() != nullptr; }

  MemoryLinkStore store_;
  LinkWriter writer_{store_, [](const std::string&) {}};
  TakeDowns take_downs_;
  ThreatLists threats_{{}};
  Blocks blocks_{take_downs_, threats_, &destinations_of};
  RegistrableDomains domains_;
  LinkCache cache_{store_, writer_, blocks_, domains_, kPlaces};
};

TEST_F(LinkCacheTest, reads_a_link_and_a_code_that_is_nobodys_once) {
  make("mail");
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(is_link("mail"));
    EXPECT_FALSE(is_link("male"));
  }
  EXPECT_EQ(cache_.misses(), 2);
  EXPECT_EQ(cache_.hits(), 18);
}

TEST_F(LinkCacheTest, tells_what_it_remembers) {
  make("mail");
  EXPECT_FALSE(cache_.remembers("mail"));
  EXPECT_FALSE(cache_.remembers("male"));
  EXPECT_TRUE(is_link("mail"));
  EXPECT_FALSE(is_link("male"));
  EXPECT_TRUE(cache_.remembers("mail"));
  EXPECT_TRUE(cache_.remembers("male"));
}

TEST_F(LinkCacheTest, judges_a_link_anew_when_it_is_told_to) {
  make("mail");
  EXPECT_FALSE(cache_.find("mail").value()->block);
  take_downs_.set(
      {{.id = 1, .of = TakeDownOf::kDomain, .target = "shop.example", .reason = {}, .notice = {}, .by = {}}});
  writer_.have_read_again();
  EXPECT_TRUE(cache_.find("mail").value()->block);
}

TEST_F(LinkCacheTest, keeps_its_links_whatever_codes_are_made_up) {
  std::vector<std::string> remembered;
  for (int i = 0; i < 200; ++i) {
    make("link-" + std::to_string(i));
    EXPECT_TRUE(is_link("link-" + std::to_string(i)));
  }
  for (int i = 0; i < 200; ++i) {
    if (cache_.remembers("link-" + std::to_string(i))) remembered.push_back("link-" + std::to_string(i));
  }
  EXPECT_GT(remembered.size(), kPlaces / 2);
  for (int i = 0; i < 100'000; ++i) EXPECT_FALSE(is_link("guess" + std::to_string(i)));
  const uint64_t before = cache_.misses();
  for (const std::string& code : remembered) EXPECT_TRUE(is_link(code));
  EXPECT_EQ(cache_.misses(), before) << "none of them had to be read again";
}

}  // namespace
}  // namespace doorbuster::links
