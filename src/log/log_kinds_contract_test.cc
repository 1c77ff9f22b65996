// The contract of whose a log is, and of the table of cells, for every twin.
#include <gmock/gmock.h>

#include "base/crc32c.h"
#include "log/batch_codec.h"
#include "log/log_test_helpers.h"
#include "log/log_twins_test.h"
#include "log/owner_codec.h"

namespace doorbuster::log {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr CellId kCell(0);
constexpr MachineKind kSale("sale");
constexpr MachineKind kLinks("links");

class LogContractKinds : public LogContract {};

void expect_refused(const Result<Lease>& lease) {
  ASSERT_FALSE(lease.has_value());
  EXPECT_EQ(lease.error().code, ErrorCode::kConflict);
  EXPECT_THAT(lease.error().message, HasSubstr("cell 0"));
  EXPECT_THAT(lease.error().message, HasSubstr("give each service cells of its own"));
}

TEST_P(LogContractKinds, another_machines_log_is_not_opened_and_its_owner_goes_on) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 2);
  expect_refused(log().open(kCell, {.kind = kLinks}));
  append_batches(log(), lease, 1);
  twin().crash();
  expect_refused(log().open(kCell, {.kind = kLinks}));
  EXPECT_EQ(open_log(log()).tail, Sequence(3));
}

TEST_P(LogContractKinds, an_empty_log_is_the_machines_that_opened_it_first) {
  open_log(log());
  expect_refused(log().open(kCell, {.kind = kLinks}));
  twin().crash();
  expect_refused(log().open(kCell, {.kind = kLinks}));
  EXPECT_TRUE(log().open(CellId(1), {.kind = kLinks}).has_value());
}

TEST_P(LogContractKinds, a_reader_of_another_kind_is_told_so) {
  Lease lease = open_log(log());
  const auto all = append_batches(log(), lease, 3);
  for (const uint64_t from : {1, 2, 3}) {
    const auto read = log().read(kCell, kLinks, Sequence(from), [](const Batch&) { return true; });
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code, ErrorCode::kConflict);
    EXPECT_THAT(read.error().message, HasSubstr("of the kind 'test', not 'links'"));
  }
  std::vector<Written> found;
  const auto read = log().read(kCell, kTestKind, Sequence(1), [&](const Batch& batch) {
    found.push_back(written(batch));
    return true;
  });
  EXPECT_TRUE(read.has_value());
  EXPECT_EQ(found, all);
}

// As before batches said whose they are.
TEST_P(LogContractKinds, a_log_that_does_not_say_whose_it_is_is_the_sales) {
  Lease lease = log().open(kCell, {.kind = kSale}).value();
  append_batches(log(), lease, 1);
  const Written first = next_batch(Lease{});
  std::vector<std::byte> stored;
  encode_batch({.cell = kCell, .epoch = Epoch(1), .previous = {}, .kind = kSale, .batch = as_batch(first)}, stored);
  // Version 1 is version 2 without the kind.
  stored[4] = std::byte{1};
  stored.erase(stored.begin() + 72, stored.begin() + 88);
  stored.resize(stored.size() - kBatchTrailerBytes);
  ByteWriter(stored).integer(crc32c(stored));
  twin().write_first_batch(kCell, stored);
  // The high-water mark knows another batch there, but whose the log is comes first.
  expect_refused(log().open(kCell, {.kind = kLinks}));
}

TEST_P(LogContractKinds, the_table_of_cells_tells_who_opened_each_and_how_far_it_goes) {
  EXPECT_THAT(log().cells().value(), IsEmpty());
  Lease three = log().open(CellId(3), {.kind = kSale, .owner = "one"}).value();
  Lease seven = log().open(CellId(7), {.kind = kLinks}).value();
  append_batches(log(), three, 2, 5);
  append_batches(log(), seven, 1);
  const CellRow of_three{.cell = CellId(3), .epoch = three.epoch, .tail = Sequence(10), .kind = kSale, .owner = "one"};
  const CellRow of_seven{.cell = CellId(7), .epoch = seven.epoch, .tail = Sequence(1), .kind = kLinks, .owner = ""};
  EXPECT_THAT(log().cells().value(), ElementsAre(of_three, of_seven));
  twin().crash();
  EXPECT_THAT(log().cells().value(), ElementsAre(of_three, of_seven));
  const Lease taken = log().open(CellId(3), {.kind = kSale, .owner = "another"}).value();
  const CellRow of_another{
      .cell = CellId(3), .epoch = taken.epoch, .tail = Sequence(10), .kind = kSale, .owner = "another"};
  EXPECT_THAT(log().cells().value(), ElementsAre(of_another, of_seven));
}

TEST_P(LogContractKinds, of_a_long_name_the_beginning_is_kept) {
  const std::string name(1000, 'n');
  EXPECT_TRUE(log().open(kCell, {.kind = kSale, .owner = name}).has_value());
  EXPECT_EQ(log().cells().value().front().owner, name.substr(0, kOwnerBytesMax));
}

TEST(OwnerCodec, takes_nothing_but_a_whole_record) {
  auto bytes = encode_owner({.kind = kSale, .owner = "host:17"});
  const auto found = decode_owner(bytes);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->kind, kSale);
  EXPECT_EQ(found->owner, "host:17");
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_owner(Bytes(bytes).first(size)).has_value());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(decode_owner(bytes).has_value()) << "bit " << bit;
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode_owner(bytes).has_value());
}

INSTANTIATE_TEST_SUITE_P(Twins, LogContractKinds, every_twin(), name_of_twin);

}  // namespace
}  // namespace doorbuster::log
