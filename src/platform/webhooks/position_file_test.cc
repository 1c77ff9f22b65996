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

class PositionFileTest : public ::testing::Test {
 protected:
  PositionFileTest() { std::filesystem::create_directories(folder_); }
  ~PositionFileTest() override { std::filesystem::remove_all(folder_); }
  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / ("position_file_test-" + std::to_string(::getpid()));
};

TEST_F(PositionFileTest, what_was_saved_is_loaded) {
  const EndpointPosition position{.position = 4'711, .disabled = true, .failing_since = kNow};
  ASSERT_TRUE(save_position(folder_, "till", position).has_value());
  EXPECT_EQ(load_position(folder_, "till").value(), position);
  EXPECT_EQ(load_position(folder_, "other").value(), std::nullopt);
}

TEST_F(PositionFileTest, has_the_documented_form) {
  EXPECT_EQ(encode_position("till", {.position = 4'711}),
            "{\"format\":\"doorbuster-webhook-position\",\"version\":1,\"endpoint\":\"till\",\"position\":4711,"
            "\"disabled\":false,"
            "\"failing_since\":null}\n");
}

TEST_F(PositionFileTest, damage_is_named_with_what_to_do) {
  ASSERT_TRUE(replace_file(folder_ / "till.json", "{\"format\":", 0600).has_value());
  EXPECT_THAT(load_position(folder_, "till").error().message, HasSubstr("till.json is damaged"));
  ASSERT_TRUE(replace_file(folder_ / "till.json", encode_position("other", {}), 0600).has_value());
  EXPECT_THAT(load_position(folder_, "till").error().message, HasSubstr("/endpoint: must be 'till'"));
}

TEST(CloudEvent, is_the_documented_document) {
  const Delivery delivery{.sequence = 7, .sale = "ps5", .type = "hold.created", .at = kNow, .json = R"({"id":"x"})"};
  EXPECT_EQ(
      cloud_event(delivery),
      R"({"specversion":"1.0","id":"evt_7","source":"/api/v1/sales/ps5","type":"hold.created",)"
      R"("time":"2026-11-27T10:00:00.000Z","sequence":"7","datacontenttype":"application/json","data":{"id":"x"}})");
}

}  // namespace
}  // namespace doorbuster::platform
