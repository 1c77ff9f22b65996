#include "platform/outbound/payment_secret.h"

#include "auth/webhook_signature.h"
#include "base/file.h"

namespace doorbuster::platform {

Result<std::string> payment_secret(const std::filesystem::path& path) {
  Result<std::string> text = read_file(path, 1'024);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    const Result<void> created = create_file(path, auth::WebhookSecret::fresh(), 0600);
    if (!created && created.error().code != ErrorCode::kConflict) return tl::unexpected(created.error());
    text = read_file(path, 1'024);
  }
  if (!text) return text;
  while (!text->empty() && text->back() == '\n') text->pop_back();
  const auto parsed = auth::WebhookSecret::parse(*text);
  if (!parsed)
    return fail(ErrorCode::kInvalid,
                path.string() + ": " + parsed.error().message + "; delete the file to be given a new one");
  return text;
}

}  // namespace doorbuster::platform
