// What every store of links promises of what is told of them, tried on each.
#include <gtest/gtest.h>

#include "base/varint.h"
#include "links/store/store_twins.h"

namespace doorbuster::links {
namespace {

using Kind = Change::Kind;

class HandClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return now_; }
  Timestamp now_ = Timestamp::from_micros(1'800'000'000'000'000);
};

class AnnouncementContract : public StoreContract {
 protected:
  AnnouncementContract() { reopen({.kept = 4, .clock = &clock_}); }

  Change::Outcome change(Kind kind, Link link) {
    Change one{.kind = kind, .link = std::move(link)};
    EXPECT_TRUE(store_->change({&one, 1}).has_value());
    return one.outcome;
  }
  std::vector<Announcement> told(uint64_t after = 0) { return store_->announcements(after, 5'000).value(); }

  HandClock clock_;
};

TEST_P(AnnouncementContract, are_made_with_each_change_that_is_done) {
  change(Kind::kClaim, link_of(1, "mail"));
  change(Kind::kClaim, link_of(2, "mail"));
  Link changed = link_of(1, "mail");
  changed.title = "Letter";
  changed.version = 2;
  change(Kind::kReplace, changed);
  change(Kind::kReplace, changed);
  clock_.now_ = clock_.now_ - Duration::seconds(60);  // of a clock that is set back
  Link gone = changed;
  gone.version = 3;
  change(Kind::kErase, gone);
  const auto all = told();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].kind, Announcement::Kind::kCreated);
  EXPECT_EQ(all[0].link, link_of(1, "mail"));
  EXPECT_EQ(all[1].kind, Announcement::Kind::kChanged);
  EXPECT_EQ(all[1].link, changed);
  EXPECT_EQ(all[2].kind, Announcement::Kind::kDeleted);
  EXPECT_EQ(all[2].link, changed) << "as it was";
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].sequence, i + 1);
  EXPECT_EQ(all[2].at, all[1].at) << "never before an earlier one";
  EXPECT_EQ(store_->newest_announcement(), 3U);
  EXPECT_EQ(told(2).size(), 1U);
  EXPECT_EQ(told(3).size(), 0U);
}

TEST_P(AnnouncementContract, of_changes_together_are_none_where_none_is_done) {
  change(Kind::kClaim, link_of(1, "taken"));
  std::vector<Change> rows{{.link = link_of(2, "free")}, {.link = link_of(3, "taken")}};
  Together together{.changes = rows, .all_or_nothing = true};
  ASSERT_TRUE(store_->change_together(together).has_value());
  EXPECT_EQ(store_->newest_announcement(), 1U);
}

TEST_P(AnnouncementContract, are_kept_as_many_as_may_be_and_some_more) {
  for (uint64_t i = 1; i <= 3'000; ++i) change(Kind::kClaim, link_of(i, "l" + std::to_string(i)));
  const auto left = told();
  EXPECT_GE(left.size(), 4U);
  EXPECT_LE(left.size(), 4U + 1'024U);
  EXPECT_EQ(left.back().sequence, 3'000U);
  EXPECT_EQ(left.back().link.code, "l3000");
}

TEST_P(AnnouncementContract, of_many_changes_together_are_read_from_any_of_them) {
  reopen({.kept = 1'000, .clock = &clock_});
  change(Kind::kClaim, link_of(1, "first"));
  std::vector<Change> many;
  for (uint64_t i = 2; i <= 400; ++i) many.push_back({.link = link_of(i, "l" + std::to_string(i))});
  ASSERT_TRUE(store_->change(many).has_value());
  if (GetParam().lasts) reopen({.kept = 1'000, .clock = &clock_});
  EXPECT_EQ(store_->newest_announcement(), 400U);
  for (const uint64_t after : {0U, 1U, 127U, 128U, 129U, 130U, 257U, 399U, 400U}) {
    const auto behind = told(after);
    ASSERT_EQ(behind.size(), 400 - after) << after;
    for (size_t i = 0; i < behind.size(); ++i) {
      EXPECT_EQ(behind[i].sequence, after + i + 1);
      EXPECT_EQ(behind[i].link.number, after + i + 1);
      EXPECT_EQ(behind[i].at, clock_.now_);
    }
    const auto three = store_->announcements(after, 3).value();
    EXPECT_EQ(three.size(), std::min<size_t>(3, 400 - after));
    if (!three.empty()) {
      EXPECT_EQ(three.front().sequence, after + 1);
    }
  }
  change(Kind::kClaim, link_of(401, "last"));
  EXPECT_EQ(told(399).back().link, link_of(401, "last"));
}

TEST_P(AnnouncementContract, of_links_that_are_over_are_made_once) {
  const auto with_time = [&](uint64_t number, int64_t seconds) {
    Link link = link_of(number, "e" + std::to_string(number));
    link.expires_at = clock_.now_ + Duration::seconds(seconds);
    return link;
  };
  change(Kind::kClaim, with_time(1, 10));
  change(Kind::kClaim, with_time(2, 10));
  change(Kind::kClaim, with_time(3, -10));  // over already: that it was made says so
  Link later = with_time(2, 20);
  later.version = 2;
  change(Kind::kReplace, later);
  Link gone = with_time(4, 10);
  change(Kind::kClaim, gone);
  gone.version = 2;
  change(Kind::kErase, gone);
  EXPECT_EQ(store_->announce_expired(10), 0U);
  const uint64_t before = store_->newest_announcement();
  clock_.now_ = clock_.now_ + Duration::seconds(10);
  EXPECT_GT(store_->announce_expired(10).value(), 0U);
  EXPECT_EQ(store_->announce_expired(10), 0U);
  const auto all = told(before);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, Announcement::Kind::kExpired);
  EXPECT_EQ(all[0].link.code, "e1");
  clock_.now_ = clock_.now_ + Duration::seconds(10);
  EXPECT_EQ(store_->announce_expired(10), 1U);
  EXPECT_EQ(told(before + 1).at(0).link, later);
}

TEST_P(AnnouncementContract, of_what_the_log_decides_say_how_far_it_is_told) {
  EXPECT_EQ(store_->heard_of_log().value(), std::nullopt);
  TakeDown take_down;
  take_down.id = 7;
  take_down.target = "bad.example";
  take_down.of = TakeDownOf::kDomain;
  take_down.reason = "Malware";
  ASSERT_TRUE(store_->announce({{.kind = Announcement::Kind::kTakenDown, .take_down = take_down}}, 42).has_value());
  if (GetParam().lasts) reopen();
  EXPECT_EQ(store_->heard_of_log().value(), 42U);
  const auto all = told();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].take_down, take_down);
  EXPECT_EQ(store_->newest_announcement(), 1U) << "numbers go on after a start";
  change(Kind::kClaim, link_of(1, "mail"));
  EXPECT_EQ(store_->newest_announcement(), 2U);
}

TEST_P(AnnouncementContract, are_none_where_none_are_kept) {
  reopen({});
  Link link = link_of(1, "mail");
  link.expires_at = clock_.now_;
  change(Kind::kClaim, link);
  EXPECT_EQ(store_->announce_expired(10), 0U);
  EXPECT_EQ(store_->newest_announcement(), 0U);
}

TEST(AnnouncementRow, is_read_as_it_was_written_until_a_byte_is_missing) {
  const Link mail = link_of(1, "mail");
  TakeDown take_down;
  take_down.id = 7;
  take_down.target = "bad.example";
  const std::vector<News> some{{.kind = Announcement::Kind::kCreated, .link = &mail},
                               {.kind = Announcement::Kind::kTakenDown, .take_down = &take_down}};
  const auto at = Timestamp::from_micros(5);
  const std::vector<std::byte> row = encode_announcements(at, some);
  const auto again = decode_announcements(12, row);
  ASSERT_TRUE(again.has_value());
  ASSERT_EQ(again->size(), 2U);
  EXPECT_EQ(again->at(0), (Announcement{.kind = some[0].kind, .sequence = 11, .at = at, .link = mail}));
  EXPECT_EQ(again->at(1), (Announcement{.kind = some[1].kind, .sequence = 12, .at = at, .take_down = take_down}));
  EXPECT_FALSE(decode_announcements(1, row).has_value()) << "there is no announcement 0";
  for (size_t size = 0; size < row.size(); ++size)
    EXPECT_FALSE(decode_announcements(12, Bytes(row).first(size)).has_value()) << size;
}

// As versions before rows of many wrote them: format 1.
TEST(AnnouncementRow, of_one_alone_is_read_as_ever) {
  const Link mail = link_of(1, "mail");
  std::vector<std::byte> row;
  ByteWriter writer(row);
  writer.integer(uint8_t{1});
  writer.integer(static_cast<uint8_t>(Announcement::Kind::kChanged));
  writer.integer(int64_t{5});
  write_text(row, mail.code);
  append_link(row, mail);
  const Announcement wanted{
      .kind = Announcement::Kind::kChanged, .sequence = 3, .at = Timestamp::from_micros(5), .link = mail};
  EXPECT_EQ(decode_announcements(3, row).value(), std::vector{wanted});
}

INSTANTIATE_TEST_SUITE_P(Twins, AnnouncementContract, ::testing::ValuesIn(twins()),
                         [](const auto& twin) { return twin.param.name; });

}  // namespace
}  // namespace doorbuster::links
