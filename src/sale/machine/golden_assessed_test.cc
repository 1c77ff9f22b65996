// Events that say what was thought of who joined, and of those who were delayed. The golden files of all others are in
// golden_test.cc.
#include <cstdlib>
#include <fstream>

#include "sale/machine/golden_test_files.h"
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr const char* kFile = "assessed-events.v5.bin";
constexpr Assessment kBot = {.score = 73,
                             .reasons = {Signal::kDataCentre, Signal::kNoBrowser},
                             .network = NetworkClass::kDataCentre,
                             .device = DeviceClass::kTool,
                             .country = {'D', 'E'}};
constexpr Assessment kPerson = {.score = 4, .device = DeviceClass::kPhone, .country = {'F', 'R'}};

constexpr Assessment delayed(Assessment assessment) {
  assessment.is_delayed = true;
  return assessment;
}

class GoldenAssessed : public MachineFixture {
 protected:
  // With an assessment alone, and with all that stands beside one; in a line, and in a draw.
  void come_and_be_looked_at() {
    const Annotations annotations{"R-4711", {}, {}};
    const auto as_guest = CustomerKind::kGuest;
    open(settings(QueueKind::kFifo, 1));
    decide(Join{kSale, customer(1), {}, {}, {}, {}, kPerson});
    decide(Join{kSale, customer(2), {}, {}, annotations, as_guest, kBot});
    decide(Join{kSale, customer(3), key(3), {}, annotations, {}, delayed(kBot)});
    decide(Join{kSale, customer(4), {}, {}, {}, as_guest, delayed({})});
    at_second(40);
    Settings drawn = settings(QueueKind::kDraw, 1);
    drawn.id = "draw";
    drawn.opens_at = now_ + Duration::seconds(3);
    const SaleNumber draw = decide(CreateSale{std::make_unique<Settings>(std::move(drawn)), false, by_operator()}).sale;
    decide(Join{draw, customer(1), {}, "a nonce", {}, as_guest, kPerson});
    decide(Join{draw, customer(2), {}, {}, {}, {}, delayed(kBot)});
    at_second(43);
  }
  [[nodiscard]] std::vector<std::byte> events() const {
    std::vector<std::byte> events;
    for (const RecordedBatch& batch : log_) events.insert(events.end(), batch.payload.begin(), batch.payload.end());
    return events;
  }
};

TEST(Events, of_version_5_are_read_and_written_the_same) {
  const std::vector<std::byte> golden = golden_contents(kFile);
  std::vector<std::byte> again;
  EXPECT_TRUE(for_each_event(golden, [&](auto& event) { encode(event, again); }).has_value());
  EXPECT_EQ(again, golden);
}

TEST_F(GoldenAssessed, the_events_of_who_was_looked_at_are_still_the_same) {
  come_and_be_looked_at();
  if (std::getenv("DOORBUSTER_WRITE_GOLDEN") != nullptr) {
    std::ofstream(golden_path(kFile), std::ios::binary) << as_text(events());
  }
  EXPECT_EQ(events(), golden_contents(kFile));
}

size_t bytes_of_joined(const Annotations& annotations, const Assessment& assessment, CustomerKind kind) {
  Joined joined{.sale = SaleNumber(0),
                .entry = {},
                .customer = customer(1),
                .idempotency = {},
                .annotations = annotations,
                .assessment = assessment,
                .kind = kind};
  std::vector<std::byte> bytes;
  encode(joined, bytes);
  const auto is_same = [&](const auto& event) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(event)>, Joined>) {
      EXPECT_EQ(event.annotations, annotations);
      EXPECT_EQ(event.assessment, assessment);
      EXPECT_EQ(event.kind, kind);
    }
  };
  EXPECT_TRUE(for_each_event(bytes, is_same).has_value());
  return bytes.size();
}

// Whom nobody has looked at costs no byte more than before anybody looked.
TEST(Events, say_what_was_thought_of_somebody_in_eight_bytes) {
  for (const Annotations& annotations : {Annotations{}, Annotations{"r", {}, {}}}) {
    for (const CustomerKind kind : {CustomerKind::kOfShop, CustomerKind::kGuest}) {
      EXPECT_EQ(bytes_of_joined(annotations, kBot, kind), bytes_of_joined(annotations, {}, kind) + kAssessmentBytes);
    }
  }
}

// The score is the eighth byte from the end, the country the last two, of an event without a mark.
TEST(Events, of_an_assessment_that_there_can_not_be_are_refused) {
  Joined joined{.sale = SaleNumber(0), .entry = {}, .customer = customer(1), .idempotency = {}, .assessment = kBot};
  std::vector<std::byte> bytes;
  encode(joined, bytes);
  const auto is_read_with = [&](size_t from_end, uint8_t value) {
    std::vector<std::byte> changed = bytes;
    changed[changed.size() - from_end] = std::byte{value};
    return for_each_event(changed, [](const auto&) {}).has_value();
  };
  EXPECT_TRUE(is_read_with(8, kScoreMax));
  EXPECT_FALSE(is_read_with(8, kScoreMax + 1));
  EXPECT_FALSE(is_read_with(7, static_cast<uint8_t>(kSignalNames.size())));
  EXPECT_FALSE(is_read_with(4, static_cast<uint8_t>(kNetworkClassNames.size())));
  EXPECT_FALSE(is_read_with(3, static_cast<uint8_t>(kDeviceClassNames.size())));
  EXPECT_FALSE(is_read_with(1, 'e'));
}

}  // namespace
}  // namespace doorbuster::sale
