// The secret that the server and its payment provider sign with, kept in a file (DIR/payment.secret, mode 0600).
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace doorbuster::platform {

// The secret in the file (whsec_...); if there is no file, a new one, written first. Server and sandbox may both begin
// with no file at the same moment: they get the same secret.
[[nodiscard]] Result<std::string> payment_secret(const std::filesystem::path& path);

}  // namespace doorbuster::platform
