#include "auth/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <regex>
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
  [[nodiscard]] std::string refusal(const KeySurroundings& around = {}) const {
    auto store = KeyStore::open(folder_, kNow, around);
    EXPECT_FALSE(store.has_value());
    return store ? "" : store.error().message;
  }
  [[nodiscard]] std::string content(const char* name) const { return read_file(folder_ / name, 100'000).value(); }
  static std::string with_another_secret(std::string key) {
    key[20] = key[20] == 'A' ? 'B' : 'A';
    return key;
  }
  static std::string token_of(std::string_view secret, std::string_view id = "") {
    return JwtSigner::hs256(id, secret)
        .mint({.sub = "alice", .expires_at = kNow + Duration::seconds(60), .not_before = {}, .sale = {}});
  }

  // What version 1 did not have is taken out of keys.json.
  void make_older() const {
    std::string text = content("keys.json");
    text = std::regex_replace(text, std::regex(R"("version":2)"), R"("version":1)");
    const std::regex newer(R"(,"check":(?:[0-9]+|null)|,"origin":"[a-z]+"|,"revoked":.*[^}\n])");
    text = std::regex_replace(text, newer, "");
    ASSERT_TRUE(replace_file(folder_ / "keys.json", text, 0600).has_value());
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
  const std::string wrong = with_another_secret(key);
  EXPECT_FALSE(view.verify_operator(wrong, kNow).has_value());
  EXPECT_TRUE(view.verify_operator(key, kNow).has_value());
  EXPECT_FALSE(view.verify_operator(wrong, kNow).has_value());
  EXPECT_FALSE(view.verify_operator("", kNow).has_value());
  EXPECT_FALSE(view.verify_operator("dbk_000000000000_" + std::string(43, 'A'), kNow).has_value());
}

TEST_F(KeyStoreTest, wrong_secrets_keep_nobody_out_after_a_restart) {
  (void)open();
  const auto store = open();
  KeyView view(*store);
  const std::string key = content("operator.key");
  const std::string wrong = with_another_secret(key);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(view.verify_operator(wrong, kNow).error(), KeyRefusal::kUnknown) << i;
  EXPECT_TRUE(view.verify_operator(key, kNow).has_value());
}

TEST_F(KeyStoreTest, nobody_makes_it_prove_a_key_of_an_older_file_without_end) {
  (void)open();
  make_older();
  const auto store = open();
  KeyView view(*store);
  const std::string key = content("operator.key");
  const std::string wrong = with_another_secret(key);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(view.verify_operator(wrong, kNow).error(), KeyRefusal::kUnknown) << i;
  for (const std::string& any : {wrong, key}) EXPECT_EQ(view.verify_operator(any, kNow).error(), KeyRefusal::kTooOften);
  const Timestamp later = kNow + Duration::seconds(1);
  EXPECT_EQ(view.verify_operator(wrong, later).error(), KeyRefusal::kUnknown);
  EXPECT_EQ(view.verify_operator(wrong, later).error(), KeyRefusal::kTooOften);
  EXPECT_TRUE(view.verify_operator(key, kNow + Duration::seconds(10)).has_value());
  // Once it was proved its file is like a new one, so that is the last time.
  const auto again = open();
  KeyView other(*again);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(other.verify_operator(wrong, kNow).error(), KeyRefusal::kUnknown);
  EXPECT_TRUE(other.verify_operator(key, kNow).has_value());
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
      replace_file(folder_ / "keys.json", R"({"format":"doorbuster-keys","version":3,"operators":[],"shops":[]})", 0600)
          .has_value());
  EXPECT_THAT(refusal(), HasSubstr("/version: 3 is too large: this server reads versions 1 and 2"));
  ASSERT_TRUE(replace_file(folder_ / "keys.json", good, 0600).has_value());
  ASSERT_TRUE(replace_file(folder_ / "master.key", "short", 0600).has_value());
  EXPECT_THAT(refusal(), HasSubstr("5 bytes instead of 32"));
  fs::remove(folder_ / "master.key");
  EXPECT_THAT(refusal(), HasSubstr("master.key is missing though this folder is in use"));
}

// Whoever flips a bit of either finds out before a customer does.
TEST_F(KeyStoreTest, every_flipped_bit_is_found) {
  (void)open();
  for (const char* name : {"master.key", "keys.json"}) {
    const std::string good = content(name);
    for (size_t i = 0; i + 1 < good.size(); i += name[0] == 'm' ? 1 : 7) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1);
      ASSERT_TRUE(replace_file(folder_ / name, bad, 0600).has_value());
      EXPECT_THAT(refusal(), HasSubstr("keys.json is damaged")) << name << " " << i;
    }
    ASSERT_TRUE(replace_file(folder_ / name, good, 0600).has_value());
  }
  EXPECT_EQ(open()->start(), KeyStore::Start::kAgain);
}

TEST_F(KeyStoreTest, keys_fit_one_log_only) {
  const LogId mine{std::byte{1}};
  const LogId other{std::byte{2}};
  const auto store = open();
  ASSERT_TRUE(store->bind(mine).has_value());
  const Digest fingerprint = fingerprint_of(store->master_key());
  const KeySurroundings good{
      .has_history = true, .must_have_log = true, .log = mine, .log_keys = fingerprint, .has_log = true};
  EXPECT_TRUE(KeyStore::open(folder_, kNow, good).has_value());
  KeySurroundings without = good;
  without.log.reset();
  without.log_keys.reset();
  EXPECT_THAT(refusal(without), HasSubstr("is not the log that"));
  without.has_log = false;
  EXPECT_THAT(refusal(without), HasSubstr("log is missing though"));
  KeySurroundings of_other = good;
  of_other.log = other;
  EXPECT_THAT(refusal(of_other), HasSubstr("is not the log that"));
  of_other.log_keys = sha256(as_bytes("other"));
  EXPECT_THAT(refusal(of_other), HasSubstr("master.key is damaged, or of another server than"));
  EXPECT_TRUE(KeyStore::open(folder_, kNow, {.has_history = true}).has_value());  // with a log in memory
}

TEST_F(KeyStoreTest, keys_are_not_made_anew_beside_what_a_server_left) {
  ASSERT_TRUE(open()->bind(LogId{std::byte{1}}).has_value());
  const std::string master = content("master.key");
  const std::string key = content("operator.key");
  fs::remove(folder_ / "keys.json");
  EXPECT_THAT(refusal({.has_history = true}), HasSubstr("--keys-allow-new"));
  EXPECT_EQ(content("operator.key"), key);
  const auto store = KeyStore::open(folder_, kNow, {.has_history = true, .allow_new = true});
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(content("master.key"), master);
  EXPECT_NE(content("operator.key"), key);
  fs::remove(folder_ / "keys.json");
  fs::remove(folder_ / "master.key");
  EXPECT_THAT(refusal({.has_history = true, .allow_new = true}), HasSubstr("master.key is missing though"));
}

TEST_F(KeyStoreTest, a_folder_of_an_older_release_is_bound_from_its_first_start_on) {
  (void)open();
  make_older();
  const LogId log{std::byte{1}};
  KeySurroundings around{.has_history = true, .must_have_log = true, .has_log = true};
  const auto store = KeyStore::open(folder_, kNow, around);
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE((*store)->bind(log).has_value());
  EXPECT_THAT(refusal(around), HasSubstr("is not the log that"));
  make_older();
  around.has_log = false;
  EXPECT_THAT(refusal(around), HasSubstr("log is missing though"));
}

TEST_F(KeyStoreTest, a_retired_admission_key_does_not_come_back_with_an_older_file) {
  const auto store = open();
  ASSERT_TRUE(store->rotate_admission_key(kNow, Duration::seconds(60), RotationHaste::kNone).has_value());
  const std::string older = content("admission-keys.json");
  ASSERT_TRUE(store->rotate_admission_key(kNow, Duration::seconds(60), RotationHaste::kNone).has_value());
  EXPECT_EQ(open()->start(), KeyStore::Start::kAgain);
  ASSERT_TRUE(replace_file(folder_ / "admission-keys.json", older, 0600).has_value());
  EXPECT_THAT(refusal(), HasSubstr("admission-keys.json is missing, or older than keys.json"));
  fs::remove(folder_ / "admission-keys.json");
  EXPECT_THAT(refusal(), HasSubstr("admission-keys.json is missing, or older than keys.json"));
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
