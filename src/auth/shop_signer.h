// Signs customers' tokens with the shop key that the server's first start wrote: for trying out, not for a shop.
#pragma once

#include <filesystem>

#include "auth/jwt.h"
#include "base/result.h"

namespace doorbuster::auth {

// From DATA/shop.key. kNotFound when there is none, kInvalid when the file holds something else; both say what to do.
[[nodiscard]] Result<JwtSigner> shop_signer(const std::filesystem::path& data);

}  // namespace doorbuster::auth
