// A Cookie header of any bytes either holds a session that we signed or none; and a true cookie is found among others.
#include "auth/operator_session.h"

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::auth;
  static constexpr std::array<std::byte, 32> kMaster{};
  static const OperatorSessions sessions(kMaster, CookieTransport::kHttp);
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto found = sessions.read(text, Timestamp()))
    ASSERT(text.find(sessions.value(*found)) != std::string::npos);
  const OperatorSession session = OperatorSessions::begin("0123456789ab", Timestamp());
  const auto found = sessions.read(text + ";doorbuster-operator=" + sessions.value(session), Timestamp());
  ASSERT(found.has_value());
  return 0;
}
