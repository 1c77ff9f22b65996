#include "cell/frames.h"

#include <gtest/gtest.h>

#include "base/testing/document_bytes.h"

namespace doorbuster::cell {
namespace {

struct Frame {
  Timestamp at;
  uint32_t count;
  std::vector<std::byte> events;
};

Result<std::vector<Frame>> frames_of(Bytes payload) {
  std::vector<Frame> frames;
  TRY(for_each_frame(payload, [&](Timestamp at, uint32_t count, Bytes events) -> Result<void> {
    frames.push_back({at, count, {events.begin(), events.end()}});
    return {};
  }));
  return frames;
}

std::vector<std::byte> example() { return document_bytes(std::string(DOORBUSTER_FORMATS) + "/sale-events.md"); }

TEST(Frames, of_the_documents_example_are_read_and_written_the_same) {
  const std::vector<std::byte> payload = example();
  const auto frames = frames_of(payload);
  ASSERT_TRUE(frames.has_value());
  ASSERT_EQ(frames->size(), 2U);
  EXPECT_EQ(frames->at(0).at, Timestamp::from_micros(1'700'000'000'000'000));
  EXPECT_EQ(frames->at(1).at, Timestamp::from_micros(1'700'000'010'000'000));
  std::vector<std::byte> again;
  FrameWriter writer(again);
  for (const Frame& frame : *frames) {
    writer.begin(frame.at);
    again.insert(again.end(), frame.events.begin(), frame.events.end());
    writer.end(frame.count);
  }
  EXPECT_EQ(again, payload);
}

TEST(Frames, in_which_nothing_happened_leave_no_trace) {
  std::vector<std::byte> payload = example();
  const std::vector<std::byte> before = payload;
  FrameWriter writer(payload);
  writer.begin(Timestamp::from_micros(1));
  writer.end(0);
  EXPECT_EQ(payload, before);
}

TEST(Frames, that_are_cut_are_refused) {
  const std::vector<std::byte> payload = example();
  const size_t whole_frame = 16 + frames_of(payload)->at(0).events.size();
  for (size_t length = 1; length < payload.size(); ++length) {
    EXPECT_EQ(frames_of(Bytes(payload).first(length)).has_value(), length == whole_frame) << length;
  }
}

}  // namespace
}  // namespace doorbuster::cell
