#include "links/views/count_record.h"

#include "links/views/click_counts_test_helpers.h"

namespace doorbuster::links {
namespace {

TEST(LinkCounts, are_the_same_whether_clicks_were_noted_or_added) {
  Prng random(128);
  for (int round = 0; round < 20; ++round) {
    LinkCounts all;
    LinkCounts sum;
    for (int part = 0; part < 4; ++part) {
      LinkCounts more;
      for (uint64_t left = random.below(200); left > 0; --left) {
        const Click click = any_click(random, 1, 100);
        const Timestamp at = any_time(random);
        all.note(click, at);
        more.note(click, at);
      }
      ASSERT_TRUE(more.can_be_added());
      sum += more;
    }
    EXPECT_EQ(in_order(sum), in_order(all)) << round;
    expect_sums(sum);
  }
}

TEST(LinkCounts, say_before_a_referrer_would_lose_its_counter) {
  LinkCounts counts;
  for (size_t i = 0; i < SpaceSaving::kCountersMax; ++i) {
    const std::string referrer = "site" + std::to_string(i);
    const Click click{.link = 1, .referrer = std::string_view(referrer)};
    ASSERT_TRUE(counts.can_note(click));
    counts.note(click, kFirstClickAt);
  }
  EXPECT_TRUE(counts.can_note({.link = 1, .referrer = {}}));
  EXPECT_TRUE(counts.can_note({.link = 1, .referrer = "site7"}));
  const Click another{.link = 1, .referrer = "another"};
  EXPECT_FALSE(counts.can_note(another));
  EXPECT_TRUE(counts.can_be_added());
  counts.note(another, kFirstClickAt);
  EXPECT_FALSE(counts.can_be_added());
}

TEST(CountRecord, does_not_add_what_it_has_heard) {
  Prng random(1);
  CountRecord record;
  CountRecord later{.heard = Sequence(5), .counts = {}};
  later.counts.note(any_click(random, 1), kFirstClickAt);
  record += later;
  record += later;
  EXPECT_EQ(record, later);
  later.heard = Sequence(6);
  record += later;
  EXPECT_EQ(record.counts.total.all(), 2U);
  EXPECT_EQ(record.heard, Sequence(6));
}

TEST(CountRecord, is_read_as_it_was_written_and_damage_is_seen) {
  Prng random(2);
  for (const int clicks : {0, 1, 10, 3'000}) {
    CountRecord record{.heard = Sequence(77), .counts = {}};
    for (int i = 0; i < clicks; ++i) record.counts.note(any_click(random, 1), any_time(random));
    std::vector<std::byte> stored = encode_record(record);
    EXPECT_EQ(decode_record(stored).value(), record);
    EXPECT_EQ(decode_total(stored).value().total, record.counts.total);
    EXPECT_EQ(decode_total(stored).value().heard, record.heard);
    const size_t step = stored.size() / 200 + 1;
    for (size_t size = 0; size < stored.size(); size += step)
      EXPECT_FALSE(decode_record(Bytes(stored).first(size)).has_value()) << size;
    stored[0] = std::byte{99};
    EXPECT_FALSE(decode_record(stored).has_value()) << "another format";
    EXPECT_FALSE(decode_total(stored).has_value());
  }
}

// A record as docs/formats/links-counts.md has it, made by hand.
TEST(CountRecord, is_read_as_version_1_wrote_it) {
  constexpr std::string_view kStored =
      "014d020180a0b3f8e3cfb0068080bbdd830502e0c402010102010002d0c8f3010101c001010002444502465201140102"
      "1101020203010c6e6577732e6578616d706c6502000100010500000000000000010000000000";
  std::vector<std::byte> stored;
  for (size_t i = 0; i < kStored.size(); i += 2)
    stored.push_back(static_cast<std::byte>(std::stoi(std::string(kStored.substr(i, 2)), nullptr, 16)));
  CountRecord record{.heard = Sequence(77), .counts = {}};
  const auto device = static_cast<DeviceClass>(1);
  const Click iphone{.link = 1,
                     .device = device,
                     .country = {'D', 'E'},
                     .referrer = "news.example",
                     .browser = Browser::kSafari,
                     .system = System::kIos,
                     .visitor_hash = 5};
  record.counts.note(iphone, kFirstClickAt);
  record.counts.note({.link = 1,
                      .visitor = Visitor::kBot,
                      .device = device,
                      .country = {'D', 'E'},
                      .referrer = {},
                      .browser = Browser::kProgram},
                     kFirstClickAt);
  Click later = iphone;
  later.country = {'F', 'R'};
  later.visitor_hash = kNoVisitorHash;
  record.counts.note(later, kFirstClickAt + Duration::seconds(86'400));
  EXPECT_EQ(decode_record(stored).value(), record);
  EXPECT_EQ(encode_record(record), stored);
}

// What docs/decisions/0128 says of sizes.
TEST(CountRecord, takes_as_few_bytes_as_there_are_clicks) {
  Prng random(3);
  const auto bytes_of = [&](uint64_t clicks, int doublings, int64_t days) {
    CountRecord record{.heard = Sequence(1'000'000'000), .counts = {}};
    for (uint64_t i = 0; i < clicks; ++i) {
      Click click = any_click(random, 1, 250);
      click.visitor_hash = random.next();
      record.counts.note(click, kFirstClickAt + Duration::seconds(static_cast<int64_t>(i) * days * 86'400 /
                                                                  static_cast<int64_t>(clicks)));
    }
    for (int i = 0; i < doublings; ++i) record.counts += LinkCounts(record.counts);
    const size_t bytes = encode_record(record).size();
    RecordProperty("bytes_with_" + std::to_string(clicks << doublings), std::to_string(bytes));
    return bytes;
  };
  EXPECT_LE(bytes_of(1, 0, 1), 90U);
  EXPECT_LE(bytes_of(10, 0, 5), 500U);
  EXPECT_LE(bytes_of(1'000, 0, 100), 15'000U);
  EXPECT_LE(bytes_of(31'250, 5, 5 * 365), 40'000U);
}

}  // namespace
}  // namespace doorbuster::links
