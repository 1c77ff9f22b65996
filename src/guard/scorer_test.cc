#include "guard/scorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "net/limits.h"
#include "net/networks.h"

namespace doorbuster::guard {
namespace {

using platform::Asker;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr Timestamp kStart = Timestamp::from_micros(1'700'000'000'000'000);
constexpr Asker kNobody{};
constexpr Asker session(uint64_t id) { return {.kind = Asker::Kind::kSession, .id = id}; }
Asker customer(uint64_t id, std::optional<uint32_t> age = {}, uint64_t instrument = 0) {
  return {.kind = Asker::Kind::kCustomer, .id = id, .account_age_days = age, .instrument = instrument};
}

// A request that a browser's page could have sent, of a person who had read it.
constexpr std::string_view kPage = "first=2100,moves=30,keys=0,touches=0,focus=1";

class ScorerTest : public ::testing::Test {
 protected:
  struct Asked {
    Asker asker = kNobody;
    std::string address = "192.0.2.1";
    Origin origin = {.country = {'D', 'E'}, .network = NetworkClass::kResidential};
    bool has_tool_fingerprint = false;
    uint32_t customers_at_address = 0;
    std::string page = std::string(kPage);
    std::string agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
  };

  template <class Function>
  auto with_request(const std::string& head_text, const Asked& asked, Function function) {
    net::Head head;
    EXPECT_EQ(net::parse_head(head_text, {}, head), nullptr);
    const net::PeerAddress peer = net::parse_address(asked.address).value();
    const net::Request request(head, "", peer);
    Requester requester{.request = request,
                        .asker = asked.asker,
                        .address = peer,
                        .origin = asked.origin,
                        .has_tool_fingerprint = asked.has_tool_fingerprint,
                        .customers_at_address = asked.customers_at_address,
                        .now = now_};
    return function(requester);
  }

  Scored assess(const Asked& asked) {
    std::string head = "POST /x HTTP/1.1\r\nHost: x\r\nUser-Agent: " + asked.agent +
                       "\r\nAccept: */*\r\nAccept-Language: de\r\nAccept-Encoding: gzip\r\n";
    if (!asked.page.empty()) head += "Doorbuster-Page: " + asked.page + "\r\n";
    head += "\r\n";
    return with_request(head, asked, [&](Requester& requester) {
      scorer_.note_request(requester, card_);
      return scorer_.assess(requester, card_, CardModel());
    });
  }
  // The names of those that speak.
  std::vector<std::string_view> signals(const Asked& asked) {
    const Scored scored = assess(asked);
    std::vector<std::string_view> names;
    for (size_t i = 1; i < kSignals; ++i) {
      if (scored.evidence.signals.has(static_cast<Signal>(i))) names.push_back(kSignalNames[i]);
    }
    return names;
  }
  void note(const Asked& asked) {
    with_request("GET /x HTTP/1.1\r\nHost: x\r\n\r\n", asked, [&](Requester& requester) {
      scorer_.note_request(requester, card_);
      return 0;
    });
  }

  static Scorecard with_countries() {
    Scorecard card = usual_scorecard();
    card.signals[static_cast<size_t>(Signal::kUnknownCountry)].points = 5;
    return card;
  }

  Scorecard card_ = with_countries();
  const KeyHasher hasher_{3, 5};
  RateTable table_{10'000, kStart};
  Scorer scorer_{hasher_, table_, 1'000, kStart};
  Timestamp now_ = kStart + Duration::seconds(60);
};

TEST_F(ScorerTest, finds_nothing_against_a_customer_in_a_browser) {
  EXPECT_THAT(signals({.asker = customer(1, 400, 77)}), ElementsAre());
  const Assessment assessment = assess({.asker = customer(1, 400, 77)}).assessment;
  EXPECT_EQ(assessment.score, 0);
  EXPECT_EQ(assessment.device, DeviceClass::kDesktop);
  EXPECT_EQ(assessment.network, NetworkClass::kResidential);
  EXPECT_EQ(assessment.country, (Country{'D', 'E'}));
  EXPECT_FALSE(assessment.is_delayed) << "that is the policy's to say";
}

TEST_F(ScorerTest, knows_guests_and_young_accounts) {
  EXPECT_THAT(signals({.asker = kNobody}), ElementsAre("no_account"));
  EXPECT_THAT(signals({.asker = customer(1)}), ElementsAre()) << "the shop does not say how old it is";
  EXPECT_THAT(signals({.asker = customer(1, 6)}), ElementsAre("young_account"));
  EXPECT_THAT(signals({.asker = customer(1, 7)}), ElementsAre());
}

TEST_F(ScorerTest, counts_the_customers_who_pay_by_one_instrument) {
  EXPECT_THAT(signals({.asker = customer(1, 400, 77)}), ElementsAre());
  EXPECT_THAT(signals({.asker = customer(2, 400, 77)}), ElementsAre());
  for (int i = 0; i < 10; ++i) {
    now_ = now_ + Duration::millis(500 * int64_t{i});
    EXPECT_THAT(signals({.asker = customer(2, 400, 77)}), ElementsAre()) << "the same two";
  }
  EXPECT_THAT(signals({.asker = customer(3, 400, 77)}), ElementsAre("shared_instrument"));
  EXPECT_THAT(signals({.asker = customer(1, 400, 77)}), ElementsAre("shared_instrument")) << "those before, too";
  EXPECT_THAT(signals({.asker = customer(4, 400, 78)}), ElementsAre());
}

TEST_F(ScorerTest, knows_the_networks_of_programs) {
  const auto at = [](NetworkClass network) { return Origin{.country = {'D', 'E'}, .network = network}; };
  EXPECT_THAT(signals({.asker = customer(1), .origin = at(NetworkClass::kDataCentre)}), ElementsAre("data_centre"));
  EXPECT_THAT(signals({.asker = customer(2), .origin = at(NetworkClass::kAnonymizer)}), ElementsAre("anonymizer"));
  EXPECT_THAT(signals({.asker = customer(3), .origin = {}}), ElementsAre("unknown_country"));
  EXPECT_THAT(signals({.asker = customer(4), .has_tool_fingerprint = true}), ElementsAre("tls_fingerprint"));
}

TEST_F(ScorerTest, counts_the_sessions_that_begin_at_an_address) {
  for (int i = 0; i < 20; ++i) EXPECT_THAT(signals({}), ElementsAre("no_account")) << i;
  EXPECT_THAT(signals({}), ElementsAre("no_account", "sessions_of_address"));
  EXPECT_THAT(signals({.asker = session(1)}), ElementsAre("no_account", "sessions_of_address"))
      << "those that began there, too";
  EXPECT_THAT(signals({.asker = customer(1)}), ElementsAre()) << "but nobody whom the shop knows";
  EXPECT_THAT(signals({.address = "192.0.2.2"}), ElementsAre("no_account"));
  now_ = now_ + Duration::seconds(60);
  EXPECT_THAT(signals({.asker = session(2)}), ElementsAre("no_account")) << "two of them are forgotten";
}

TEST_F(ScorerTest, counts_the_sessions_that_begin_beside_an_address) {
  for (int i = 0; i < 200; ++i) (void)signals({.address = "198.51.100." + std::to_string(i)});
  EXPECT_THAT(signals({.address = "198.51.100.200"}), ElementsAre("no_account", "sessions_of_prefix"));
  EXPECT_THAT(signals({.address = "198.51.101.200"}), ElementsAre("no_account"));
}

TEST_F(ScorerTest, does_not_count_who_is_behind_a_carriers_address) {
  const Origin carrier{.country = {'D', 'E'}, .network = NetworkClass::kMobile};
  for (int i = 0; i < 500; ++i) EXPECT_THAT(signals({.origin = carrier}), ElementsAre("no_account")) << i;
}

TEST_F(ScorerTest, counts_the_customers_of_an_address_once_each_and_forgets_them_one_by_one) {
  const net::PeerAddress here = net::parse_address("192.0.2.1").value();
  const auto note_customer = [&](const Asker& asker) {
    with_request("GET /x HTTP/1.1\r\nHost: x\r\n\r\n", {.asker = asker}, [&](const Requester& requester) {
      scorer_.note_customer(requester, card_);
      return 0;
    });
  };
  for (uint64_t id = 1; id <= 30; ++id) note_customer(customer(id, 400));
  for (uint64_t id = 1; id <= 30; ++id) note_customer(customer(id, 400));
  note_customer(customer(99, 1));
  EXPECT_EQ(scorer_.customers_at(here, now_), 30U) << "each once, and no young account";
  EXPECT_EQ(scorer_.customers_at(net::parse_address("192.0.2.2").value(), now_), 0U);
  EXPECT_EQ(scorer_.customers_at(here, now_ + Duration::seconds(864)), 20U);
  EXPECT_EQ(scorer_.customers_at(here, now_ + Duration::seconds(2'592)), 0U);
}

TEST_F(ScorerTest, does_not_count_the_sessions_of_an_address_that_many_customers_share) {
  for (int i = 0; i < 399; ++i) EXPECT_THAT(signals({.customers_at_address = 20}), ElementsAre("no_account")) << i;
  EXPECT_THAT(signals({.customers_at_address = 19}), ElementsAre("no_account")) << "the first that is counted";
}

TEST_F(ScorerTest, knows_who_asks_faster_than_people) {
  for (int i = 0; i < 39; ++i) note({.asker = session(9)});
  EXPECT_THAT(signals({.asker = session(9)}), Not(Contains("fast_session")));
  EXPECT_THAT(signals({.asker = session(9)}), Contains("fast_session"));
  EXPECT_THAT(signals({.asker = session(8)}), Not(Contains("fast_session")));
  for (int i = 0; i < 400; ++i) note({.asker = kNobody, .address = "203.0.113.9"});
  EXPECT_THAT(signals({.address = "203.0.113.9"}), Contains("fast_address"));
  EXPECT_THAT(signals({.asker = customer(1), .address = "203.0.113.9"}), Not(Contains("fast_address")));
}

TEST_F(ScorerTest, looks_at_the_program_and_at_how_the_page_was_used) {
  EXPECT_THAT(signals({.asker = customer(1), .agent = "curl/7.88.1"}), ElementsAre("no_browser"));
  EXPECT_THAT(signals({.asker = customer(2), .page = ""}), ElementsAre("no_page"));
  EXPECT_THAT(signals({.asker = customer(3), .page = "x"}), ElementsAre("no_page")) << "what can't be read";
  EXPECT_THAT(signals({.asker = customer(4), .page = "first=900,moves=0"}), ElementsAre("no_behaviour"));
  EXPECT_THAT(signals({.asker = customer(5), .page = "first=20,keys=1"}), ElementsAre("instant_action"));
}

TEST_F(ScorerTest, counts_the_sessions_of_a_device) {
  const std::string page = std::string(kPage) + ",device=farm-1";
  for (uint64_t id = 1; id <= 3; ++id) EXPECT_THAT(signals({.asker = customer(id), .page = page}), ElementsAre());
  EXPECT_THAT(signals({.asker = customer(3), .page = page}), ElementsAre()) << "the same session again";
  EXPECT_THAT(signals({.asker = customer(4), .page = page}), ElementsAre("device_reused"));
}

TEST_F(ScorerTest, knows_who_acts_by_a_timer) {
  std::vector<std::string_view> spoken;
  for (int i = 0; i < 10; ++i) {
    now_ = now_ + Duration::seconds(4);
    spoken = signals({.asker = customer(1)});
    if (i == 7) {
      EXPECT_THAT(spoken, ElementsAre()) << "six even intervals, and the first";
    }
  }
  EXPECT_THAT(spoken, ElementsAre("regular_timing"));
}

TEST_F(ScorerTest, hears_no_signal_that_has_no_points) {
  card_.signals[static_cast<size_t>(Signal::kNoAccount)].points = 0;
  EXPECT_THAT(signals({}), ElementsAre());
}

TEST_F(ScorerTest, tells_what_lies_behind_the_signals) {
  const auto features = [&](const Asked& asked) { return assess(asked).evidence.features; };
  for (int i = 0; i < 3; ++i) note({.asker = session(9)});
  for (int i = 0; i < 4; ++i) (void)features({});
  const Features guest = features({.asker = session(9), .customers_at_address = 2});
  EXPECT_EQ(guest.of(Fact::kNewSession), 0);
  EXPECT_EQ(guest.of(Fact::kSessionRequests), 4) << "this one among them";
  EXPECT_EQ(guest.of(Fact::kAddressRequests), 8);
  EXPECT_EQ(guest.of(Fact::kAddressSessions), 4);
  EXPECT_EQ(guest.of(Fact::kPrefixSessions), 4);
  EXPECT_EQ(guest.of(Fact::kAddressCustomers), 2);
  EXPECT_EQ(guest.of(Fact::kEvenIntervals), 0);
  EXPECT_EQ(guest.of(Fact::kPageFirstMs), 2100);
  EXPECT_EQ(guest.of(Fact::kPageMoves), 30);
  EXPECT_TRUE(std::isnan(guest.of(Fact::kAccountAgeDays)));
  EXPECT_TRUE(std::isnan(guest.of(Fact::kDeviceSessions)));
  EXPECT_TRUE(guest.signals().has(Signal::kNoAccount));
  const Features member = features({.asker = customer(1, 400, 77), .page = std::string(kPage) + ",device=mine"});
  EXPECT_EQ(member.of(Fact::kAccountAgeDays), 400);
  EXPECT_EQ(member.of(Fact::kInstrumentCustomers), 1);
  EXPECT_EQ(member.of(Fact::kDeviceSessions), 1);
  EXPECT_TRUE(std::isnan(member.of(Fact::kAddressSessions))) << "nobody counts a customer's";
}

TEST_F(ScorerTest, tells_a_model_of_signals_without_points_and_counts_none_of_them) {
  card_.signals[static_cast<size_t>(Signal::kNoAccount)].points = 0;
  card_.signals[static_cast<size_t>(Signal::kSessionsOfAddress)].points = 0;
  const Scored scored = assess({});
  EXPECT_FALSE(scored.evidence.signals.has(Signal::kNoAccount));
  EXPECT_TRUE(scored.evidence.features.signals().has(Signal::kNoAccount));
  EXPECT_TRUE(std::isnan(scored.evidence.features.of(Fact::kAddressSessions)));
}

TEST_F(ScorerTest, names_its_reasons_the_heaviest_first) {
  const Assessment assessment =
      assess({.origin = {.country = {'U', 'S'}, .network = NetworkClass::kDataCentre}, .page = "", .agent = "Go"})
          .assessment;
  EXPECT_EQ(assessment.score, 100) << "40 + 30 + 25 + 10";
  EXPECT_THAT(assessment.reasons, ElementsAre(Signal::kDataCentre, Signal::kNoAccount, Signal::kNoBrowser));
}

}  // namespace
}  // namespace doorbuster::guard
