// The pages that are built into the binary (web/): plain or compressed, as the client takes them, with entity tags.
#pragma once

#include <string>
#include <string_view>

#include "net/exchange.h"
#include "net/request.h"
#include "net/response.h"

namespace doorbuster::app {

// One way to write a page.
struct PageForm {
  std::string etag;
  net::PreparedResponse whole;
  net::PreparedResponse unchanged;  // 304
};

struct Page {
  PageForm plain;
  PageForm gzipped;  // its etag is empty if there is none
};

// Null if there is no page at that path. The addresses of sales and orders are all the shell, whose script reads them.
[[nodiscard]] const Page* page_at(std::string_view path);

// What a page of ours may do (Content-Security-Policy).
[[nodiscard]] std::string_view page_policy();

void respond(const Page& page, const net::Request& request, net::Exchange& exchange);

// Whether an Accept-Encoding field allows gzip (RFC 9110 section 12.5.3).
[[nodiscard]] bool takes_gzip(std::string_view accept_encoding);

}  // namespace doorbuster::app
