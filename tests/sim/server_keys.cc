#include "sim/server_keys.h"

#include <cstdlib>
#include <filesystem>

#include "auth/jwt.h"
#include "base/file.h"
#include "sim/plan.h"
#include "sim/random.h"

namespace doorbuster::sim {
namespace {

constexpr size_t kKeyFileBytesMax = 1'024;

std::string read_key(const std::filesystem::path& file) {
  const auto text = read_file(file, kKeyFileBytesMax);
  ASSERT(text.has_value());
  return *text;
}

}  // namespace

ServerKeys& ServerKeys::get() {
  static const std::unique_ptr<ServerKeys> keys = make();
  return *keys;
}

// The store reads its files once; nothing here changes a key.
std::unique_ptr<ServerKeys> ServerKeys::make() {
  std::string folder = std::filesystem::temp_directory_path() / "doorbuster-sim-XXXXXX";
  ASSERT(::mkdtemp(folder.data()) != nullptr);
  seed_random(0);
  auto store = auth::KeyStore::open(folder, start_of_time());
  ASSERT(store.has_value());
  const std::filesystem::path path = folder;
  std::unique_ptr<ServerKeys> keys(
      new ServerKeys(std::move(*store), read_key(path / "operator.key"), read_key(path / "shop.key")));
  std::filesystem::remove_all(path);
  return keys;
}

ServerKeys::ServerKeys(std::unique_ptr<auth::KeyStore> store, const std::string& operator_key,
                       const std::string& shop_key)
    : store_(std::move(store)),
      ids_(store_->master_key()),
      hasher_(store_->master_key()),
      cookies_(store_->master_key(), auth::CookieTransport::kHttp),
      signer_(auth::JwtSigner::hs256("", shop_key)),
      payment_secret_(auth::WebhookSecret::parse(auth::WebhookSecret::fresh()).value()),
      operator_field_("Authorization: Bearer " + operator_key),
      operator_id_(store_->snapshot()->records.operators.front().id) {}

CustomerHash ServerKeys::customer(uint32_t number) {
  const std::string subject = "customer-" + std::to_string(number);
  const CustomerHash hash = hasher_.of_subject(subject);
  if (customers_.contains(hash)) return hash;
  // Good for longer than any world, whatever the server's clock says.
  const auth::JwtClaims claims{.sub = std::string_view(subject),
                               .expires_at = start_of_time() + Duration::seconds(30 * 86'400),
                               .not_before = {},
                               .sale = {}};
  customers_[hash] = {number, Kind::kCustomer, "Authorization: Bearer " + signer_.mint(claims) + "\r\n"};
  return hash;
}

CustomerHash ServerKeys::stranger(uint32_t number) {
  const CustomerHash hash = hasher_.of_subject("stranger-" + std::to_string(number));
  customers_[hash] = {number, Kind::kStranger, {}};
  return hash;
}

std::optional<CustomerHash> ServerKeys::guest(std::string_view set_cookie, uint32_t number) {
  const std::string_view cookie = set_cookie.substr(0, set_cookie.find(';'));
  const auto id = cookies_.read(cookie);
  if (!id) return std::nullopt;
  const CustomerHash hash = hasher_.of_guest(*id);
  customers_[hash] = {number, Kind::kGuest, "Cookie: " + std::string(cookie) + "\r\n"};
  return hash;
}

CustomerHash ServerKeys::forger_of(const CustomerHash& guest) {
  constexpr size_t kInTheSignature = 10;  // from the end of the field
  Customer forger = customers_.at(guest);
  char& digit = forger.fields[forger.fields.size() - kInTheSignature];
  digit = digit == 'A' ? 'B' : 'A';
  forger.kind = Kind::kForger;
  const CustomerHash hash = hasher_.of_subject(forger.fields);
  customers_[hash] = std::move(forger);
  return hash;
}

}  // namespace doorbuster::sim
