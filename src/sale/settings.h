// What an operator can set of the sale service. The initialisers of these fields, here or where their types stand (the
// machine's limits: machine/state.h), are the defaults, and the only ones; words and ranges stand in settings.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "cell/cell.h"
#include "ops/settings/table.h"
#include "sale/machine/state.h"

namespace doorbuster::sale {

enum class PaymentAdapter : uint8_t { kSandbox, kHttp };
inline constexpr std::array<std::string_view, 2> kPaymentAdapterNames = {"sandbox", "http"};

struct PaymentSettings {
  PaymentAdapter adapter = PaymentAdapter::kSandbox;
  std::string url = "http://127.0.0.1:8090";
  std::string secret;
  Duration timeout = Duration::seconds(10);
};

struct ShopKeySettings {
  std::string id;
  std::string secret;      // HS256
  std::string public_key;  // EdDSA
};

struct AdmissionSettings {
  std::vector<std::string> return_to;
  Duration life_max = Duration::seconds(600);
};

struct ServiceSettings {
  uint32_t cells = 1;
  Capacity capacity;  // of each cell
  cell::CellOptions cell;
  uint32_t ring_commands = 4'096;  // of each reactor, to all cells
  PaymentSettings payment;
  std::vector<ShopKeySettings> shop_keys;
  bool keep_customer_ids = false;
  AdmissionSettings admissions;
};

// The settings outlive the table.
void add_settings(ops::SettingsTable& table, ServiceSettings& settings);

// What must hold between them, beyond the range of each: adds a sentence for what does not.
void validate(const ServiceSettings& settings, std::vector<std::string>& errors);

}  // namespace doorbuster::sale
