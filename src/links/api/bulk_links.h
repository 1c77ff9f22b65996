// POST /api/v1/urls/bulk on its way: numbers from the cell, links from the maker, the answer to whoever waits.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/slot_pool.h"
#include "links/api/bulk_maker.h"
#include "links/api/click_recorder.h"
#include "net/loop.h"
#include "platform/api/call.h"

namespace doorbuster::links {

class BulkLinks {
 public:
  // All outlive it.
  BulkLinks(net::Loop& loop, LinksClient& cell, BulkMaker& maker);

  // `scope` keeps the keys of different operators apart. Answers now or later.
  void create(const platform::Call& call, const std::string& scope);

 private:
  struct Pending {
    net::Ticket exchange;
    BulkRequest request;
  };
  // Where the maker's thread leaves answers; it may outlive the reactor's part for a moment.
  struct Answers {
    std::mutex mutex;
    std::vector<std::pair<net::Ticket, BulkAnswer>> ready;
  };

  void take_numbers(const LinksClient::Answer& answer);
  void respond_ready();

  net::Loop& loop_;
  LinksClient& cell_;
  BulkMaker& maker_;
  const uint32_t owner_;
  net::Inbox& inbox_;
  SlotPool<Pending> pending_;
  const std::shared_ptr<Answers> answers_ = std::make_shared<Answers>();
};

}  // namespace doorbuster::links
