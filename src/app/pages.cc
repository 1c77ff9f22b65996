#include "app/pages.h"

#include <algorithm>
#include <map>
#include <string>

#include "app/embedded.h"
#include "platform/api/etag.h"

namespace doorbuster::app {
namespace {

// Only what the binary itself brings may run, no text becomes a script, nothing may frame the page.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

// Of the worker that solves challenges, which brings scrypt as WebAssembly and asks for nothing.
constexpr std::string_view kWorker = "/assets/scrypt";
constexpr std::string_view kWorkerPolicy = "default-src 'none'; script-src 'wasm-unsafe-eval'";

constexpr std::string_view kAssets = "/assets/";

std::string_view cache_control_of(CachePolicy cache_policy) {
  if (cache_policy == CachePolicy::kForever) return "public, max-age=31536000, immutable";
  return cache_policy == CachePolicy::kDay ? "public, max-age=86400" : "public, max-age=10";
}

PageForm form_of(const EmbeddedFile& file, std::string_view body, std::string_view encoding) {
  PageForm form{.etag = '"' + std::string(file.tag) + (encoding.empty() ? "" : "-") + std::string(encoding) + '"'};
  net::HeaderList headers{
      {"ETag", form.etag}, {"Cache-Control", cache_control_of(file.cache_policy)}, {"Vary", "Accept-Encoding"}};
  if (file.cache_policy == CachePolicy::kForAnyPage) headers.add({"Access-Control-Allow-Origin", "*"});
  form.unchanged.render({.status = net::Status::kNotModified, .headers = headers});
  if (!encoding.empty()) headers.add({"Content-Encoding", encoding});
  headers.add({"Content-Security-Policy", file.path.starts_with(kWorker) ? kWorkerPolicy : kPolicy});
  headers.add({"X-Content-Type-Options", "nosniff"});
  headers.add({"Referrer-Policy", "no-referrer"});
  form.whole.render({.content_type = file.content_type, .body = body, .headers = headers});
  return form;
}

std::map<std::string, Page, std::less<>> prepare() {
  std::map<std::string, Page, std::less<>> pages;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.cache_policy == CachePolicy::kTemplate) continue;
    Page page{.plain = form_of(file, file.content, ""), .gzipped = {}};
    if (!file.gzipped.empty()) page.gzipped = form_of(file, file.gzipped, "gzip");
    pages.emplace(file.path, std::move(page));
  }
  return pages;
}

// "/assets/shop-0123456789ab.js" is "/assets/shop.js" of some version.
std::string without_hash(std::string_view path) {
  const size_t dash = path.rfind('-');
  const size_t dot = path.rfind('.');
  if (dash == std::string_view::npos || dot == std::string_view::npos || dot < dash) return std::string(path);
  return std::string(path.substr(0, dash)) + std::string(path.substr(dot));
}

// The document whose script reads an address.
std::string_view document_of(std::string_view path) {
  if (path.starts_with("/s/") || path.starts_with("/orders/")) return "/";
  if (path.starts_with("/operator/")) return "/operator";
  return path.starts_with("/reports/") ? "/reports" : path;
}

// The weight of one element of a list is above 0: ";q=0", ";q=0.0" and so on mean "not this one".
bool is_wanted(std::string_view parameters) {
  const size_t weight = parameters.find("q=");
  if (weight == std::string_view::npos) return true;
  const std::string_view digits = parameters.substr(weight + 2);
  return digits.substr(0, digits.find(';')).find_first_of("123456789") != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

}  // namespace

std::string_view page_policy() { return kPolicy; }

const Page* page_at(std::string_view path) {
  static const auto kPages = prepare();
  auto found = kPages.find(document_of(path));
  if (found == kPages.end() && path.starts_with(kAssets)) found = kPages.find(without_hash(path));
  return found == kPages.end() ? nullptr : &found->second;
}

void respond(const Page& page, const net::Request& request, net::Exchange& exchange) {
  const bool zipped = !page.gzipped.etag.empty() && takes_gzip(request.header("Accept-Encoding").value_or(""));
  const PageForm& form = zipped ? page.gzipped : page.plain;
  const bool is_known = platform::names_etag(request.header(net::Known::kIfNoneMatch), form.etag);
  exchange.respond(is_known ? form.unchanged : form.whole);
}

bool takes_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view element = accept_encoding.substr(0, comma);
    const size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view coding = trimmed(element.substr(0, semicolon));
    if (coding == "gzip" || coding == "x-gzip") return is_wanted(element.substr(semicolon));
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
  }
  return false;
}

}  // namespace doorbuster::app
