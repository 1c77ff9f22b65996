#include "guard/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guard/training_test_fixture.h"
#include "net/networks.h"

namespace doorbuster::guard {
namespace {

using platform::Asker;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string explained(std::string_view policy, std::string_view request, const RequestFacts& facts = {}) {
  const auto words = explain_request(parse_policy(policy, "policy").value(), request, facts);
  return words ? *words : words.error().message;
}

constexpr std::string_view kByCurl = "POST /api/v1/sales/drop/queue HTTP/1.1\nHost: x\nUser-Agent: curl/7.88.1\n\n{}";

TEST(Explain, names_the_rules_that_speak_and_what_is_done) {
  EXPECT_THAT(explained("", kByCurl),
              AllOf(StartsWith("score 0.65: delay\n"), HasSubstr("\n  0.30  no_account "),
                    HasSubstr("\n  0.25  no_browser "), HasSubstr("\n  0.10  no_page "),
                    HasSubstr("\nNot to be seen in one request: shared_instrument sessions_of_address ")));
}

TEST(Explain, follows_the_policy) {
  EXPECT_THAT(
      explained(
          "[verdicts.deny]\nfrom = 60\nshadow = true\n[verdicts.challenge]\nfrom = 60\n[verdicts.delay]\nfrom = 60\n",
          kByCurl),
      StartsWith("score 0.65: challenge\nin the shadow: deny\n"));
  EXPECT_THAT(explained("[signals.no_browser]\npoints = 0\n", kByCurl),
              AllOf(StartsWith("score 0.40: allow\n"), Not(HasSubstr("0.25"))));
}

TEST(Explain, takes_what_the_request_does_not_say_itself) {
  const RequestFacts facts{.address = net::parse_address("203.0.113.7").value(),
                           .asker = {.kind = Asker::Kind::kCustomer, .id = 1, .account_age_days = 2},
                           .country = {'D', 'E'}};
  EXPECT_THAT(explained("[networks]\ndata_centre = [\"203.0.113.0/24\"]\n", kByCurl, facts),
              AllOf(HasSubstr("young_account"), HasSubstr("data_centre"), Not(HasSubstr("no_account"))));
}

TEST(Explain, says_what_a_model_made_of_it_and_what_the_card_would) {
  const ModelFile model("explained.json");
  const std::string words = explained("[score]\nmodel = \"" + model.path() + "\"\n", kByCurl);
  EXPECT_THAT(words,
              AllOf(StartsWith("score 0."), HasSubstr("By the model " + model.path() + ", in log-odds of a bot:"),
                    HasSubstr("page_moves            unknown\n"), HasSubstr("  what it starts from"),
                    HasSubstr("The card alone would say 0.65:\n  0.30  no_account ")));
  EXPECT_THAT(explained("[score]\nmodel = \"/no/such.json\"\n", kByCurl), HasSubstr("can't be read"));
}

TEST(Explain, says_what_is_no_request) {
  EXPECT_THAT(explained("", "hello\n"), StartsWith("this is no head of an HTTP request: "));
  EXPECT_THAT(explained("", ""), StartsWith("this is no head of an HTTP request: "));
}

}  // namespace
}  // namespace doorbuster::guard
