// The worked examples of docs/formats/sale-events.md and sale-snapshot.md are what this machine writes.
#include <fstream>
#include <iterator>

#include "base/testing/document_bytes.h"
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

std::vector<std::byte> example_of(const std::string& document) {
  return document_bytes(std::string(DOORBUSTER_FORMATS) + "/" + document);
}

class FormatExample : public MachineFixture {
 protected:
  // A console is put on sale whose time to open has come; ten seconds later a customer reserves it.
  void live_through_it() {
    Settings console = settings(QueueKind::kNone, 1);
    console.item = {"SKU-1", "Console", "", ""};
    console.price = Money{49'900, Currency("USD")};
    console.opens_at = kStart;
    create(console, false, key(7));
    at_second(10);
    reserve(1, key(200));
  }
};

TEST_F(FormatExample, of_events_is_what_the_machine_writes) {
  live_through_it();
  const std::vector<std::byte> example = example_of("sale-events.md");
  ByteReader reader(example);
  for (const RecordedBatch& batch : log_) {
    EXPECT_EQ(Timestamp::from_micros(reader.integer<int64_t>()), batch.time);
    uint32_t count = 0;
    ASSERT_TRUE(for_each_event(batch.payload, [&](const auto&) { ++count; }).has_value());
    EXPECT_EQ(reader.integer<uint32_t>(), count);
    const Bytes events = reader.raw(reader.integer<uint32_t>());
    EXPECT_EQ(std::vector<std::byte>(events.begin(), events.end()), batch.payload);
  }
  EXPECT_TRUE(reader.finished());
}

TEST(Events, are_all_in_the_document) {
  std::ifstream file(std::string(DOORBUSTER_FORMATS) + "/sale-events.md");
  const std::string document{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  for (const NamedKind& named : kEventKinds) {
    const std::string row =
        "| " + std::to_string(static_cast<int>(named.kind)) + " | " + std::string(named.name) + " |";
    EXPECT_NE(document.find(row), std::string::npos) << row;
  }
}

TEST_F(FormatExample, of_a_snapshot_is_what_the_machine_writes) {
  live_through_it();
  EXPECT_EQ(example_of("sale-snapshot.md"), saved(machine_));
}

}  // namespace
}  // namespace doorbuster::sale
