// The sale's calls on one reactor: the parts that they need, and their routes.
//
// A call reads its request, finds out who asks, turns it into a command for the cell and defers; when the cell answers,
// it says so in HTTP. What needs no decision (public status, lists, pages) it answers at once from what has been
// published. The calls are free functions, a file for each sort of caller (*_calls.cc); routes.cc lists them.
#pragma once

#include "net/loop.h"
#include "platform/api/routes.h"
#include "platform/api/text_stream.h"
#include "sale/api/admission_flow.h"
#include "sale/api/catalog.h"
#include "sale/api/context.h"
#include "sale/api/deferred_calls.h"
#include "sale/api/entry_watch.h"
#include "sale/api/parts.h"
#include "sale/api/payment_wait.h"
#include "sale/api/request_reader.h"
#include "sale/api/sale_pages.h"
#include "sale/api/stalled_line.h"

namespace doorbuster::sale {

class SaleApi {
 public:
  // All outlive it.
  SaleApi(SaleContext& context, net::Loop& loop, SaleClient& cell, platform::Operators operators);
  SaleApi(const SaleApi&) = delete;
  SaleApi& operator=(const SaleApi&) = delete;

  // Which it outlives.
  void add_to(platform::Routes& routes);

 private:
  void add_ticks(net::Loop& loop);

  SaleCatalog catalog_;
  RequestReader reader_;
  SalePages pages_;
  StalledLine stalled_;
  auth::AdmissionVerifier verifier_;
  platform::TextStream texts_;
  EntryWatch watch_;
  AdmissionFlow admissions_;
  PaymentWait payments_;
  const SaleParts parts_;
  DeferredCalls calls_;
};

}  // namespace doorbuster::sale
