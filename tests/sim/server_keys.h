// The keys of a simulated server, and what the world outside has of them: customers their tokens, the staff a key, the
// bank a secret. All servers of a process have the same, as servers that share a data folder.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "auth/customer_id.h"
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
  [[nodiscard]] const std::string& operator_id() const { return operator_id_; }
  [[nodiscard]] const std::string& customer_field(const CustomerHash& customer) const {
    return customers_.at(customer).field;
  }

  // As the machine knows the customer of that number.
  [[nodiscard]] CustomerHash customer(uint32_t number);
  [[nodiscard]] uint32_t number_of(const CustomerHash& customer) const { return customers_.at(customer).number; }

 private:
  struct Customer {
    uint32_t number = 0;
    std::string field;
  };

  ServerKeys(std::unique_ptr<auth::KeyStore> store, const std::string& operator_key, const std::string& shop_key);
  static std::unique_ptr<ServerKeys> make();

  const std::unique_ptr<auth::KeyStore> store_;
  const auth::IdSealer ids_;
  const auth::CustomerHasher hasher_;
  const auth::JwtSigner signer_;
  const auth::WebhookSecret payment_secret_;
  const std::string operator_field_;
  const std::string operator_id_;
  std::map<CustomerHash, Customer> customers_;
};

}  // namespace doorbuster::sim
