// What every store of links promises of links that are to be made once, tried on each.
#include <gtest/gtest.h>

#include "links/store/store_twins.h"

namespace doorbuster::links {
namespace {

using Outcome = Change::Outcome;

const Timestamp kNow = Timestamp::from_micros(1'800'000'000'000'000);

class OnceContract : public StoreContract {
 protected:
  Change make(Change claim) {
    EXPECT_TRUE(store_->change({&claim, 1}).has_value());
    return claim;
  }
  // As LinkChanges asks: numbers and generated codes differ each time.
  static Change alike(uint64_t number, std::string title = "") {
    Link link = link_of(1, "code" + std::to_string(number));
    link.title = std::move(title);
    Change claim{.link = link, .likeness = likeness_of(link, "")};
    claim.link.number = number;
    return claim;
  }
  static Change once(uint64_t number, uint64_t key, uint64_t fingerprint, Timestamp at = kNow) {
    return {.link = link_of(number, "code" + std::to_string(number)),
            .once = {.key = key, .fingerprint = fingerprint, .at = at}};
  }
};

TEST_P(OnceContract, finds_the_link_that_there_is) {
  EXPECT_EQ(make(alike(1)).outcome, Outcome::kDone);
  if (GetParam().lasts) reopen();
  const Change found = make(alike(2));
  EXPECT_EQ(found.outcome, Outcome::kFound);
  EXPECT_EQ(found.link.code, "code1");
  EXPECT_EQ(make(alike(3, "Letter")).outcome, Outcome::kDone) << "it has other options";
  EXPECT_EQ(store_->size(), 2U);
  EXPECT_EQ(find("code2"), std::nullopt);
}

TEST_P(OnceContract, finds_one_that_has_its_code_if_that_is_asked_for) {
  const auto by_address = [](uint64_t number, std::string title = "") {
    Change claim{.link = link_of(number, "address"), .finds_alike = true};
    claim.link.long_url = "https://shop.example/";
    claim.link.title = std::move(title);
    return claim;
  };
  std::vector<Change> together{by_address(1), by_address(2)};
  ASSERT_TRUE(store_->change(together).has_value());
  EXPECT_EQ(together[0].outcome, Outcome::kDone);
  EXPECT_EQ(together[1].outcome, Outcome::kFound);
  if (GetParam().lasts) reopen();
  const Change found = make(by_address(3));
  EXPECT_EQ(found.outcome, Outcome::kFound);
  EXPECT_EQ(found.link.number, 1U);
  EXPECT_EQ(make(by_address(4, "Letter")).outcome, Outcome::kTaken) << "it has other options";
  EXPECT_EQ(store_->size(), 1U);
}

TEST_P(OnceContract, finds_one_that_comes_before_it_in_the_same_write) {
  std::vector<Change> together{alike(1), alike(2), alike(3)};
  ASSERT_TRUE(store_->change(together).has_value());
  EXPECT_EQ(together[0].outcome, Outcome::kDone);
  EXPECT_EQ(together[1].outcome, Outcome::kFound);
  EXPECT_EQ(together[2].link.code, "code1");
  EXPECT_EQ(store_->size(), 1U);
}

TEST_P(OnceContract, finds_none_that_has_become_another_one_or_is_gone) {
  make(alike(1));
  Link changed = *find("code1");
  changed.title = "Letter";
  changed.version = 2;
  make({.kind = Change::Kind::kReplace, .link = changed});
  EXPECT_EQ(make(alike(2)).outcome, Outcome::kDone);
  Link gone = *find("code2");
  gone.version = 2;
  make({.kind = Change::Kind::kErase, .link = gone});
  EXPECT_EQ(make(alike(3)).outcome, Outcome::kDone);
  EXPECT_EQ(make(alike(4)).link.code, "code3");
}

TEST_P(OnceContract, of_two_owners_each_has_their_own) {
  Change theirs = alike(1);
  theirs.link.owner = 0;
  make(theirs);
  Change mine = alike(2);
  mine.link.external_id = "x";  // the same hash, by chance
  EXPECT_EQ(make(mine).outcome, Outcome::kDone);
}

TEST_P(OnceContract, answers_a_request_that_comes_again_as_before) {
  EXPECT_EQ(make(once(1, 7, 100)).outcome, Outcome::kDone);
  Link changed = *find("code1");
  changed.title = "Letter";
  changed.version = 2;
  make({.kind = Change::Kind::kReplace, .link = changed});
  if (GetParam().lasts) reopen();
  const Change again = make(once(2, 7, 100));
  EXPECT_EQ(again.outcome, Outcome::kRepeated);
  EXPECT_EQ(again.link, link_of(1, "code1")) << "as it was then";
  EXPECT_FALSE(again.was_found);
  EXPECT_EQ(make(once(3, 7, 101)).outcome, Outcome::kKeyReused);
  EXPECT_EQ(make(once(4, 8, 100)).outcome, Outcome::kDone) << "another key";
  EXPECT_EQ(make(once(5, 7, 100, kNow + kRemembered)).outcome, Outcome::kDone) << "it is forgotten";
  std::vector<Change> together{once(6, 9, 100), once(7, 9, 100), once(8, 9, 101)};
  ASSERT_TRUE(store_->change(together).has_value());
  EXPECT_EQ(together[0].outcome, Outcome::kDone);
  EXPECT_EQ(together[1].outcome, Outcome::kRepeated);
  EXPECT_EQ(together[1].link.code, "code6");
  EXPECT_EQ(together[2].outcome, Outcome::kKeyReused);
}

TEST_P(OnceContract, remembers_no_refusal) {
  make({.link = link_of(1, "taken")});
  Change refused = once(2, 7, 100);
  refused.link.code = "taken";
  EXPECT_EQ(make(refused).outcome, Outcome::kTaken);
  EXPECT_EQ(make(once(3, 7, 100)).outcome, Outcome::kDone);
}

TEST_P(OnceContract, remembers_that_a_link_was_found) {
  make(alike(1));
  Change asked = alike(2);
  asked.once = {.key = 7, .fingerprint = 100, .at = kNow};
  EXPECT_EQ(make(asked).outcome, Outcome::kFound);
  const Change again = make(asked);
  EXPECT_EQ(again.outcome, Outcome::kRepeated);
  EXPECT_TRUE(again.was_found);
  EXPECT_EQ(again.link.code, "code1");
}

INSTANTIATE_TEST_SUITE_P(Twins, OnceContract, ::testing::ValuesIn(twins()),
                         [](const auto& twin) { return twin.param.name; });

}  // namespace
}  // namespace doorbuster::links
