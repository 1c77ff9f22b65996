// A Cookie header of any bytes either holds a guest whom we signed or none; and a true cookie is found among any
// others.
#include "auth/guest_cookie.h"

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::auth;
  static constexpr std::array<std::byte, 32> kMaster{};
  static const GuestCookies cookies(kMaster, CookieTransport::kHttp);
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto id = cookies.read(text)) ASSERT(text.find(cookies.value(*id)) != std::string::npos);
  const GuestId guest{std::byte{9}};
  ASSERT(cookies.read(text + ";doorbuster-guest=" + cookies.value(guest)).has_value());
  return 0;
}
