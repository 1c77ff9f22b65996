#include "cell/moments.h"

#include <gtest/gtest.h>

#include "base/testing/document_bytes.h"

namespace doorbuster::cell {
namespace {

struct Moment {
  Timestamp at;
  uint32_t count;
  std::vector<std::byte> events;
};

Result<std::vector<Moment>> moments_of(Bytes payload) {
  std::vector<Moment> moments;
  TRY(for_each_moment(payload, [&](Timestamp at, uint32_t count, Bytes events) -> Result<void> {
    moments.push_back({at, count, {events.begin(), events.end()}});
    return {};
  }));
  return moments;
}

std::vector<std::byte> example() { return document_bytes(std::string(DOORBUSTER_FORMATS) + "/sale-events.md"); }

TEST(Moments, of_the_documents_example_are_read_and_written_the_same) {
  const std::vector<std::byte> payload = example();
  const auto moments = moments_of(payload);
  ASSERT_TRUE(moments.has_value());
  ASSERT_EQ(moments->size(), 2U);
  EXPECT_EQ(moments->at(0).at, Timestamp::from_micros(1'700'000'000'000'000));
  EXPECT_EQ(moments->at(1).at, Timestamp::from_micros(1'700'000'010'000'000));
  std::vector<std::byte> again;
  MomentWriter writer(again);
  for (const Moment& moment : *moments) {
    writer.begin(moment.at);
    again.insert(again.end(), moment.events.begin(), moment.events.end());
    writer.end(moment.count);
  }
  EXPECT_EQ(again, payload);
}

TEST(Moments, in_which_nothing_happened_leave_no_trace) {
  std::vector<std::byte> payload = example();
  const std::vector<std::byte> before = payload;
  MomentWriter writer(payload);
  writer.begin(Timestamp::from_micros(1));
  writer.end(0);
  EXPECT_EQ(payload, before);
}

TEST(Moments, that_are_cut_are_refused) {
  const std::vector<std::byte> payload = example();
  const size_t whole_moment = 16 + moments_of(payload)->at(0).events.size();
  for (size_t length = 1; length < payload.size(); ++length) {
    EXPECT_EQ(moments_of(Bytes(payload).first(length)).has_value(), length == whole_moment) << length;
  }
}

}  // namespace
}  // namespace doorbuster::cell
