#include "sale/api/order_filter.h"

#include <array>
#include <string>

#include "base/annotations_json.h"
#include "net/text.h"
#include "platform/api/problems.h"

namespace doorbuster::sale {
namespace {

constexpr std::array kStates = {HoldState::kHeld, HoldState::kPaying, HoldState::kSold, HoldState::kReleased,
                                HoldState::kExpired};

// Reads one parameter at a time; the first that is wrong is answered.
class FilterReader {
 public:
  explicit FilterReader(const platform::Call& call) : call_(call) {}

  // Empty where it was not sent.
  std::string reference() {
    const auto text = decoded("client_reference", net::PlusSign::kSpace);
    if (text && !is_client_reference(*text))
      refuse("client_reference has to be 1 to 128 bytes without control characters");
    return text.value_or("");
  }

  std::optional<HoldState> state() {
    const auto text = decoded("state", net::PlusSign::kLiteral);
    if (!text) return std::nullopt;
    for (const HoldState state : kStates) {
      if (name_of(state) == *text) return state;
    }
    refuse("state has to be held, paying, sold, released or expired");
    return std::nullopt;
  }

  std::optional<Timestamp> time(std::string_view name) {
    const auto text = decoded(name, net::PlusSign::kLiteral);
    if (!text) return std::nullopt;
    const Result<Timestamp> parsed = parse_rfc3339(*text);
    if (parsed) return *parsed;
    refuse(std::string(name) + " has to be a time: write it as RFC 3339, for example 2026-11-27T10:00:00Z");
    return std::nullopt;
  }

  [[nodiscard]] bool is_right() const { return is_right_; }

 private:
  std::optional<std::string> decoded(std::string_view name, net::PlusSign plus) {
    const auto text = call_.request.query_parameter(name);
    if (!text || !is_right_) return std::nullopt;
    const auto plain = net::percent_decode(*text, buffer_, plus);
    if (plain) return std::string(*plain);
    refuse(std::string(name) + " is too long, or not percent-encoded as an address has it");
    return std::nullopt;
  }

  void refuse(const std::string& detail) {
    if (is_right_) platform::respond_invalid(call_.exchange, call_.request.path(), detail);
    is_right_ = false;
  }

  const platform::Call& call_;
  std::array<char, 256> buffer_;
  bool is_right_ = true;
};

}  // namespace

std::optional<OrderFilter> order_filter_of(const platform::Call& call) {
  FilterReader reader(call);
  OrderFilter filter{.client_reference = reader.reference(), .state = reader.state(), .from = {}};
  filter.from = reader.time("from").value_or(Timestamp());
  filter.to = reader.time("to");
  return reader.is_right() ? std::optional(std::move(filter)) : std::nullopt;
}

}  // namespace doorbuster::sale
