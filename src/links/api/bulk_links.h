// POST /api/v1/urls/bulk and /import on their way: numbers from the cell, links from the maker, the answer to whoever
// waits.
#pragma once

#include <string>

#include "base/slot_pool.h"
#include "links/api/bulk_maker.h"
#include "links/api/click_recorder.h"
#include "links/api/link_callers.h"
#include "net/loop.h"
#include "platform/api/call.h"
#include "platform/api/late_answers.h"

namespace doorbuster::links {

class BulkLinks {
 public:
  // All outlive it.
  BulkLinks(net::Loop& loop, LinksClient& cell, BulkMaker& maker);

  // Answers now or later.
  void create(const platform::Call& call, const LinkCaller& caller);
  // The same of links that come from elsewhere, for an operator.
  void import(const platform::Call& call, const std::string& operator_id, ImportAsked asked);

 private:
  struct Pending {
    net::Ticket exchange;
    BulkRequest request;
  };
  void hand_over(net::Ticket ticket, BulkRequest request);
  void take_numbers(const LinksClient::Answer& answer);
  static void respond(net::Exchange& exchange, BulkAnswer&& answer);

  net::Loop& loop_;
  LinksClient& cell_;
  BulkMaker& maker_;
  const uint32_t owner_;
  platform::LateAnswers<BulkAnswer> answers_;
  SlotPool<Pending> pending_;
};

}  // namespace doorbuster::links
