#include "auth/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "auth/api_key.h"
#include "base/file.h"

namespace doorbuster::auth {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00Z").value();

class KeyStoreTest : public ::testing::Test {
 protected:
  KeyStoreTest() : folder_(fs::path(::testing::TempDir()) / ("keys_test-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~KeyStoreTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::unique_ptr<KeyStore> open() const {
    auto store = KeyStore::open(folder_, kNow);
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return std::move(*store);
  }
  [[nodiscard]] std::string refusal() const {
    auto store = KeyStore::open(folder_, kNow);
    EXPECT_FALSE(store.has_value());
    return store ? "" : store.error().message;
  }
  [[nodiscard]] std::string content(const char* name) const { return read_file(folder_ / name, 100'000).value(); }
  static std::string token_of(std::string_view secret, std::string_view id = "") {
    return JwtSigner::hs256(id, secret)
        .mint({.sub = "alice", .expires_at = kNow + Duration::seconds(60), .not_before = {}, .sale = {}});
  }

  const fs::path folder_;
};

TEST_F(KeyStoreTest, the_first_start_makes_keys_that_work_and_are_private) {
  const auto store = open();
  EXPECT_EQ(store->start(), KeyStore::Start::kFirst);
  KeyView view(*store);
  EXPECT_TRUE(view.verify_operator(content("operator.key"), kNow).has_value());
  EXPECT_TRUE(view.verify_token(token_of(content("shop.key")), kNow).has_value());
  for (const char* name : {"master.key", "keys.json", "operator.key", "shop.key"}) {
    struct stat found{};
    ASSERT_EQ(::stat((folder_ / name).c_str(), &found), 0) << name;
    EXPECT_EQ(found.st_mode & 07777, 0600U) << name;
  }
}

TEST_F(KeyStoreTest, the_next_start_knows_the_same_keys) {
  const auto first = open();
  const auto store = open();
  EXPECT_EQ(store->start(), KeyStore::Start::kAgain);
  EXPECT_TRUE(equal_in_constant_time(store->master_key(), first->master_key()));
  KeyView view(*store);
  EXPECT_TRUE(view.verify_operator(content("operator.key"), kNow).has_value());
  EXPECT_TRUE(view.verify_token(token_of(content("shop.key")), kNow).has_value());
}

TEST_F(KeyStoreTest, no_operator_secret_is_in_the_file) {
  (void)open();
  const std::string key = content("operator.key");
  const auto parts = parse_key(kOperatorPrefix, key);
  ASSERT_TRUE(parts.has_value());
  EXPECT_THAT(content("keys.json"), ::testing::Not(HasSubstr(std::string(parts->secret))));
}

TEST_F(KeyStoreTest, a_key_is_proved_once_and_remembered) {
  (void)open();
  const auto store = open();
  const std::string key = content("operator.key");
  KeyView view(*store);
  EXPECT_FALSE(view.keys().records.operators[0].proved.has_value());
  EXPECT_TRUE(view.verify_operator(key, kNow).has_value());
  EXPECT_TRUE(view.keys().records.operators[0].proved.has_value());
  EXPECT_TRUE(view.verify_operator(key, kNow).has_value());
}

TEST_F(KeyStoreTest, wrong_keys_are_refused_before_and_after_the_right_one_was_seen) {
  (void)open();
  const auto store = open();
  KeyView view(*store);
  const std::string key = content("operator.key");
  std::string wrong = key;
  wrong[20] = wrong[20] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(view.verify_operator(wrong, kNow).has_value());
  EXPECT_TRUE(view.verify_operator(key, kNow).has_value());
  EXPECT_FALSE(view.verify_operator(wrong, kNow).has_value());
  EXPECT_FALSE(view.verify_operator("", kNow).has_value());
  EXPECT_FALSE(view.verify_operator("dbk_000000000000_" + std::string(43, 'A'), kNow).has_value());
}

TEST_F(KeyStoreTest, nobody_makes_it_prove_wrong_keys_without_end) {
  (void)open();
  const auto store = open();
  KeyView view(*store);
  const std::string key = content("operator.key");
  std::string wrong = key;
  wrong[20] = wrong[20] == 'A' ? 'B' : 'A';
  for (int i = 0; i < 5; ++i) EXPECT_EQ(view.verify_operator(wrong, kNow).error(), KeyRefusal::kUnknown) << i;
  for (const std::string& any : {wrong, key}) EXPECT_EQ(view.verify_operator(any, kNow).error(), KeyRefusal::kTooOften);
  const Timestamp later = kNow + Duration::seconds(1);
  EXPECT_EQ(view.verify_operator(wrong, later).error(), KeyRefusal::kUnknown);
  EXPECT_EQ(view.verify_operator(wrong, later).error(), KeyRefusal::kTooOften);
  const Timestamp much_later = kNow + Duration::seconds(10);
  EXPECT_TRUE(view.verify_operator(key, much_later).has_value());
  // From then on a wrong key costs next to nothing, and keeps nobody out.
  for (int i = 0; i < 100; ++i) EXPECT_EQ(view.verify_operator(wrong, much_later).error(), KeyRefusal::kUnknown);
  EXPECT_TRUE(view.verify_operator(key, much_later).has_value());
}

TEST_F(KeyStoreTest, added_keys_work_at_once_and_after_a_restart) {
  const auto store = open();
  KeyView view(*store);
  const FreshKey operator_key = store->add_operator_key("Ada", kNow).value();
  const FreshKey shop_key = store->add_shop_key({.name = "till"}, kNow).value();
  const auto check = [&](KeyView& any) {
    EXPECT_EQ(any.verify_operator(operator_key.text, kNow), operator_key.id);
    EXPECT_TRUE(any.verify_token(token_of(shop_key.text, shop_key.id), kNow).has_value());
  };
  check(view);
  const auto again = open();
  KeyView other(*again);
  check(other);
}

TEST_F(KeyStoreTest, a_shop_may_bring_its_own_keys) {
  const auto store = open();
  KeyView view(*store);
  const std::string secret = "the shop's own secret, 32 bytes at least";
  ASSERT_TRUE(store->add_shop_key({.name = "own", .id = "own-1", .secret = secret}, kNow).has_value());
  EXPECT_TRUE(view.verify_token(token_of(secret, "own-1"), kNow).has_value());

  Ed25519PrivateKey key = Ed25519PrivateKey::generate();
  const NewShopKey wanted{.name = "edge", .id = "edge", .public_key = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};
  const FreshKey fresh = store->add_shop_key(wanted, kNow).value();
  EXPECT_EQ(fresh.text, "");
  EXPECT_EQ(view.keys().records.shops.back().algorithm, JwtAlgorithm::kEdDsa);
}

TEST_F(KeyStoreTest, bad_new_keys_are_refused_with_advice) {
  const auto store = open();
  const auto message = [&](const NewShopKey& wanted) { return store->add_shop_key(wanted, kNow).error().message; };
  EXPECT_THAT(message({.name = ""}), HasSubstr("needs a name"));
  EXPECT_THAT(message({.name = "x", .id = "a b"}), HasSubstr("letters"));
  EXPECT_THAT(message({.name = "x", .secret = "short"}), HasSubstr("32 to 512 bytes"));
  EXPECT_THAT(message({.name = "x", .public_key = "junk"}), HasSubstr("not an Ed25519 public key"));
  EXPECT_THAT(message({.name = "x", .public_key = "junk", .secret = "junk"}), HasSubstr("not both"));
  ASSERT_TRUE(store->add_shop_key({.name = "x", .id = "twice"}, kNow).has_value());
  EXPECT_THAT(message({.name = "x", .id = "twice"}), HasSubstr("already"));
}

TEST_F(KeyStoreTest, there_is_room_for_64_shop_keys) {
  const auto store = open();
  for (int i = 0; i < 63; ++i) ASSERT_TRUE(store->add_shop_key({.name = "x"}, kNow).has_value());
  EXPECT_EQ(store->add_shop_key({.name = "x"}, kNow).error().code, ErrorCode::kLimit);
}

TEST_F(KeyStoreTest, revoked_keys_are_refused_at_once_and_for_good) {
  const auto store = open();
  KeyView view(*store);
  const FreshKey key = store->add_operator_key("Ada", kNow).value();
  const FreshKey shop = store->add_shop_key({.name = "till"}, kNow).value();
  EXPECT_TRUE(view.verify_operator(key.text, kNow).has_value());
  ASSERT_TRUE(store->revoke(key.id).has_value());
  ASSERT_TRUE(store->revoke(shop.id).has_value());
  EXPECT_FALSE(view.verify_operator(key.text, kNow).has_value());
  EXPECT_EQ(view.verify_token(token_of(shop.text, shop.id), kNow).error(), JwtRefusal::kUnknownKey);
  const auto again = open();
  EXPECT_FALSE(KeyView(*again).verify_operator(key.text, kNow).has_value());
  EXPECT_EQ(store->revoke(key.id).error().code, ErrorCode::kNotFound);
}

TEST_F(KeyStoreTest, the_last_operator_key_stays) {
  const auto store = open();
  const std::string id = store->snapshot()->records.operators[0].id;
  EXPECT_EQ(store->revoke(id).error().code, ErrorCode::kConflict);
}

TEST_F(KeyStoreTest, damage_is_named_with_what_to_do) {
  (void)open();
  const std::string good = content("keys.json");
  ASSERT_TRUE(replace_file(folder_ / "keys.json", good.substr(0, good.size() / 2), 0600).has_value());
  EXPECT_THAT(refusal(), HasSubstr("keys.json is damaged: the JSON is refused at byte"));
  ASSERT_TRUE(
      replace_file(folder_ / "keys.json", R"({"format":"doorbuster-keys","version":2,"operators":[],"shops":[]})", 0600)
          .has_value());
  EXPECT_THAT(refusal(), HasSubstr("/version: 2 is too large: this server reads version 1"));
  ASSERT_TRUE(replace_file(folder_ / "keys.json", good, 0600).has_value());
  ASSERT_TRUE(replace_file(folder_ / "master.key", "short", 0600).has_value());
  EXPECT_THAT(refusal(), HasSubstr("5 bytes instead of 32"));
  fs::remove(folder_ / "master.key");
  EXPECT_THAT(refusal(), HasSubstr("is missing though keys.json is there"));
}

TEST_F(KeyStoreTest, files_that_others_may_read_are_refused) {
  (void)open();
  ASSERT_EQ(::chmod((folder_ / "keys.json").c_str(), 0644), 0);
  EXPECT_THAT(refusal(), HasSubstr("chmod 600"));
}

TEST_F(KeyStoreTest, a_first_start_that_was_cut_short_is_made_again) {
  (void)open();
  fs::remove(folder_ / "keys.json");  // the last file of a first start
  const auto store = open();
  EXPECT_EQ(store->start(), KeyStore::Start::kFirst);
  EXPECT_TRUE(KeyView(*store).verify_operator(content("operator.key"), kNow).has_value());
}

TEST_F(KeyStoreTest, readers_and_a_changer_run_side_by_side) {
  const auto store = open();
  const std::string token = token_of(content("shop.key"));
  std::atomic<bool> done{false};
  const auto read = [&] {
    KeyView view(*store);
    while (!done) EXPECT_TRUE(view.verify_token(token, kNow).has_value());
  };
  std::thread one(read);
  std::thread two(read);
  for (int i = 0; i < 20; ++i) {
    const FreshKey key = store->add_shop_key({.name = "x"}, kNow).value();
    EXPECT_TRUE(store->revoke(key.id).has_value());
  }
  done = true;
  one.join();
  two.join();
}

TEST(ApiKey, the_hash_fits_its_secret_only) {
  const std::string hash = hash_secret("secret");
  EXPECT_TRUE(is_secret_hash(hash)) << hash;
  EXPECT_TRUE(secret_fits(hash, "secret"));
  EXPECT_FALSE(secret_fits(hash, "Secret"));
  EXPECT_FALSE(secret_fits("$argon2id$v=19$m=9999999,t=2,p=1$AAAA$BBBB", "secret"));
}

TEST(ApiKey, keys_are_taken_apart_only_in_their_exact_form) {
  const std::string text = key_text(kOperatorPrefix, {.id = "0123456789ab", .secret = std::string(42, '_') + "8"});
  const auto parts = parse_key(kOperatorPrefix, text);
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->id, "0123456789ab");
  for (const std::string& wrong :
       {text + "x", text.substr(1), "dbs" + text.substr(3), "dbk_0123456789AB_" + std::string(43, 'A'),
        "dbk_0123456789ab-" + std::string(43, 'A'), "dbk_0123456789ab_" + std::string(43, '!')}) {
    EXPECT_FALSE(parse_key(kOperatorPrefix, wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace doorbuster::auth
