// What every store of links promises, tried on each of them.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/prng.h"
#include "links/store/store_twins.h"

namespace doorbuster::links {
namespace {

using Kind = Change::Kind;
using Outcome = Change::Outcome;

class LinkStoreContract : public StoreContract {
 protected:
  Outcome change(Kind kind, Link link) {
    Change one{.kind = kind, .link = std::move(link)};
    EXPECT_TRUE(store_->change({&one, 1}).has_value());
    return one.outcome;
  }
};

TEST_P(LinkStoreContract, gives_a_code_to_the_first_who_claims_it) {
  EXPECT_EQ(find("sale"), std::nullopt);
  EXPECT_EQ(change(Kind::kClaim, link_of(1, "sale")), Outcome::kDone);
  EXPECT_EQ(change(Kind::kClaim, link_of(2, "sale")), Outcome::kTaken);
  EXPECT_EQ(find("sale"), link_of(1, "sale"));
  EXPECT_EQ(find("Sale"), std::nullopt) << "capitals are other letters";
  std::vector<Change> together = {
      {.link = link_of(3, "twice")}, {.link = link_of(4, "twice")}, {.link = link_of(5, "once")}};
  ASSERT_TRUE(store_->change(together).has_value());
  EXPECT_EQ(together[0].outcome, Outcome::kDone);
  EXPECT_EQ(together[1].outcome, Outcome::kTaken) << "by the one before it";
  EXPECT_EQ(together[2].outcome, Outcome::kDone);
  EXPECT_EQ(store_->size(), 3U);
}

TEST_P(LinkStoreContract, changes_a_link_only_as_it_was_read) {
  change(Kind::kClaim, link_of(1, "sale"));
  Link changed = *find("sale");
  changed.long_url = "https://shop.example/other";
  changed.version = 2;
  EXPECT_EQ(change(Kind::kReplace, changed), Outcome::kDone);
  EXPECT_EQ(change(Kind::kReplace, changed), Outcome::kOutdated);
  EXPECT_EQ(find("sale"), changed);
  EXPECT_EQ(change(Kind::kErase, changed), Outcome::kOutdated);
  changed.version = 3;
  EXPECT_EQ(change(Kind::kErase, changed), Outcome::kDone);
  EXPECT_EQ(find("sale"), std::nullopt);
  EXPECT_EQ(change(Kind::kErase, changed), Outcome::kMissing);
  EXPECT_EQ(change(Kind::kReplace, changed), Outcome::kMissing);
  EXPECT_EQ(change(Kind::kClaim, link_of(9, "sale")), Outcome::kDone) << "and the code is free again";
  EXPECT_EQ(store_->size(), 1U);
}

TEST_P(LinkStoreContract, keeps_all_that_a_link_can_say) {
  Link link = link_of(3'521'614'606'207, "everything");
  link.redirect_status = 307;
  link.valid_since = Timestamp::from_micros(1);
  link.expires_at = Timestamp::from_micros(4'000'000'000'000'000);
  link.visits_max = 1'000'000;
  link.title =
      "Ein Stra\xC3\x9F"
      "enschild";
  link.tags = {"spring", "", "sale"};
  link.sale = "ps5";
  link.rules = R"([{"when":{"country":["DE"]},"long_url":"https://shop.example/de"}])";
  link.variants = {{.name = "a", .long_url = "https://a.example/", .weight = 70},
                   {.name = "b", .long_url = "https://b.example/", .weight = 0}};
  link.password_hash = "$argon2id$";
  link.forward_query = true;
  link.external_id = "crm-7";
  link.version = 70'000;
  change(Kind::kClaim, link);
  EXPECT_EQ(find("everything"), link);
}

TEST_P(LinkStoreContract, lists_the_newest_first) {
  for (uint64_t number = 0; number < 300; ++number) change(Kind::kClaim, link_of(number, "c" + std::to_string(number)));
  Link gone = link_of(298, "c298");
  gone.version = 2;
  change(Kind::kErase, gone);
  Link early = link_of(1'000, "early");
  early.created_at = Timestamp::from_micros(1);
  change(Kind::kClaim, early);
  const auto numbers = [&](const Place& before, size_t limit) {
    std::vector<uint64_t> found;
    const auto links = store_->list(before, limit).value();
    for (const Link& link : links) found.push_back(link.number);
    return found;
  };
  EXPECT_EQ(numbers({}, 3), (std::vector<uint64_t>{299, 297, 296}));
  EXPECT_EQ(numbers(place_of(link_of(2, "")), 10), (std::vector<uint64_t>{1, 0, 1'000}));
  EXPECT_EQ(numbers(place_of(early), 10), std::vector<uint64_t>());
}

TEST_P(LinkStoreContract, lists_the_channels_of_a_sale_and_no_others) {
  const auto claim = [&](uint64_t number, std::string code, std::string sale) {
    Link link = link_of(number, std::move(code));
    link.sale = std::move(sale);
    link.created_at = Timestamp::from_micros(static_cast<int64_t>(1'000 * number));
    change(Kind::kClaim, link);
  };
  const auto codes = [&](std::string_view sale, const Place& before, size_t limit) {
    std::string found;
    const auto links = store_->list_of_sale(sale, before, limit).value();
    for (const Link& link : links) found += link.code + " ";
    return found;
  };
  claim(1, "mail", "ps5");
  claim(2, "video", "ps5");
  claim(3, "other", "ps");  // another sale, whose name this one begins with
  claim(4, "poster", "ps5");
  change(Kind::kClaim, link_of(5, "plain"));
  EXPECT_EQ(codes("ps5", {}, 10), "poster video mail ");
  EXPECT_EQ(codes("ps5", {}, 2), "poster video ");
  EXPECT_EQ(codes("ps5", place_of(*find("video")), 10), "mail ");
  EXPECT_EQ(codes("ps", {}, 10), "other ");
  EXPECT_EQ(codes("p", {}, 10), "");
  EXPECT_EQ(codes("", {}, 10), "");
  EXPECT_EQ(store_->list({}, 10)->size(), 5U) << "they are links like all others";
  const std::map<std::string, Timestamp> both = {{"ps", Timestamp::from_micros(3'000)},
                                                 {"ps5", Timestamp::from_micros(1'000)}};
  EXPECT_EQ(store_->sales(), both);
  for (const char* code : {"mail", "other"}) {
    Link gone = *find(code);
    ++gone.version;
    EXPECT_EQ(change(Kind::kErase, gone), Outcome::kDone);
  }
  EXPECT_EQ(codes("ps5", {}, 10), "poster video ");
  EXPECT_EQ(store_->sales(), (std::map<std::string, Timestamp>{{"ps5", Timestamp::from_micros(2'000)}}));
}

TEST_P(LinkStoreContract, makes_all_of_what_belongs_together_or_nothing) {
  change(Kind::kClaim, link_of(1, "taken"));
  std::vector<Change> changes = {
      {.link = link_of(2, "first")}, {.link = link_of(3, "taken")}, {.link = link_of(4, "third")}};
  bool is_asked = false;
  Together together{.changes = changes, .all_or_nothing = true, .note = [&](std::span<const Change>) {
                      is_asked = true;
                      return Note{.key = 7};
                    }};
  ASSERT_TRUE(store_->change_together(together).has_value());
  EXPECT_EQ(changes[0].outcome, Outcome::kLeftOut);
  EXPECT_EQ(changes[1].outcome, Outcome::kTaken);
  EXPECT_EQ(changes[2].outcome, Outcome::kLeftOut);
  EXPECT_EQ(find("first"), std::nullopt);
  EXPECT_FALSE(is_asked) << "what was not done is not remembered";
  EXPECT_EQ(store_->find_note(7).value(), std::nullopt);
  changes[1].link.code = "second";
  ASSERT_TRUE(store_->change_together(together).has_value());
  for (const Change& one : changes) EXPECT_EQ(one.outcome, Outcome::kDone);
  EXPECT_TRUE(find("first") && find("second") && find("third"));
  EXPECT_EQ(store_->size(), 4U);
}

TEST_P(LinkStoreContract, remembers_requests_for_a_while) {
  const auto make = [&](uint64_t key, int64_t at, std::string answer) {
    Change one{.link = link_of(key * 100 + static_cast<uint64_t>(at), "n" + std::to_string(key) + answer)};
    const Note note{.key = key, .fingerprint = 5, .at = Timestamp::from_micros(at), .answer = std::move(answer)};
    Together together{.changes = {&one, 1}, .note = [&](std::span<const Change> changes) {
                        EXPECT_EQ(changes[0].outcome, Outcome::kDone);
                        return note;
                      }};
    ASSERT_TRUE(store_->change_together(together).has_value());
    EXPECT_EQ(store_->find_note(key).value(), note);
  };
  make(1, 10, "old");
  make(2, 20, "new");
  make(3, 5, "first use of a key");
  make(3, 30, "second use of it");
  ASSERT_TRUE(store_->forget_notes(Timestamp::from_micros(20)).has_value());
  EXPECT_EQ(store_->find_note(1).value(), std::nullopt);
  EXPECT_TRUE(store_->find_note(2).value().has_value());
  EXPECT_EQ(store_->find_note(3).value()->answer, "second use of it");
  if (GetParam().lasts) {
    reopen();
    EXPECT_EQ(store_->find_note(2).value()->answer, "new");
  }
}

TEST_P(LinkStoreContract, is_read_by_many_while_it_is_changed) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto seen = store_->find("moving").value();
        if (seen) {
          ASSERT_EQ(seen->long_url, "https://shop.example/" + std::to_string(seen->version));
        }
      }
    });
  }
  Link link = link_of(1, "moving");
  EXPECT_EQ(change(Kind::kClaim, link), Outcome::kDone);
  for (uint32_t version = 2; version < 200; ++version) {
    link.version = version;
    link.long_url = "https://shop.example/" + std::to_string(version);
    EXPECT_EQ(change(Kind::kReplace, link), Outcome::kDone);
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

TEST_P(LinkStoreContract, has_after_a_restart_what_it_said_is_done) {
  if (!GetParam().lasts) GTEST_SKIP() << "this store ends with the process";
  change(Kind::kClaim, link_of(1, "stays"));
  change(Kind::kClaim, link_of(2, "goes"));
  Link gone = link_of(2, "goes");
  gone.version = 2;
  change(Kind::kErase, gone);
  reopen();
  EXPECT_EQ(find("stays"), link_of(1, "stays"));
  EXPECT_EQ(find("goes"), std::nullopt);
  EXPECT_EQ(store_->list({}, 10)->size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Twins, LinkStoreContract, ::testing::ValuesIn(twins()),
                         [](const auto& twin) { return twin.param.name; });

TEST(LinkCodec, refuses_what_is_cut_off_or_of_a_later_format) {
  Link link = link_of(7, "a");
  link.title = "t";
  const auto stored = encode_link(link);
  const size_t head = stored.size() - link.long_url.size();
  for (size_t size = 0; size < head; ++size)
    EXPECT_FALSE(decode_link("a", Bytes(stored).first(size)).has_value()) << size;
  auto later = stored;
  later[0] = std::byte{2};
  EXPECT_FALSE(decode_link("a", later).has_value());
  later = stored;
  later[1] |= std::byte{0x80};
  later.insert(later.begin() + 2, std::byte{0x40});  // a field that nobody has defined
  EXPECT_FALSE(decode_link("a", later).has_value());
}

TEST(LinkCodec, adds_little_to_the_address) {
  const Link link = link_of(1'000'000'000, "abcdefg");
  EXPECT_LE(encode_link(link).size() - link.long_url.size(), 20U);
}

TEST(DestinationOf, says_by_which_channel_a_visitor_comes) {
  Link link = link_of(1, "mail");
  link.long_url = "https://shop.example/s/ps5";
  EXPECT_EQ(destination_of(link), "https://shop.example/s/ps5") << "it is no channel";
  link.sale = "ps5";
  EXPECT_EQ(destination_of(link), "https://shop.example/s/ps5?channel=mail");
  link.long_url = "https://shop.example/s/ps5?a=b#top?";
  EXPECT_EQ(destination_of(link), "https://shop.example/s/ps5?a=b&channel=mail#top?");
}

TEST(ShardOf, spreads_evenly_and_never_changes) {
  EXPECT_EQ(shard_of("sale"), shard_of("sale"));
  std::array<int, kShards> links{};
  for (int i = 0; i < 16'000; ++i) ++links[shard_of("code" + std::to_string(i))];
  for (const int count : links) EXPECT_NEAR(count, 1'000, 160);
}

}  // namespace
}  // namespace doorbuster::links
