#include "links/machine/links_machine.h"

#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster::links {
namespace {

class LinksMachineTest : public ::testing::Test {
 protected:
  LinksMachine::Reply decide(LinksMachine::Command command) {
    EventSink sink{log_};
    const LinksMachine::Reply reply = machine_.decide(command, {}, sink);
    events_ += sink.count;
    return reply;
  }
  LinksMachine::Reply visit(uint64_t link, uint64_t visits_max) {
    return decide(Visit{.click = {.link = link, .referrer = {}}, .visits_max = visits_max});
  }
  // What a machine decides next that knows the log, or a snapshot of this one.
  static void expect_same(LinksMachine& a, LinksMachine& b) {
    std::vector<std::byte> log_a;
    std::vector<std::byte> log_b;
    EventSink a_sink{log_a};
    EventSink b_sink{log_b};
    for (uint64_t link = 0; link < 20; ++link) {
      const LinksMachine::Command next = Visit{.click = {.link = link, .referrer = {}}, .visits_max = 5};
      EXPECT_EQ(a.decide(next, {}, a_sink).visits, b.decide(next, {}, b_sink).visits) << link;
    }
    const LinksMachine::Command numbers = ReserveNumbers{.count = 1};
    EXPECT_EQ(a.decide(numbers, {}, a_sink).first_number, b.decide(numbers, {}, b_sink).first_number);
    EXPECT_EQ(log_a, log_b);
  }

  LinksMachine machine_;
  std::vector<std::byte> log_;
  uint64_t events_ = 0;
};

TEST_F(LinksMachineTest, gives_each_number_once) {
  EXPECT_EQ(decide(ReserveNumbers{.count = 100}).first_number, 0U);
  EXPECT_EQ(decide(ReserveNumbers{.count = 1}).first_number, 100U);
  EXPECT_EQ(decide(ReserveNumbers{.count = 7}).first_number, 101U);
}

TEST_F(LinksMachineTest, allows_as_many_visits_as_the_link_may_have) {
  for (uint64_t i = 1; i <= 3; ++i) {
    EXPECT_TRUE(visit(7, 3).is_allowed);
  }
  EXPECT_FALSE(visit(7, 3).is_allowed);
  EXPECT_EQ(visit(7, 3).visits, 3U);
  EXPECT_TRUE(visit(8, 3).is_allowed) << "each link by itself";
  EXPECT_TRUE(visit(7, 4).is_allowed) << "the limit was raised";
  decide(ForgetVisits{.link = 7});
  EXPECT_EQ(visit(7, 1).visits, 1U);
}

TEST_F(LinksMachineTest, says_once_that_a_link_is_used_up) {
  const auto take = [&](Visit::Kind kind) {
    log_.clear();
    decide(Visit{.click = {.link = 7, .referrer = {}}, .visits_max = 2, .kind = kind, .code = "mail"});
    std::vector<std::string> said;
    EXPECT_TRUE(for_each_event(log_, [&](const Event& event) {
                  if (const auto* used_up = std::get_if<UsedUp>(&event))
                    said.push_back(used_up->code + " " + std::to_string(used_up->visits));
                }).has_value());
    EXPECT_EQ(have_news(log_), !said.empty());
    return said;
  };
  EXPECT_TRUE(take(Visit::Kind::kTakesOne).empty());
  EXPECT_TRUE(take(Visit::Kind::kBesides).empty());
  EXPECT_EQ(take(Visit::Kind::kTakesOne), std::vector<std::string>{"mail 2"});
  EXPECT_TRUE(take(Visit::Kind::kTakesOne).empty());
}

TEST_F(LinksMachineTest, says_what_is_restored) {
  decide(TakeDownTarget{.wanted = {.of = TakeDownOf::kDomain, .target = "bad.example"}});
  EXPECT_TRUE(have_news(log_));
  log_.clear();
  decide(RestoreTarget{.take_down = 1});
  std::optional<Restored> restored;
  ASSERT_TRUE(for_each_event(log_, [&](const Event& event) { restored = std::get<Restored>(event); }).has_value());
  EXPECT_EQ(restored->target, "bad.example");
  EXPECT_EQ(restored->of, TakeDownOf::kDomain);
}

TEST_F(LinksMachineTest, takes_no_visit_for_programs_and_for_who_only_looks) {
  using Kind = Visit::Kind;
  const auto come = [&](Kind kind) {
    return decide(Visit{.click = {.link = 7, .referrer = {}}, .visits_max = 1, .kind = kind}).is_allowed;
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(come(Kind::kBesides));
    EXPECT_TRUE(come(Kind::kLook));
  }
  EXPECT_EQ(events_, 3U) << "the programs' clicks";
  EXPECT_TRUE(come(Kind::kTakesOne));
  EXPECT_FALSE(come(Kind::kTakesOne));
  EXPECT_FALSE(come(Kind::kBesides));
  EXPECT_FALSE(come(Kind::kLook));
}

TEST_F(LinksMachineTest, records_a_click_as_it_came) {
  const Click click{.link = 42,
                    .visitor = Visitor::kBot,
                    .device = DeviceClass::kTablet,
                    .country = {'D', 'E'},
                    .referrer = "news.example",
                    .browser = Browser::kSafari,
                    .system = System::kIos,
                    .visitor_hash = 0x0123456789ABCDEF};
  decide(RecordClicks{.clicks = {click, {.link = 43, .referrer = {}}}});
  std::vector<Click> seen;
  const auto count = for_each_event(log_, [&](const Event& event) { seen.push_back(std::get<Clicked>(event).click); });
  EXPECT_EQ(count, 2U);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0], click);
  EXPECT_EQ(seen[1].link, 43U);
  EXPECT_TRUE(seen[1].referrer.empty());
}

TEST_F(LinksMachineTest, reads_clicks_as_older_versions_wrote_them_and_newer_ones_do) {
  Click click{.link = 42, .country = {'D', 'E'}, .referrer = "a.example", .browser = Browser::kEdge};
  click.visitor_hash = 99;
  click.variant = 0xDEADBEEF;
  decide(RecordClicks{.clicks = {click}});
  const auto with_fields = [&](size_t size) {
    std::vector<std::byte> event = log_;
    event.resize(3 + size);
    event[1] = static_cast<std::byte>(size);
    return event;
  };
  const auto read = [](const std::vector<std::byte>& event) {
    Click seen;
    const auto count = for_each_event(event, [&](const Event& one) { seen = std::get<Clicked>(one).click; });
    return count ? std::optional(seen) : std::nullopt;
  };
  const size_t first_version = 14 + click.referrer.view().size();
  const size_t with_browser = first_version + 2;
  const size_t with_hash = with_browser + sizeof(uint64_t);
  const size_t present = with_hash + sizeof(uint32_t);
  EXPECT_EQ(log_.size(), 3 + present);
  EXPECT_EQ(read(log_), click);
  EXPECT_EQ(read(with_fields(present + 5)), click) << "with fields of a later version";
  click.variant = kNoVariant;
  EXPECT_EQ(read(with_fields(with_hash)), click);
  click.visitor_hash = kNoVisitorHash;
  EXPECT_EQ(read(with_fields(with_browser)), click);
  click.browser = Browser::kUnknown;
  EXPECT_EQ(read(with_fields(first_version)), click);
  for (size_t size = 0; size < present; ++size) {
    const bool is_whole = size == first_version || size == with_browser || size == with_hash;
    EXPECT_EQ(read(with_fields(size)).has_value(), is_whole) << size;
  }
}

TEST_F(LinksMachineTest, is_the_same_after_a_replay_and_from_a_snapshot) {
  Prng random(4711);
  for (int i = 0; i < 2'000; ++i) {
    if (random.chance(10)) decide(ReserveNumbers{.count = 1 + static_cast<uint32_t>(random.below(50))});
    if (random.chance(5)) decide(ForgetVisits{.link = random.below(20)});
    (void)visit(random.below(20), 5);
  }
  LinksMachine replayed;
  ASSERT_TRUE(replayed.apply(log_, {}).has_value());
  LinksMachine loaded;
  machine_.begin_snapshot();
  std::vector<std::byte> part;
  while (machine_.save_part(part)) {
    ASSERT_TRUE(loaded.load_part(part).has_value());
    part.clear();
  }
  ASSERT_TRUE(loaded.finish_load().has_value());
  LinksMachine again = machine_;
  expect_same(machine_, replayed);
  expect_same(again, loaded);
}

TEST_F(LinksMachineTest, records_how_often_a_link_was_followed_elsewhere) {
  std::vector<ImportedDay> days(7'000);
  for (size_t i = 0; i < days.size(); ++i) days[i] = {.day = static_cast<int32_t>(i), .by_visitor = {i, 1}};
  decide(RecordImports{
      .links = {{.link = 7, .visits_used = 3, .days = days}, {.link = 8, .days = {{.by_visitor = {5, 6}}}}}});
  EXPECT_EQ(events_, 4U) << "what is too much for one event is three";
  ImportedClicks of_7{.link = 7};
  ImportedClicks of_8;
  EXPECT_EQ(for_each_event(log_,
                           [&](const Event& event) {
                             const ImportedClicks& clicks = std::get<ClicksImported>(event).clicks;
                             if (clicks.link == 8) of_8 = clicks;
                             if (clicks.link != 7) return;
                             of_7.visits_used += clicks.visits_used;
                             of_7.days.insert(of_7.days.end(), clicks.days.begin(), clicks.days.end());
                           }),
            4U);
  EXPECT_EQ(of_7, (ImportedClicks{.link = 7, .visits_used = 3, .days = days}));
  EXPECT_EQ(of_8, (ImportedClicks{.link = 8, .days = {{.by_visitor = {5, 6}}}}));
  LinksMachine replayed;
  ASSERT_TRUE(replayed.apply(log_, {}).has_value());
  EXPECT_TRUE(visit(7, 4).is_allowed) << "three of four were used there";
  EXPECT_FALSE(visit(7, 4).is_allowed);
  EXPECT_TRUE(visit(8, 1).is_allowed);
  LinksMachine again;
  ASSERT_TRUE(again.apply(log_, {}).has_value());
  expect_same(machine_, again);
}

TEST_F(LinksMachineTest, passes_over_events_that_it_does_not_know_and_refuses_what_are_none) {
  decide(ReserveNumbers{.count = 3});
  log_.push_back(std::byte{200});  // a kind of a later version, with one byte
  log_.push_back(std::byte{1});
  log_.push_back(std::byte{0});
  log_.push_back(std::byte{9});
  decide(ReserveNumbers{.count = 4});
  LinksMachine replayed;
  ASSERT_TRUE(replayed.apply(log_, {}).has_value());
  expect_same(machine_, replayed);
  EXPECT_EQ(for_each_event(log_, [](const Event&) {}), 3U);
  for (size_t cut = 1; cut < 4; ++cut) {
    LinksMachine damaged;
    EXPECT_FALSE(damaged.apply(Bytes(log_).first(log_.size() - cut), {}).has_value()) << cut;
  }
}

}  // namespace
}  // namespace doorbuster::links
