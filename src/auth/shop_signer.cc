#include "auth/shop_signer.h"

#include "auth/api_key.h"
#include "base/file.h"

namespace doorbuster::auth {

Result<JwtSigner> shop_signer(const std::filesystem::path& data) {
  constexpr size_t kKeyBytesMax = 1'024;
  const std::filesystem::path path = data / "shop.key";
  auto text = read_file(path, kKeyBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return fail(ErrorCode::kNotFound,
                "there is no shop key in '" + data.string() +
                    "': start the server once (`doorbuster serve`), or name its folder with --data");
  }
  if (!text) return tl::unexpected(text.error());
  while (!text->empty() && text->back() == '\n') text->pop_back();
  const auto parts = parse_key(kShopPrefix, *text);
  if (!parts) return fail(ErrorCode::kInvalid, path.string() + " does not hold a shop key (dbs_...)");
  return JwtSigner::hs256(parts->id, *text);
}

}  // namespace doorbuster::auth
