#include "sim/answers.h"

#include <boost/json.hpp>
#include <charconv>

#include "net/problem.h"
#include "sale/api/refusals.h"
#include "sim/cells.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

namespace json = boost::json;

constexpr std::string_view kVersion = "HTTP/1.1 ";

int number_at(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string_view member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

uint32_t count(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_number() ? found->to_number<uint32_t>() : 0;
}

Timestamp time(const json::object& object, std::string_view name) {
  return parse_rfc3339(member(object, name)).value_or(Timestamp());
}

// The state of that name.
template <class State>
State state_named(std::string_view name) {
  for (uint8_t i = 0; i < 16; ++i) {
    const auto state = static_cast<State>(i);
    if (sale::name_of(state) == name) return state;
  }
  ASSERT(false);
}

// The outside number that an id stands for.
template <class Number>
Number opened(std::string_view id, auth::IdKind kind) {
  const auto sealed = ServerKeys::get().ids().open(id, kind);
  ASSERT(sealed.has_value());
  return outside(sale::cell_of(sale::SaleNumber(sealed->sale)), Number::unpacked(sealed->number));
}

// Reads one answer into a Heard.
class Reader {
 public:
  Reader(const Question& question, const Plan& plan, PublicIds& ids) : question_(question), plan_(plan), ids_(ids) {}

  void read(const json::object& object, Heard& heard) {
    heard.outcome = sale::Outcome::kDone;
    if (question_.what == "create sale") {
      heard.sale = plan_.number_of(member(object, "id"));
    } else if (object.contains("redirect_url")) {
      read_order(object, heard);
    } else if (object.contains("position")) {
      read_entry(object, heard);
    } else if (object.contains("expires_at")) {
      read_hold(object, member(object, "id"), heard);
    }
  }

 private:
  static void read_annotations(const json::object& object, Heard& heard) {
    Annotations annotations{.client_reference = std::string(member(object, "client_reference")),
                            .metadata = {},
                            .customer_id = std::string(member(object, "customer_id"))};
    if (object.at("metadata").is_object()) annotations.metadata = json::serialize(object.at("metadata"));
    heard.annotations = std::move(annotations);
  }

  void read_hold(const json::object& object, std::string_view id, Heard& heard) {
    read_annotations(object, heard);
    const auto number = opened<sale::HoldNumber>(id, auth::IdKind::kHold);
    ids_.note_hold(number, id);
    if (const auto order = member(object, "order"); !order.empty()) ids_.note_order(number, order);
    heard.sale = plan_.number_of(member(object, "sale"));
    heard.hold = sale::HoldView{.number = number,
                                .sale = heard.sale,
                                .state = state_named<sale::HoldState>(member(object, "state")),
                                .expires_at = time(object, "expires_at"),
                                .attempts = member(object, "order").empty() ? uint8_t{0} : uint8_t{1}};
  }

  void read_order(const json::object& object, Heard& heard) {
    read_hold(object, member(object, "hold"), heard);
    ids_.note_order(heard.hold->number, member(object, "id"));
    heard.hold->attempts = static_cast<uint8_t>(count(object, "attempts"));
    heard.hold->refund = state_named<sale::RefundState>(member(object, "refund"));
    heard.redirect_url = member(object, "redirect_url");
  }

  // Where nobody draws, the place is the number in which one came.
  void read_entry(const json::object& object, Heard& heard) {
    read_annotations(object, heard);
    const std::string_view id = member(object, "id");
    const auto number = opened<sale::EntryNumber>(id, auth::IdKind::kEntry);
    heard.sale = plan_.number_of(member(object, "sale"));
    const sale::Settings& settings = plan_.sales[heard.sale.value()];
    ids_.note_entry(number, settings.id, id);
    const uint32_t position = count(object, "position");
    heard.entry = sale::EntryView{.number = number,
                                  .sale = heard.sale,
                                  .state = state_named<sale::EntryState>(member(object, "state")),
                                  .position = position,
                                  .arrival = settings.queue == sale::QueueKind::kDraw ? 0 : position,
                                  .people_ahead = count(object, "people_ahead"),
                                  .claim_until = time(object, "claim_until"),
                                  .hold = {}};
    if (const json::value* receipt = object.if_contains("receipt"); receipt != nullptr && receipt->is_object())
      read_receipt(receipt->get_object(), heard);
    const bool is_old = question_.what == "join" && heard.status == 200;
    if (is_old) heard.outcome = sale::Outcome::kAlready;
  }

  static void read_receipt(const json::object& object, Heard& heard) {
    heard.receipt = Receipt{.index = count(object, "index"),
                            .leaf = std::string(member(object, "leaf")),
                            .commitment = std::string(member(object, "commitment"))};
    heard.entry->arrival = count(object, "index") + 1;
  }

  const Question& question_;
  const Plan& plan_;
  PublicIds& ids_;
};

// A refusal says why in its problem's type; a hold that is over says how.
void read_problem(const json::object& object, const Question& question, Heard& heard) {
  heard.problem = member(object, "type");
  if (heard.problem.starts_with(net::kProblemTypeBase)) heard.problem.erase(0, net::kProblemTypeBase.size());
  heard.outcome = sale::Outcome::kNotFound;
  for (auto each = sale::Outcome::kSoldOut; each <= last_of(sale::Outcome{});
       each = static_cast<sale::Outcome>(static_cast<int>(each) + 1)) {
    if (sale::slug_of(each) == heard.problem) heard.outcome = each;
  }
  const bool is_over = heard.outcome == sale::Outcome::kExpired || heard.outcome == sale::Outcome::kReleased;
  if (!is_over || question.what != "look up hold") return;
  heard.hold = sale::HoldView{
      .number = *question.hold,
      .state = heard.outcome == sale::Outcome::kExpired ? sale::HoldState::kExpired : sale::HoldState::kReleased,
      .expires_at = {}};
  heard.outcome = sale::Outcome::kDone;
}

}  // namespace

bool is_whole_answer(std::string_view text) {
  const size_t end = text.find(kHeadEnd);
  if (end == std::string_view::npos) return false;
  const int length = number_at(field_of(text.substr(0, end + 2), "Content-Length"));
  return text.size() >= end + kHeadEnd.size() + static_cast<size_t>(length);
}

int status_of(std::string_view text) {
  ASSERT(text.starts_with(kVersion));
  return number_at(text.substr(kVersion.size(), 3));
}

std::string_view field_of(std::string_view head, std::string_view name) {
  const size_t found = head.find("\r\n" + std::string(name) + ": ");
  if (found == std::string_view::npos) return {};
  const std::string_view rest = head.substr(found + name.size() + 4);
  return rest.substr(0, rest.find("\r\n"));
}

Heard read_answer(std::string_view text, const Question& question, const Plan& plan, PublicIds& ids) {
  ASSERT(is_whole_answer(text));
  std::string body(text.substr(text.find(kHeadEnd) + kHeadEnd.size()));
  return read_body(status_of(text), std::move(body), question, plan, ids);
}

Heard read_body(int status, std::string text, const Question& question, const Plan& plan, PublicIds& ids) {
  Heard heard;
  heard.status = status;
  heard.sale = question.sale;
  heard.body = std::move(text);
  const json::value body = json::parse(heard.body);
  if (heard.status < 300) {
    Reader(question, plan, ids).read(body.as_object(), heard);
  } else {
    read_problem(body.as_object(), question, heard);
  }
  return heard;
}

std::string text_of(const Heard& heard) {
  std::string text = std::to_string(heard.status);
  if (!heard.problem.empty()) return text + " " + heard.problem;
  const auto& reply = static_cast<const sale::Reply&>(heard);
  return text + " " + text_of(reply);
}

}  // namespace doorbuster::sim
