// What the tests of the API have in common: a server, an operator, some customers, and a sale to begin with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "sale/testing/sale_server.h"

namespace doorbuster::sale::testing {

inline constexpr std::string_view kSales = "/api/v1/sales";
inline constexpr std::string_view kPs5 = "/api/v1/sales/ps5";

class ApiTest : public ::testing::Test {
 protected:
  explicit ApiTest(SaleServer::Options options = {}) : server_(options) {}

  Answer ask(std::string_view method, std::string_view target, const Fields& fields = {}, std::string_view body = {}) {
    return server_.ask(method, target, fields, body);
  }
  Answer as_operator(std::string_view method, std::string_view target, std::string_view body = {}) {
    return ask(method, target, {server_.operator_key()}, body);
  }
  Answer as_customer(std::string_view sub, std::string_view method, std::string_view target) {
    return ask(method, target, {server_.customer(sub)});
  }

  // "ps5", open at once; `members` are further settings: R"("queue":"none","units":2)".
  Answer create(std::string_view members, std::string_view opens_at = "2026-11-27T10:00:00Z") {
    return as_operator(
        "POST", kSales,
        R"({"id":"ps5","title":"PS5","opens_at":")" + std::string(opens_at) + R"(",)" + std::string(members) + "}");
  }
  Answer reserve(std::string_view sub) { return as_customer(sub, "POST", std::string(kPs5) + "/holds"); }
  Answer join(std::string_view sub) { return as_customer(sub, "POST", std::string(kPs5) + "/queue"); }
  // Their hold's or entry's path.
  [[nodiscard]] static std::string hold_path(const Answer& held) { return "/api/v1/holds/" + held.text("id"); }
  [[nodiscard]] static std::string entry_path(const Answer& joined) {
    return std::string(kPs5) + "/queue/" + joined.text("id");
  }
  Answer pay(std::string_view sub, const Answer& held) {
    return as_customer(sub, "POST", hold_path(held) + "/payment");
  }
  // What the provider calls to say what became of a hold's payment.
  // Of all that was asked for, unless another amount is named.
  Answer provider_says(const Answer& hold, std::string_view result, int attempt = 1, std::string_view reference = "r",
                       std::optional<Money> paid = {}) {
    const auto id = server_.service().context().ids.open(hold.text("id"), auth::IdKind::kHold);
    const std::string body = R"({"sale":)" + std::to_string(id.value().sale) + R"(,"hold":)" +
                             std::to_string(id.value().number) + R"(,"attempt":)" + std::to_string(attempt) +
                             R"(,"result":")" + std::string(result) + R"(","reference":")" + std::string(reference) +
                             R"(","amount":)" + json_of(paid.value_or(asked_in(SaleNumber(id.value().sale)))) + "}";
    return ask("POST", "/api/v1/payments/events", {"Signature: genuine"}, body);
  }

  static std::string json_of(const Money& money) {
    return R"({"amount":)" + std::to_string(money.amount) + R"(,"currency":")" + std::string(money.currency.code()) +
           R"("})";
  }
  Money asked_in(SaleNumber sale) {
    const auto page = server_.service().directory().page();
    const Listing* listing = page->find(sale);
    return listing == nullptr ? Money{0, Currency("XXX")} : price_of(listing->settings);
  }

  // Time passes, and the cells have noticed: a look at a hold that is not there makes them do first what is due.
  void wait(int64_t seconds) {
    server_.clock().advance(Duration::seconds(seconds));
    server_.service().directory().page()->for_each([this](const Listing& listing) {
      const auto none = server_.service().context().ids.seal({auth::IdKind::kHold, listing.number.value(), UINT64_MAX});
      (void)as_customer("nobody", "GET", "/api/v1/holds/" + std::string(auth::view(none)));
    });
  }

  // Waits until the views have heard all that is durable by now.
  void catch_up() {
    const Engine& service = server_.service();
    const AllViews& views = service.context().views;
    const auto has_heard_all = [&] {
      for (uint32_t cell = 0; cell < service.cells(); ++cell) {
        const Sequence heard = views.of(CellId(cell)).position();
        if (heard.value() < service.probe(CellId(cell)).durable_tail.load()) return false;
      }
      return views.caught_up();
    };
    for (int i = 0; i < 5'000; ++i) {
      if (has_heard_all()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    FAIL() << "the views did not follow";
  }

  SaleServer server_;
};

// status and problem type together: EXPECT_THAT(answer, Refuses(409, "sold-out")).
MATCHER_P2(Refuses, status, slug, "") {
  *result_listener << "got " << arg.status << ' ' << arg.problem() << ": " << arg.body;
  return arg.status == status && arg.problem() == slug;
}

}  // namespace doorbuster::sale::testing
