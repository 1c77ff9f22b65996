#include "app/pages.h"

#include <map>
#include <string>

#include "app/embedded.h"

namespace doorbuster::app {
namespace {

// Only what the binary itself brings may run; nothing may frame the page.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

std::string_view content_type_of(std::string_view path) {
  if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (path.ends_with(".css")) return "text/css; charset=utf-8";
  if (path.ends_with(".svg")) return "image/svg+xml";
  return "text/html; charset=utf-8";
}

std::map<std::string, net::PreparedResponse, std::less<>> prepare() {
  std::map<std::string, net::PreparedResponse, std::less<>> pages;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string path = file.name == "index.html" ? "/" : "/" + std::string(file.name);
    pages.emplace(path, net::PreparedResponse(net::Response{.content_type = content_type_of(file.name),
                                                            .body = file.content,
                                                            .headers = {{"Content-Security-Policy", kPolicy},
                                                                        {"X-Content-Type-Options", "nosniff"},
                                                                        {"Referrer-Policy", "no-referrer"},
                                                                        {"Cache-Control", "public, max-age=60"}}}));
  }
  return pages;
}

}  // namespace

const net::PreparedResponse* page_at(std::string_view path) {
  static const auto kPages = prepare();
  const auto found = kPages.find(path);
  return found == kPages.end() ? nullptr : &found->second;
}

}  // namespace doorbuster::app
