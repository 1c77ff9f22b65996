// What visitors of a link with a password are answered: a form that works without scripts, or a problem document for
// programs. The page is 200, as nothing went wrong yet and there is no scheme of HTTP (RFC 9110 section 11) that a
// browser could log in by.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/api/call.h"

namespace doorbuster::links {

inline constexpr size_t kPasswordBytesMax = 256;

// What the form sends. The referrer is that of the visit itself, which the form's own would hide.
inline constexpr std::string_view kPasswordField = "password";
inline constexpr std::string_view kReferrerField = "from";

// A field of an application/x-www-form-urlencoded body, decoded; nothing if it is not there, or longer than a password
// may be.
[[nodiscard]] std::optional<std::string> form_value(std::string_view body, std::string_view name);

// The form, or 403.
void respond_password_needed(const platform::Call& call);
// 403, with the form for who would rather read a page.
void respond_password_wrong(net::Exchange& exchange, std::string_view path, bool as_page, std::string_view referrer);
// 429.
void respond_too_many_guesses(net::Exchange& exchange, std::string_view path, bool as_page);

}  // namespace doorbuster::links
