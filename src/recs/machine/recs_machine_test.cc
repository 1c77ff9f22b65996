#include "recs/machine/recs_machine.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kNow = Timestamp::from_micros(1'795'773'600'000'000);
constexpr Capacity kSmall = {.items = 50, .users = 2'000, .sessions = 2'000, .event_ids = 1'000, .documents = 3};

NameHash hash_of(uint64_t number) { return {.high = mixed64(number), .low = mixed64(number ^ 0xABCD)}; }

EventRow row(uint64_t item, uint64_t user, uint64_t id = 0, EventKind kind = EventKind::kView) {
  return {.kind = kind,
          .item = hash_of(item),
          .item_name = "item-" + std::to_string(item),
          .user = hash_of(1'000'000 + user),
          .id_hash = id};
}

// A machine, and all that it has recorded.
struct Recorded {
  explicit Recorded(const Capacity& capacity = kSmall) : machine(capacity) {}
  RecsMachine::Reply decide(RecsMachine::Command command, Timestamp now = kNow) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    auto reply = machine.decide(command, now, sink);
    events += sink.count;
    if (!payload.empty()) log.emplace_back(now, std::move(payload));
    return reply;
  }
  [[nodiscard]] std::vector<std::byte> saved() {
    machine.begin_snapshot();
    std::vector<std::byte> all;
    while (machine.save_part(all)) {
    }
    return all;
  }
  RecsMachine machine;
  uint64_t events = 0;
  std::vector<std::pair<Timestamp, std::vector<std::byte>>> log;
};

std::vector<Interaction> interactions_of(const Recorded& recorded) {
  std::vector<Interaction> found;
  for (const auto& [at, payload] : recorded.log) {
    EXPECT_TRUE(for_each_event(payload, at, [&](const Event& event) {
      if (const auto* one = std::get_if<Interaction>(&event)) found.push_back(*one);
    }));
  }
  return found;
}

TEST(RecsMachine, counts_an_event_with_an_id_once) {
  Recorded recorded;
  auto reply = recorded.decide(RecordEvents{.rows = {row(1, 1, 7), row(1, 1, 7), row(2, 1, 8), row(2, 1), row(2, 1)}});
  EXPECT_EQ(reply.done, 4);
  EXPECT_EQ(reply.duplicates, 1);
  reply = recorded.decide(RecordEvents{.rows = {row(1, 1, 7)}});
  EXPECT_EQ(reply.done, 0);
  EXPECT_EQ(reply.duplicates, 1);
  EXPECT_EQ(reply.sequence, recorded.events) << "the answer rests on the first one";
  EXPECT_EQ(interactions_of(recorded).size(), 4);
}

TEST(RecsMachine, keeps_what_an_event_says) {
  Recorded recorded;
  EventRow given = row(3, 4, 5, EventKind::kPurchase);
  given.session = hash_of(99);
  given.at = kNow - Duration::seconds(3'600);
  given.quantity = 3;
  given.value_thousandths = -19'990;
  given.recommendation = 0xABCDEF;
  (void)recorded.decide(RecordEvents{.rows = {given}});
  const Interaction kept = interactions_of(recorded).at(0);
  EXPECT_EQ(kept.kind, EventKind::kPurchase);
  EXPECT_EQ(kept.at, given.at);
  EXPECT_EQ(kept.quantity, 3);
  EXPECT_EQ(kept.value_thousandths, -19'990);
  EXPECT_EQ(kept.recommendation, 0xABCDEF);
  EXPECT_EQ(kept.id_hash, 5);
  EXPECT_EQ(kept.user, 0);
  EXPECT_EQ(kept.session, 0);
}

EventRow response(EventKind kind, uint64_t recommendation, uint64_t item) {
  EventRow given = row(item, 1, 0, kind);
  given.recommendation = recommendation;
  given.more = EventMore{.surface = "home",
                         .experiment = "x",
                         .variant = "b",
                         .shown = {.source = 2, .position = 3, .pool = 5, .is_best = true, .propensity = 0.75F}};
  return given;
}

TEST(RecsMachine, keeps_what_few_events_say_among_those_that_say_less) {
  Recorded recorded;
  EventRow own = row(2, 1, 0, EventKind::kOther);
  own.more = EventMore{.word = "wishlist", .country = 0x4445};
  (void)recorded.decide(RecordEvents{.rows = {row(1, 1), response(EventKind::kImpression, 9, 1), row(3, 1), own}});
  const std::vector<Interaction> kept = interactions_of(recorded);
  ASSERT_EQ(kept.size(), 4U);
  EXPECT_EQ(kept[1].surface, "home");
  EXPECT_EQ(kept[1].experiment, "x");
  EXPECT_EQ(kept[1].variant, "b");
  EXPECT_EQ(kept[1].shown, (ShownAs{.source = 2, .position = 3, .pool = 5, .is_best = true, .propensity = 0.75F}));
  EXPECT_TRUE(kept[0].surface.empty() && kept[2].surface.empty());
  EXPECT_EQ(kept[3].word, "wishlist");
  EXPECT_EQ(kept[3].country, 0x4445);
  EXPECT_FALSE(kept[3].is_attributed());
}

TEST(RecsMachine, counts_an_impression_and_a_click_of_an_answer_once) {
  Recorded recorded;
  auto reply = recorded.decide(RecordEvents{.rows = {response(EventKind::kClick, 9, 1)}});
  EXPECT_EQ(reply.done, 1U);
  const auto kept = interactions_of(recorded);
  ASSERT_EQ(kept.size(), 2U) << "what was clicked was seen";
  EXPECT_EQ(kept[0].kind, EventKind::kImpression);
  EXPECT_EQ(kept[1].kind, EventKind::kClick);
  EXPECT_EQ(reply.sequence, recorded.events);
  reply =
      recorded.decide(RecordEvents{.rows = {response(EventKind::kImpression, 9, 1), response(EventKind::kClick, 9, 1),
                                            response(EventKind::kClick, 9, 2), response(EventKind::kClick, 10, 1)}});
  EXPECT_EQ(reply.duplicates, 2U);
  EXPECT_EQ(reply.done, 2U) << "another item, and another answer";
  // Without an answer that is known, each counts.
  reply = recorded.decide(RecordEvents{.rows = {row(1, 1, 0, EventKind::kClick), row(1, 1, 0, EventKind::kClick)}});
  EXPECT_EQ(reply.done, 2U);
}

// Two views of 2025, as version 1 wrote them.
TEST(RecsMachine, reads_what_an_earlier_release_has_written) {
  const std::vector<uint8_t> written = {1, 12, 2, 0x08, 7, 4, 0, 0x30, 8, 5, 0, 3, 0xD0, 0x0F};
  std::vector<Interaction> found;
  ASSERT_TRUE(for_each_event(std::as_bytes(std::span(written)), kNow,
                             [&](const Event& event) { found.push_back(std::get<Interaction>(event)); }));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].item, 7U);
  EXPECT_EQ(found[0].user, 4U);
  EXPECT_EQ(found[1].session, 5U);
  EXPECT_EQ(found[1].quantity, 3U);
  EXPECT_EQ(found[1].value_thousandths, 1'000);
  EXPECT_FALSE(found[1].is_attributed());
  EXPECT_EQ(found[1].country, 0);
}

TEST(RecsMachine, takes_no_time_from_the_future) {
  Recorded recorded;
  EventRow given = row(1, 1);
  given.at = kNow + Duration::seconds(1);
  (void)recorded.decide(RecordEvents{.rows = {given, row(1, 1)}});
  for (const Interaction& each : interactions_of(recorded)) EXPECT_EQ(each.at, kNow);
}

TEST(RecsMachine, keeps_the_order_of_rows_that_say_no_time) {
  Recorded recorded;
  (void)recorded.decide(RecordEvents{.rows = {row(3, 1), row(1, 1), row(2, 1)}});
  const std::vector<Interaction> rows = interactions_of(recorded);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_LT(rows[0].at, rows[1].at);
  EXPECT_LT(rows[1].at, rows[2].at);
  EXPECT_EQ(rows[2].at, kNow);
}

TEST(RecsMachine, names_the_rows_for_whose_items_there_is_no_room) {
  Recorded recorded;
  RecordEvents command;
  for (uint64_t item = 0; item < 52; ++item) command.rows.push_back(row(item, 1));
  const auto reply = recorded.decide(command);
  EXPECT_EQ(reply.done, 50);
  EXPECT_EQ(reply.without_room, (std::vector<uint32_t>{50, 51}));
  EXPECT_EQ(recorded.decide(PutItems{.items = {{hash_of(60), "x", "{}"}, {hash_of(1), "item-1", "{}"}}}).without_room,
            std::vector<uint32_t>{0});
}

TEST(RecsMachine, forgets_who_was_seen_least_recently_where_others_come) {
  Recorded recorded;
  for (uint64_t user = 0; user < 2'000; ++user) (void)recorded.decide(RecordEvents{.rows = {row(1, user)}});
  (void)recorded.decide(RecordEvents{.rows = {row(1, 0)}});
  (void)recorded.decide(RecordEvents{.rows = {row(1, 5'000)}});
  EXPECT_TRUE(recorded.decide(ForgetUser{.user = hash_of(1'000'000)}).is_known) << "was seen again";
  EXPECT_FALSE(recorded.decide(ForgetUser{.user = hash_of(1'000'001)}).is_known);
  EXPECT_TRUE(recorded.decide(ForgetUser{.user = hash_of(1'005'000)}).is_known);
}

TEST(RecsMachine, has_room_for_so_many_documents) {
  Recorded recorded;
  for (const char* name : {"a", "b", "c"})
    EXPECT_TRUE(recorded.decide(PutDocument{.name = name, .content = "{}"}).done);
  EXPECT_FALSE(recorded.decide(PutDocument{.name = "d", .content = "{}"}).has_room);
  EXPECT_TRUE(recorded.decide(PutDocument{.name = "a", .content = "{}"}).is_known);
  EXPECT_TRUE(recorded.decide(RemoveDocument{.name = "b"}).is_known);
  EXPECT_FALSE(recorded.decide(RemoveDocument{.name = "b"}).is_known);
  EXPECT_TRUE(recorded.decide(PutDocument{.name = "d", .content = "{}"}).has_room);
}

RecsMachine::Command any_command(Prng& random) {
  switch (random.below(9)) {
    case 8:
      return SetStock{.item = hash_of(random.below(60)), .name = "n", .in_stock = random.chance(2)};
    case 0:
      return PutItems{.items = {{hash_of(random.below(60)), "n", R"({"price":1})"}}};
    case 1:
      return ForgetUser{.user = hash_of(1'000'000 + random.below(3'000))};
    case 2:
      return PutUsers{.users = {{.user = hash_of(1'000'000 + random.below(3'000)), .content = "{}"}}};
    case 3:
      return PutDocument{.name = std::string(1, static_cast<char>('a' + random.below(6))), .content = "{}"};
    case 4:
      return RemoveDocument{.name = std::string(1, static_cast<char>('a' + random.below(6)))};
    default: {
      RecordEvents command;
      for (uint64_t left = random.below(400); left > 0; --left) {
        command.rows.push_back(row(random.below(60), random.below(3'000), random.below(2) * random.below(3'000)));
        if (!random.chance(4)) continue;
        const EventKind kind = random.chance(2) ? EventKind::kClick : EventKind::kImpression;
        command.rows.push_back(response(kind, 1 + random.below(20), random.below(60)));
        command.rows.back().user = hash_of(1'000'000 + random.below(3'000));
      }
      return command;
    }
  }
}

// What a replay gives, and what a saved state gives with what came since, is the same machine.
TEST(RecsMachine, is_the_same_from_its_log_and_from_its_snapshot) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Prng random(seed);
    Recorded live;
    for (int step = 0; step < 60; ++step) (void)live.decide(any_command(random));
    const size_t saved_at = live.log.size();
    RecsMachine loaded(kSmall);
    live.machine.begin_snapshot();
    for (int step = 0; step < 5; ++step) (void)live.decide(any_command(random));  // not in the parts
    std::vector<std::byte> part;
    while (live.machine.save_part(part)) {
      ASSERT_TRUE(loaded.load_part(part));
      part.clear();
    }
    ASSERT_TRUE(loaded.finish_load());
    RecsMachine replayed(kSmall);
    for (size_t index = 0; index < live.log.size(); ++index) {
      ASSERT_TRUE(replayed.apply(live.log[index].second, live.log[index].first));
      if (index < saved_at) continue;
      ASSERT_TRUE(loaded.apply(live.log[index].second, live.log[index].first));
    }
    for (int step = 0; step < 30; ++step) {
      const auto command = any_command(random);
      std::vector<std::byte> a, b, c;
      EventSink of_live{a}, of_loaded{b}, of_replayed{c};
      const auto reply = live.machine.decide(command, kNow, of_live);
      EXPECT_EQ(loaded.decide(command, kNow, of_loaded).sequence, reply.sequence);
      EXPECT_EQ(replayed.decide(command, kNow, of_replayed).done, reply.done);
      ASSERT_EQ(a, b) << "seed " << seed;
      ASSERT_EQ(a, c) << "seed " << seed;
    }
  }
}

TEST(RecsMachine, refuses_what_are_no_events) {
  std::vector<std::byte> payload;
  EventSink sink{payload};
  RecsMachine machine(kSmall);
  (void)machine.decide(RecordEvents{.rows = {row(1, 1, 5)}}, kNow, sink);
  for (size_t size = 1; size < payload.size(); ++size) {
    uint64_t seen = 0;
    const auto read = for_each_event(Bytes(payload).first(size), kNow, [&](const Event&) { ++seen; });
    EXPECT_TRUE(!read || *read == seen);
  }
  // An unknown kind is one event, and passed over.
  const std::vector<std::byte> unknown = {std::byte{200}, std::byte{2}, std::byte{1}, std::byte{1}};
  EXPECT_EQ(*for_each_event(unknown, kNow, [](const Event&) { FAIL(); }), 1);
}

}  // namespace
}  // namespace doorbuster::recs
