// Requests from chosen addresses, and what a service would ask the guard about them. The policy lies in a file, so that
// it can be read again.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "base/testing/settable_clock.h"
#include "guard/guard.h"
#include "net/testing/manual_loop.h"

namespace doorbuster::guard {

using platform::Action;
using platform::Asker;
using ::testing::HasSubstr;
using ::testing::StartsWith;

inline constexpr Asker kNobody{};
inline constexpr Asker session(uint64_t id) { return {.kind = Asker::Kind::kSession, .id = id}; }
inline constexpr Asker customer(uint64_t id) { return {.kind = Asker::Kind::kCustomer, .id = id}; }

class GuardTest : public ::testing::Test, protected net::Handler {
 protected:
  GuardTest() {
    loop_.set_handler(*this);
    write("");
    guard_ = Guard::make({.policy = file_, .trusted_proxies = {"10.0.0.0/8"}, .keys = 1'000, .challenges = 16}, secret_,
                         clock_)
                 .value();
  }
  ~GuardTest() override { std::filesystem::remove(file_); }

  void write(const std::string& policy) { std::ofstream(file_) << policy; }
  void reload(const std::string& policy) {
    write(policy);
    ASSERT_TRUE(guard_->reload().has_value());
  }

  // "" if it passes, or else the answer.
  std::string ask(const std::string& from, const Asker& asker, Action action = Action::kReserve,
                  const std::string& fields = "") {
    question_.action = action;
    question_.asker = asker;
    assessment_ = {};
    const uint32_t connection = loop_.connect(net::parse_address(from).value());
    loop_.send(connection, "GET /somewhere HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    const std::string answer = loop_.take_output(connection);
    loop_.end(connection);
    return answer.ends_with("passed") ? "" : answer;
  }
  // How many of so many requests pass.
  int passing(int requests, const std::string& from, const Asker& asker, Action action = Action::kReserve) {
    int passed = 0;
    for (int i = 0; i < requests; ++i) passed += ask(from, asker, action).empty() ? 1 : 0;
    return passed;
  }

  void handle(const net::Request& request, net::Exchange& exchange) override {
    const platform::Call call{.request = request, .exchange = exchange, .match = {}, .now = clock_.now()};
    exchange_ = &exchange;
    assessment_ = guard_->pass(call, question_);
    if (assessment_) exchange.respond(net::Response{.body = "passed"});
  }

  const std::string file_ = std::filesystem::path(::testing::TempDir()) /
                            (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".toml");
  const Digest secret_ = sha256(as_bytes("a secret"));
  SettableClock clock_{Timestamp::from_micros(1'700'000'000'000'000)};
  net::testing::ManualLoop loop_;
  std::unique_ptr<Guard> guard_;
  platform::GateQuestion question_{.scope = "drop"};
  std::optional<Assessment> assessment_;  // of the last that was asked
  net::Exchange* exchange_ = nullptr;     // its, while it is decided
};

// Of whoever asks with no token, no browser and no page: 65 points of the usual card.
inline constexpr std::string_view kOnlyGuestsCount =
    "[signals.no_browser]\npoints = 0\n[signals.no_page]\npoints = 0\n";
inline std::string card(uint32_t no_account, const std::string& verdicts) {
  return std::string(kOnlyGuestsCount) + "[signals.no_account]\npoints = " + std::to_string(no_account) + "\n" +
         verdicts;
}

}  // namespace doorbuster::guard
