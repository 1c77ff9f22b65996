// What a request for a short link says of whoever sent it.
#pragma once

#include <string>

#include "links/machine/click.h"
#include "net/request.h"

namespace doorbuster::links {

// A program that says so, or that says nothing.
[[nodiscard]] Visitor visitor_of(const net::Request& request);

// Whether somebody follows the link, and is not only shown where it leads or fetches it ahead (HEAD; Sec-Purpose,
// Purpose: Fetch standard, section 2.2.7).
[[nodiscard]] bool is_visit(const net::Request& request);

// The host in a Referer field, in small letters and without "www."; empty if there is none that can be read.
[[nodiscard]] std::string referrer_in(std::string_view referer);

}  // namespace doorbuster::links
