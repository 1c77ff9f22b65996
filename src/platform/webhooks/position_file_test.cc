#include "platform/webhooks/position_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "platform/webhooks/delivery.h"

namespace doorbuster::platform {
namespace {

using ::testing::HasSubstr;

const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00Z").value();

const SourceId kSale{.service = "sale", .cell = 0};

class PositionFileTest : public ::testing::Test {
 protected:
  PositionFileTest() { std::filesystem::create_directories(folder_); }
  ~PositionFileTest() override { std::filesystem::remove_all(folder_); }
  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / ("position_file_test-" + std::to_string(::getpid()));
};

TEST_F(PositionFileTest, what_was_saved_is_loaded) {
  const EndpointPosition position{
      .sources = {{.source = kSale, .position = 4'711, .delivered = {{4'713, 4'800}, {4'802, 4'802}}},
                  {.source = {.service = "links", .cell = 3}, .position = 0}},
      .disabled = Disabled{.by = DisabledBy::kGone, .at = kNow},
      .failing_since = kNow,
      .replayed_by = {.key = UINT64_MAX, .fingerprint = 1}};
  ASSERT_TRUE(save_position(folder_, "till", position).has_value());
  EXPECT_EQ(load_position(folder_, "till", kSale).value(), position);
  EXPECT_EQ(load_position(folder_, "other", kSale).value(), std::nullopt);
  ASSERT_TRUE(forget_position(folder_, "till").has_value());
  EXPECT_EQ(load_position(folder_, "till", kSale).value(), std::nullopt);
}

TEST_F(PositionFileTest, has_the_documented_form) {
  const EndpointPosition position{.sources = {{.source = kSale, .position = 4'711, .delivered = {{4'713, 4'800}}}},
                                  .disabled = Disabled{.by = DisabledBy::kGone, .at = kNow}};
  EXPECT_EQ(encode_position("till", position),
            "{\"format\":\"doorbuster-webhook-position\",\"version\":2,\"endpoint\":\"till\","
            "\"disabled\":{\"by\":\"gone\",\"at\":\"2026-11-27T10:00:00.000Z\"},\"failing_since\":null,"
            "\"sources\":[{\"service\":\"sale\",\"cell\":0,\"position\":4711,\"delivered\":[[4713,4800]]}]}\n");
}

TEST_F(PositionFileTest, files_of_version_1_are_read) {
  const std::string old =
      "{\"format\":\"doorbuster-webhook-position\",\"version\":1,\"endpoint\":\"till\",\"position\":4711,"
      "\"disabled\":true,\"failing_since\":\"2026-11-27T10:00:00.000Z\"}\n";
  const EndpointPosition position = decode_position("till", old, kSale).value();
  EXPECT_EQ(position.sources, (std::vector<SourcePosition>{{.source = kSale, .position = 4'711}}));
  EXPECT_EQ(position.disabled.value().by, DisabledBy::kFailing);
  EXPECT_EQ(position.failing_since, kNow);
}

TEST_F(PositionFileTest, damage_is_named_with_what_to_do) {
  const auto refusal = [&](const std::string& text) {
    EXPECT_TRUE(replace_file(folder_ / "till.json", text, 0600).has_value());
    return load_position(folder_, "till", kSale).error().message;
  };
  EXPECT_THAT(refusal("{\"format\":"), HasSubstr("till.json is damaged"));
  EXPECT_THAT(refusal(encode_position("other", {})), HasSubstr("/endpoint: must be 'till'"));
  const SourcePosition twice{.source = kSale, .position = 1};
  EXPECT_THAT(refusal(encode_position("till", {.sources = {twice, twice}})), HasSubstr("/sources/1: is there twice"));
  const SourcePosition backwards{.source = kSale, .position = 9, .delivered = {{5, 6}}};
  EXPECT_THAT(refusal(encode_position("till", {.sources = {backwards}})), HasSubstr("/sources/0/delivered/0: must be"));
}

TEST(CloudEvent, is_the_documented_document) {
  const Delivery delivery{.sequence = 7,
                          .key = "hold_x",
                          .id = "evt_7",
                          .resource = "/api/v1/sales/ps5",
                          .type = "hold.created",
                          .at = kNow,
                          .json = R"({"id":"x"})"};
  EXPECT_EQ(cloud_event(delivery),
            R"({"specversion":"1.0","id":"evt_7","source":"/api/v1/sales/ps5","type":"hold.created",)"
            R"("time":"2026-11-27T10:00:00.000Z","sequence":"7","partitionkey":"hold_x",)"
            R"("datacontenttype":"application/json","data":{"id":"x"}})");
}

}  // namespace
}  // namespace doorbuster::platform
