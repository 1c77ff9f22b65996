// The secrets that the server hands out: operators' and users' API keys and shops' HS256 secrets.
//
//   dbk_<id>_<secret>   an operator's API key; the server keeps only an argon2id hash (RFC 9106) of the secret
//   dbu_<id>_<secret>   a key of a user of short links, of whose secret a SHA-256 is kept (links/store/user.h)
//   dbs_<id>_<secret>   a shop's secret; the whole text is the HMAC key, so the server must keep it
//
// <id> is 12 characters of Crockford's base32 (60 random bits), <secret> 43 of base64url (256 random bits). The
// prefixes are there for people and for the scanners that look for secrets in repositories.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/result.h"

namespace doorbuster::auth {

inline constexpr std::string_view kOperatorPrefix = "dbk_";
inline constexpr std::string_view kUserPrefix = "dbu_";
inline constexpr std::string_view kShopPrefix = "dbs_";

struct KeyParts {
  std::string_view id;
  std::string_view secret;
};

[[nodiscard]] std::string fresh_key_id();
[[nodiscard]] std::string fresh_secret();
[[nodiscard]] std::string key_text(std::string_view prefix, KeyParts parts);

// The parts of a text in the form above, as views into it; nothing if it has another form. It says nothing about
// whether the key exists.
[[nodiscard]] std::optional<KeyParts> parse_key(std::string_view prefix, std::string_view text);

// An argon2id hash in the usual encoded form, "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>" (the parameters that
// OWASP's password storage cheat sheet names first). Takes tens of milliseconds and 19 MiB, on purpose.
[[nodiscard]] std::string hash_secret(std::string_view secret);
[[nodiscard]] bool secret_fits(const std::string& encoded_hash, std::string_view secret);
// A few bits that tell a wrong secret from the right one without argon2: 32 of an HMAC, under a key of its own that is
// derived from the master key. Of 256 random bits that leaves 224 to whoever has both files.
[[nodiscard]] uint32_t secret_check(Bytes master_key, std::string_view secret);
// Whether the text has the form of such a hash, with parameters that this server is willing to work through.
[[nodiscard]] bool is_secret_hash(std::string_view text);

}  // namespace doorbuster::auth
