// What the world outside asks of a server, as requests; and the ids of its holds, entries and orders, which it knows by
// the answers that it got.
//
// Customers, staff and bank think in the machine's commands, with sales numbered as in the plan. Nothing but the text
// of the request goes to the server.
#pragma once

#include <map>
#include <string>

#include "sale/machine/command.h"
#include "sim/plan.h"

namespace doorbuster::sim {

struct Request {
  std::string_view method;
  std::string path;
  std::string fields;  // with their line ends
  std::string body;

  [[nodiscard]] std::string text() const;
};

// What the staff's browser sends with each request once it has logged in.
struct StaffSession {
  std::string fields;        // with their line ends
  bool may_be_over = false;  // somebody has asked to end it
};

// Public ids, by what they stand for.
class PublicIds {
 public:
  void note_hold(sale::HoldNumber hold, std::string_view id) { holds_.try_emplace(hold, id); }
  void note_order(sale::HoldNumber hold, std::string_view id) { orders_.try_emplace(hold, id); }
  void note_entry(sale::EntryNumber entry, std::string_view sale, std::string_view id) {
    entries_.try_emplace(entry, "/api/v1/sales/" + std::string(sale) + "/queue/" + std::string(id));
  }

  // By what the staff asks from now on; else by the key.
  void begin_session(const StaffSession& session) { session_ = &session; }
  void end_session() { session_ = nullptr; }
  [[nodiscard]] const StaffSession* session() const { return session_; }

  [[nodiscard]] std::string path_of(sale::HoldNumber hold) const { return "/api/v1/holds/" + holds_.at(hold); }
  [[nodiscard]] std::string path_of(sale::EntryNumber entry) const { return entries_.at(entry); }
  // Only once a payment was started.
  [[nodiscard]] std::string path_of_order(sale::HoldNumber hold) const { return "/api/v1/orders/" + orders_.at(hold); }

 private:
  const StaffSession* session_ = nullptr;
  std::map<sale::HoldNumber, std::string> holds_;
  std::map<sale::HoldNumber, std::string> orders_;
  std::map<sale::EntryNumber, std::string> entries_;
};

// How everything begins that the customer of that number attaches as a reference.
[[nodiscard]] inline std::string reference_of(uint32_t customer) { return "=" + std::to_string(customer) + "#"; }

// What stands in the field Idempotency-Key.
[[nodiscard]] inline std::string key_text(const sale::Idempotency& idempotency) {
  return "key-" + std::to_string(idempotency.key);
}

// The request that asks for the command. `at` is when it is sent: the bank signs that.
[[nodiscard]] Request request_of(const sale::Command& command, const Plan& plan, const PublicIds& ids, Timestamp at);
// The request that asks to be told of an entry as long as something happens to it. Somebody who was told before says
// so.
[[nodiscard]] Request request_to_watch(const sale::LookUpEntry& command, const PublicIds& ids, bool again);
// The same as to look up a hold, by the order of its payments.
[[nodiscard]] Request request_for_order(const sale::LookUpHold& command, const PublicIds& ids);

}  // namespace doorbuster::sim
