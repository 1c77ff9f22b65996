// What the sale's calls share on all reactors: published state and the keys. Everything here may be used from any
// thread.
#pragma once

#include <functional>
#include <string>

#include "auth/customer_id.h"
#include "auth/guest_cookie.h"
#include "auth/keys.h"
#include "auth/sealed_id.h"
#include "base/time.h"
#include "platform/api/gate.h"
#include "platform/operators/operator_authenticator.h"
#include "sale/api/admissions.h"
#include "sale/api/entry_token.h"
#include "sale/api/payment_gateway.h"
#include "sale/api/refusal_counts.h"
#include "sale/api/report_token.h"
#include "sale/views/all_views.h"
#include "sale/views/directory.h"

namespace doorbuster::sale {

// How the requests of all listeners have fared in the last seconds.
struct HttpLoad {
  double requests_per_second = 0;
  uint64_t p50_micros = 0;  // 0 where there were none
  uint64_t p99_micros = 0;
};
using SampleLoad = std::function<HttpLoad(Timestamp now)>;

struct SaleContext {
  const Clock& clock;  // the server's
  const Clock& wall;   // what others' clocks are compared with
  platform::OperatorAccess& operators;
  auth::KeyStore& keys;
  platform::Gate& gate;
  auth::CustomerHasher customers;
  auth::IdSealer ids;
  auth::GuestCookies cookies;
  EntryTokens entry_tokens;
  ReportTokens report_tokens;
  const AdmissionOptions admissions;
  const bool keeps_customer_ids;  // the shop's own, where a token names them
  Directory& directory;
  AllViews views;
  Uniformities uniformities;
  PaymentGateway& payments;
  RefusalCounts refusals;
  const SampleLoad sample_load;  // empty where nobody measures it
};

}  // namespace doorbuster::sale
