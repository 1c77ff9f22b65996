// The demo shop's server (`doorbuster run --demo-shop`): its pages, made from the templates in web/demo_shop/, its
// pictures, and the token that a shop's server gives a customer. All that its pages know of recommendations comes by
// the script tag and the API that any shop's pages use.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/jwt.h"
#include "demo/catalogue.h"
#include "net/exchange.h"
#include "net/request.h"

namespace doorbuster::app {

class DemoShop {
 public:
  [[nodiscard]] const demo::Catalogue& catalogue() const { return catalogue_; }

  // From now on customers get tokens, signed with the shop.key in `data`.
  [[nodiscard]] Result<void> open(const std::string& data);

  // Whether the request was for it, and is answered. Any thread.
  [[nodiscard]] bool answer(const net::Request& request, net::Exchange& exchange) const;

  // The page of a path below /demo-shop; nothing if there is none. For tests, too.
  [[nodiscard]] std::optional<std::string> page(std::string_view path, std::string_view query) const;

 private:
  void answer_picture(std::string_view name, net::Exchange& exchange) const;
  void answer_customer(const net::Request& request, net::Exchange& exchange) const;
  [[nodiscard]] std::string front() const;
  [[nodiscard]] std::optional<std::string> category(std::string_view slug, std::string_view query) const;
  [[nodiscard]] std::optional<std::string> item(std::string_view id) const;

  const demo::Catalogue catalogue_;
  std::optional<auth::JwtSigner> signer_;  // set once, before `is_open_`
  std::atomic<bool> is_open_ = false;
};

}  // namespace doorbuster::app
