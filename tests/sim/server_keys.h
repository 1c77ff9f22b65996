// The keys of a simulated server, and what the world outside has of them: customers their tokens, guests their cookies,
// the staff a key, the bank a secret. All servers of a process have the same, as servers that share a data folder.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/customer_id.h"
#include "auth/guest_cookie.h"
#include "auth/keys.h"
#include "auth/sealed_id.h"
#include "auth/webhook_signature.h"

namespace doorbuster::sim {

class ServerKeys {
 public:
  // Made at the first call, always the same. To hash the staff's key takes some 20 ms, so not once a world.
  [[nodiscard]] static ServerKeys& get();

  [[nodiscard]] auth::KeyStore& store() { return *store_; }
  [[nodiscard]] const auth::IdSealer& ids() const { return ids_; }
  [[nodiscard]] const auth::WebhookSecret& payment_secret() const { return payment_secret_; }

  // The fields of a request that say who sends it.
  [[nodiscard]] const std::string& operator_field() const { return operator_field_; }
  [[nodiscard]] std::string operator_key() const { return operator_field_.substr(operator_field_.rfind(' ') + 1); }
  [[nodiscard]] const std::string& operator_id() const { return operator_id_; }
  [[nodiscard]] const std::string& customer_fields(const CustomerHash& customer) const {
    return customers_.at(customer).fields;
  }

  // As the machine knows the customer of that number.
  [[nodiscard]] CustomerHash customer(uint32_t number);
  // Somebody without a token or a cookie.
  [[nodiscard]] CustomerHash stranger(uint32_t number);
  // Whom a server has made of them, by the cookie that it set; nothing if the cookie is not one of a guest.
  [[nodiscard]] std::optional<CustomerHash> guest(std::string_view set_cookie, uint32_t number);
  // Who has seen that guest's cookie, but for its signature.
  [[nodiscard]] CustomerHash forger_of(const CustomerHash& guest);

  [[nodiscard]] bool is_stranger(const CustomerHash& customer) const { return is(customer, Kind::kStranger); }
  [[nodiscard]] bool is_guest(const CustomerHash& customer) const { return is(customer, Kind::kGuest); }
  [[nodiscard]] bool is_forger(const CustomerHash& customer) const { return is(customer, Kind::kForger); }
  [[nodiscard]] uint32_t number_of(const CustomerHash& customer) const { return customers_.at(customer).number; }

 private:
  enum class Kind : uint8_t { kCustomer, kStranger, kGuest, kForger };
  struct Customer {
    uint32_t number = 0;
    Kind kind = Kind::kCustomer;
    std::string fields;  // with their line ends
  };

  ServerKeys(std::unique_ptr<auth::KeyStore> store, const std::string& operator_key, const std::string& shop_key);
  static std::unique_ptr<ServerKeys> make();
  [[nodiscard]] bool is(const CustomerHash& customer, Kind kind) const { return customers_.at(customer).kind == kind; }

  const std::unique_ptr<auth::KeyStore> store_;
  const auth::IdSealer ids_;
  const auth::CustomerHasher hasher_;
  const auth::GuestCookies cookies_;
  const auth::JwtSigner signer_;
  const auth::WebhookSecret payment_secret_;
  const std::string operator_field_;
  const std::string operator_id_;
  std::map<CustomerHash, Customer> customers_;
};

}  // namespace doorbuster::sim
