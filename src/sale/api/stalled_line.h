// A line that never moves, for those who shall wait for nothing (the guard's verdict "tarpit"): they are told of a
// place like everybody, may ask after it like everybody, and never have their turn.
//
// They cost what an answer costs: nothing is decided or kept, and the id that they get seals how many waited when they
// came. It is of a kind of its own, which nobody can tell but the server. What could be held against the server later
// is not given: no receipt of a draw, no admission.
#pragma once

#include "auth/sealed_id.h"
#include "base/json_writer.h"
#include "platform/api/gate.h"
#include "sale/api/caller.h"
#include "sale/api/catalog.h"
#include "sale/api/context.h"

namespace doorbuster::sale {

class StalledLine {
 public:
  // Both outlive it.
  StalledLine(const SaleContext& context, const SaleCatalog& catalog);

  // Answers who wants to join.
  void join(const platform::Call& call, const Listing& listing, const Caller& caller) const;
  // Answers who asks after such a place. Whether they may is settled before.
  void show(const platform::Call& call, const auth::SealedId& id) const;
  // The same, once they have left it.
  void show_left(const platform::Call& call, const auth::SealedId& id) const;
  // The truth, for the shop's staff.
  static void explain(const platform::Call& call);

 private:
  void respond(const platform::Call& call, const auth::SealedId& id, EntryState state) const;
  void write_members(JsonWriter& json, const Listing& listing, const auth::SealedId& id, EntryState state,
                     Timestamp now) const;

  const SaleCatalog& catalog_;
  const auth::IdSealer& ids_;
  const EntryTokens& tokens_;
  const auth::GuestCookies& cookies_;
};

// For a gate's question about somebody who wants to join.
class StalledJoin final : public platform::Stall {
 public:
  StalledJoin(const StalledLine& line, const platform::Call& call, const Listing& listing, const Caller& caller)
      : line_(line), call_(call), listing_(listing), caller_(caller) {}
  void answer() const override { line_.join(call_, listing_, caller_); }

 private:
  const StalledLine& line_;
  const platform::Call& call_;
  const Listing& listing_;
  const Caller& caller_;
};

}  // namespace doorbuster::sale
