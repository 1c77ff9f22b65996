#include "guard/challenge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <set>

#include "base/base64.h"
#include "base/encoding.h"
#include "base/json.h"

namespace doorbuster::guard {
namespace {

constexpr Timestamp kNow = Timestamp::from_micros(1'700'000'000'000'000);
constexpr Duration kLife = Duration::seconds(300);
constexpr Work kLittle{.cost = 2, .derivations = 10};

std::string_view text_of(const JsonObject& object, std::string_view name) { return object.required(name).string(); }

struct Found {
  int64_t counter = 0;
  std::string key;
};

// As a client does it: by what the challenge says, and by trying.
Found solve(const std::string& challenge) {
  JsonDocument document(challenge);
  const JsonObject parameters = document.root().required("parameters").object();
  std::array<unsigned char, 20> password{};
  std::array<unsigned char, 16> salt{};
  EXPECT_TRUE(from_hex(text_of(parameters, "nonce"), std::as_writable_bytes(std::span(password).first<16>())));
  EXPECT_TRUE(from_hex(text_of(parameters, "salt"), std::as_writable_bytes(std::span(salt))));
  const auto cost = static_cast<uint64_t>(parameters.required("cost").integer());
  const auto block = static_cast<uint64_t>(parameters.required("memoryCost").integer());
  for (int64_t counter = 0; counter < 100'000; ++counter) {
    for (size_t i = 0; i < 4; ++i) password[16 + i] = static_cast<unsigned char>(counter >> (24 - 8 * i));
    std::array<unsigned char, 32> key{};
    EXPECT_EQ(EVP_PBE_scrypt(reinterpret_cast<const char*>(password.data()), password.size(), salt.data(), salt.size(),
                             cost, block, 1, 1 << 26, key.data(), key.size()),
              1);
    const std::string hex = to_hex(std::as_bytes(std::span(key)));
    if (hex.starts_with(text_of(parameters, "keyPrefix"))) return {counter, hex};
  }
  ADD_FAILURE() << "no counter solves " << challenge;
  return {};
}

std::string payload_of(const std::string& challenge, const Found& solution) {
  const std::string json = R"({"challenge":)" + challenge + R"(,"solution":{"counter":)" +
                           std::to_string(solution.counter) + R"(,"derivedKey":")" + solution.key +
                           R"(","time":12.5}})";
  return to_base64(as_bytes(json));
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what << " in " << text;
  return text.replace(at, what.size(), by);
}

class ChallengesTest : public ::testing::Test {
 protected:
  SolutionStatus use(const std::string& challenge, const Found& solution, Timestamp now = kNow) {
    return challenges_.use(payload_of(challenge, solution), now).status;
  }

  const Digest secret_ = sha256(as_bytes("a secret"));
  Challenges challenges_{secret_, 1'000, kNow};
  const std::string challenge_ = challenges_.make(kLittle, kNow, kLife);
  const Found solution_ = solve(challenge_);
};

TEST_F(ChallengesTest, are_solved_by_trying_and_good_once) {
  EXPECT_EQ(use(challenge_, solution_), SolutionStatus::kGood);
  EXPECT_EQ(use(challenge_, solution_), SolutionStatus::kUsed);
  EXPECT_EQ(use(challenge_, solution_, kNow + kLife - Duration::seconds(1)), SolutionStatus::kUsed);
}

TEST_F(ChallengesTest, take_about_as_many_tries_as_was_asked_for) {
  int64_t tries = 0;
  std::set<int64_t> seen;
  constexpr int kChallenges = 200;
  for (int i = 0; i < kChallenges; ++i) {
    const int64_t counter = solve(challenges_.make(kLittle, kNow, kLife)).counter;
    EXPECT_LT(counter, kLittle.derivations * 2);
    seen.insert(counter);
    tries += counter;
  }
  EXPECT_NEAR(static_cast<double>(tries) / kChallenges, kLittle.derivations, 2.5);
  EXPECT_LE(*seen.begin(), 1) << "nobody who knows that can begin later";
  EXPECT_GE(*seen.rbegin(), kLittle.derivations * 2 - 2);
}

TEST_F(ChallengesTest, differ_each_time) {
  EXPECT_NE(challenges_.make(kLittle, kNow, kLife), challenge_);
  EXPECT_EQ(use(challenges_.make(kLittle, kNow, kLife), solution_), SolutionStatus::kWrong);
}

TEST_F(ChallengesTest, end) {
  EXPECT_EQ(use(challenge_, solution_, kNow + kLife), SolutionStatus::kExpired);
  EXPECT_EQ(use(challenge_, solution_, kNow + kLife + kLife), SolutionStatus::kExpired);
  EXPECT_EQ(use(challenge_, solution_, kNow + kLife - Duration::millis(1)), SolutionStatus::kGood);
}

TEST_F(ChallengesTest, are_good_at_every_server_with_the_secret_and_at_no_other) {
  Challenges twin(secret_, 1'000, kNow);
  EXPECT_EQ(twin.use(payload_of(challenge_, solution_), kNow).status, SolutionStatus::kGood);
  Challenges stranger(sha256(as_bytes("another secret")), 1'000, kNow);
  EXPECT_EQ(stranger.use(payload_of(challenge_, solution_), kNow).status, SolutionStatus::kForged);
}

TEST_F(ChallengesTest, can_not_be_made_easier_or_longer) {
  const std::string expires = std::to_string((kNow + kLife).micros() / 1'000'000);
  EXPECT_EQ(use(replaced(challenge_, "\"cost\":2", "\"cost\":1"), solution_), SolutionStatus::kForged);
  EXPECT_EQ(use(replaced(challenge_, expires, "1900000000"), solution_), SolutionStatus::kForged);
  EXPECT_EQ(use(replaced(challenge_, "\"keyLength\":32", "\"keyLength\":1"), solution_), SolutionStatus::kForged);
  EXPECT_EQ(use(replaced(challenge_, "SCRYPT", "SHA-256"), solution_), SolutionStatus::kForged);
  EXPECT_EQ(use(replaced(challenge_, "\"signature\":\"", "\"signature\":\"00"), solution_), SolutionStatus::kMalformed);
  // What is signed with it was found by whoever made it, and not by who says that they have.
  EXPECT_EQ(use(challenge_, {solution_.counter, std::string(64, '0')}), SolutionStatus::kWrong);
  EXPECT_EQ(use(challenge_, {solution_.counter, ""}), SolutionStatus::kWrong);
  EXPECT_EQ(use(challenge_, solution_), SolutionStatus::kGood) << "none of this has used it up";
}

TEST_F(ChallengesTest, take_a_solution_in_their_format_and_nothing_else) {
  const std::string good = payload_of(challenge_, solution_);
  for (const std::string& payload :
       {std::string(), std::string("x"), good + "=", good.substr(4), std::string(5'000, 'A'), to_base64(as_bytes("{}")),
        to_base64(as_bytes("[]")), to_base64(as_bytes(R"({"challenge":{"parameters":{}},"solution":{}})")),
        to_base64(as_bytes(R"({"challenge":1,"solution":2})")), payload_of("null", solution_)}) {
    EXPECT_EQ(challenges_.use(payload, kNow).status, SolutionStatus::kMalformed) << payload;
  }
}

TEST_F(ChallengesTest, are_solved_by_one_derivation_with_the_secret) {
  const ChallengeSolver solver(secret_);
  const auto solution = solver.solve(challenge_);
  ASSERT_TRUE(solution) << solution.error().message;
  EXPECT_EQ(solution->derivations, solution_.counter + 1) << "as many as it takes without the secret";
  EXPECT_EQ(challenges_.use(solution->payload, kNow).status, SolutionStatus::kGood);
  EXPECT_EQ(use(challenge_, solution_), SolutionStatus::kUsed) << "it is the same challenge";
}

TEST_F(ChallengesTest, are_not_solved_with_another_secret_or_when_they_are_none) {
  const ChallengeSolver stranger(sha256(as_bytes("another secret")));
  EXPECT_EQ(stranger.solve(challenge_).error().code, ErrorCode::kNotGenuine);
  const ChallengeSolver solver(secret_);
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string(R"({"parameters":{}})"),
        replaced(challenge_, "\"cost\":2", "\"cost\":3"), replaced(challenge_, "\"cost\":2", "\"cost\":0"),
        replaced(challenge_, "\"nonce\":\"", "\"nonce\":\"zz")})
    EXPECT_EQ(solver.solve(text).error().code, ErrorCode::kInvalid) << text;
}

// Of what nobody can read there has to be nothing to see: the sealed counter is as even as the rest of the salt.
TEST_F(ChallengesTest, do_not_show_their_counter) {
  std::array<int, 256> seen{};
  constexpr int kChallenges = 2'560;
  for (int i = 0; i < kChallenges; ++i) {
    const std::string challenge = challenges_.make(kLittle, kNow, kLife);
    JsonDocument document(challenge);
    std::array<std::byte, 16> salt;
    EXPECT_TRUE(from_hex(text_of(document.root().required("parameters").object(), "salt"), salt));
    ++seen[static_cast<size_t>(salt[15])];
  }
  for (size_t value = 0; value < seen.size(); ++value) EXPECT_LT(seen[value], 40) << value;
}

}  // namespace
}  // namespace doorbuster::guard
