#include "auth/configured_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace doorbuster::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00Z").value();
constexpr std::array<std::byte, 32> kMaster{};
const std::string kOne = "the first secret, of 32 bytes or more";
const std::string kTwo = "the second secret, of 32 bytes or more";

NewShopKey named(const std::string& id, const std::string& secret) {
  return {.name = "from the configuration", .id = id, .secret = secret};
}

class ConfiguredKeysTest : public ::testing::Test {
 protected:
  // A start with that configuration: what it says of each key.
  std::vector<std::string> start(const std::vector<NewShopKey>& configured) {
    ConfiguredKeys keys = apply_configured(records_, configured, kNow).value();
    records_ = std::move(keys.records);
    is_changed_ = keys.is_changed;
    std::vector<std::string> said;
    for (const ConfiguredKeyChange& each : keys.changes)
      said.push_back(each.id + " " + kWords[static_cast<size_t>(each.change)]);
    return said;
  }
  void make_by_api(const std::string& id, const std::string& secret) {
    records_.shops.push_back(make_shop_key(named(id, secret), id, kNow).value());
  }
  void revoke(const std::string& id) {
    const auto found = std::ranges::find(records_.shops, id, &ShopKey::id);
    note_revoked(records_, *found);
    records_.shops.erase(found);
  }
  [[nodiscard]] std::vector<std::string> secrets() const {
    std::vector<std::string> secrets;
    for (const ShopKey& key : records_.shops) secrets.push_back(key.id + "=" + key.material);
    return secrets;
  }

  const std::array<std::string, 4> kWords = {"added", "replaced", "removed", "still revoked"};
  KeyRecords records_;
  bool is_changed_ = false;
};

TEST_F(ConfiguredKeysTest, what_the_file_names_is_taken_in_once) {
  EXPECT_THAT(start({named("a", kOne)}), ElementsAre("a added"));
  EXPECT_TRUE(is_changed_);
  EXPECT_THAT(start({named("a", kOne)}), IsEmpty());
  EXPECT_FALSE(is_changed_);
  EXPECT_THAT(secrets(), ElementsAre("a=" + kOne));
}

TEST_F(ConfiguredKeysTest, a_secret_that_was_changed_in_the_file_takes_the_place_of_the_old_one) {
  start({named("a", kOne), named("b", kOne)});
  EXPECT_THAT(start({named("a", kTwo), named("b", kOne)}), ElementsAre("a replaced"));
  EXPECT_THAT(secrets(), ElementsAre("a=" + kTwo, "b=" + kOne));
}

TEST_F(ConfiguredKeysTest, what_was_taken_out_of_the_file_is_out_and_what_was_made_by_api_stays) {
  make_by_api("till", kOne);
  start({named("a", kOne), named("b", kOne)});
  EXPECT_THAT(start({named("b", kOne)}), ElementsAre("a removed"));
  EXPECT_THAT(start({}), ElementsAre("b removed"));
  EXPECT_THAT(secrets(), ElementsAre("till=" + kOne));
}

TEST_F(ConfiguredKeysTest, a_revoked_key_stays_out_while_the_file_names_its_secret) {
  start({named("a", kOne)});
  revoke("a");
  EXPECT_THAT(start({named("a", kOne)}), ElementsAre("a still revoked"));
  EXPECT_FALSE(is_changed_);
  EXPECT_THAT(secrets(), IsEmpty());
  EXPECT_THAT(start({named("a", kTwo)}), ElementsAre("a added"));
  revoke("a");
  EXPECT_THAT(start({}), IsEmpty());
  EXPECT_THAT(start({named("a", kTwo)}), ElementsAre("a added"));
}

TEST_F(ConfiguredKeysTest, an_id_that_stands_for_two_secrets_is_refused) {
  make_by_api("a", kOne);
  const auto refused = apply_configured(records_, {named("a", kTwo)}, kNow);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_THAT(refused.error().message, HasSubstr("which was made by API"));
  EXPECT_THAT(start({named("a", kOne)}), IsEmpty());  // the same secret: from now on it is the file's
  EXPECT_THAT(start({}), ElementsAre("a removed"));
}

TEST_F(ConfiguredKeysTest, what_cannot_be_used_is_refused_by_its_name) {
  const auto refused = apply_configured({}, {named("a", "short")}, kNow);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("customers.shop_keys \"a\": a shop's own secret needs 32"));
}

TEST_F(ConfiguredKeysTest, there_is_room_for_64_keys_together) {
  for (int i = 0; i < 64; ++i) make_by_api("api-" + std::to_string(i), kOne);
  EXPECT_EQ(apply_configured(records_, {named("a", kOne)}, kNow).error().code, ErrorCode::kLimit);
}

TEST_F(ConfiguredKeysTest, files_of_version_1_know_configured_keys_by_their_name) {
  const std::string shared = R"("created_at":"2026-11-27T10:00:00Z","algorithm":"HS256","secret":")" + kOne + R"("})";
  const std::string text = R"({"format":"doorbuster-keys","version":1,"operators":[],"shops":[)"
                           R"({"id":"a","name":"from the configuration",)" +
                           shared + R"(,{"id":"t","name":"till",)" + shared + "]}";
  records_ = decode_keys(text).value();
  EXPECT_THAT(start({named("a", kTwo)}), ElementsAre("a replaced"));
  records_ = decode_keys(encode_keys(sealed(records_, kMaster))).value();
  EXPECT_THAT(start({}), ElementsAre("a removed"));
  EXPECT_THAT(secrets(), ElementsAre("t=" + kOne));
}

TEST_F(ConfiguredKeysTest, what_is_revoked_is_in_the_file) {
  start({named("a", kOne)});
  revoke("a");
  records_ = decode_keys(encode_keys(sealed(records_, kMaster))).value();
  EXPECT_THAT(start({named("a", kOne)}), ElementsAre("a still revoked"));
}

}  // namespace
}  // namespace doorbuster::auth
