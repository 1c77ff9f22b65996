#include "app/demo_shop.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "app/embedded.h"
#include "app/pages.h"
#include "auth/shop_signer.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "base/json_writer.h"
#include "net/router.h"
#include "net/text.h"
#include "platform/api/plain_page.h"

namespace doorbuster::app {
namespace {

constexpr std::string_view kRoot = "/demo-shop";
constexpr std::string_view kPictures = "/demo-shop/pictures/";
constexpr std::string_view kCustomers = "/demo-shop/customer";
constexpr std::string_view kCategories = "/demo-shop/c/";
constexpr std::string_view kItems = "/demo-shop/p/";
constexpr size_t kItemsOfPage = 24;
constexpr int64_t kTokenSeconds = 12 * 3'600;

using platform::html_escaped;

std::string_view template_named(std::string_view name) {
  const std::string path = "/demo_shop/" + std::string(name) + ".html";
  const auto files = embedded_files();
  const auto found = std::ranges::find(files, path, &EmbeddedFile::path);
  ASSERT(found != files.end());
  return found->content;
}

using Members = std::vector<std::pair<std::string_view, std::string>>;

// Each {{name}} becomes what it stands for. What does is HTML.
std::string filled(std::string_view name, const Members& members) {
  std::string_view rest = template_named(name);
  std::string out;
  for (size_t at = rest.find("{{"); at != std::string_view::npos; at = rest.find("{{")) {
    const size_t end = rest.find("}}", at);
    ASSERT(end != std::string_view::npos);
    const std::string_view wanted = rest.substr(at + 2, end - at - 2);
    const auto member = std::ranges::find(members, wanted, [](const auto& each) { return each.first; });
    ASSERT(member != members.end());
    out += rest.substr(0, at);
    out += member->second;
    rest.remove_prefix(end + 2);
  }
  return out += rest;
}

std::string whole(std::string_view title, const std::string& main) {
  return filled("layout", {{"title", html_escaped(title)}, {"main", main}});
}

std::string price_of(const demo::CatalogueItem& item) {
  const int64_t rest = item.cents % 100;
  return "$" + std::to_string(item.cents / 100) + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

std::string capitalized(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z') out.front() = static_cast<char>(out.front() - 32);
  return out;
}

// `look` is the class of what stands below the title.
std::string card(std::string_view href, std::string_view image, std::string_view title, std::string_view look,
                 std::string_view below) {
  std::string html = R"(    <li><a href=")" + html_escaped(href) + R"("><img src=")" + html_escaped(image);
  html += R"(" alt="" width="160" height="120" loading="lazy"><span class="name">)" + html_escaped(title);
  return html += R"(</span><span class=")" + std::string(look) + R"(">)" + html_escaped(below) + "</span></a></li>\n";
}

std::string kinds_of(uint32_t category, std::string_view chosen) {
  std::string html;
  const auto address = std::string(kCategories) + std::string(demo::categories()[category].slug);
  const auto add = [&](std::string_view slug, std::string_view words) {
    html += R"(<a href=")" + address + (slug.empty() ? "" : "?kind=") + std::string(slug) + '"';
    html += (slug == chosen ? R"( aria-current="page">)" : ">") + html_escaped(words) + "</a> ";
  };
  add("", "All kinds");
  for (uint32_t kind = 0; kind < demo::kKindsOfCategory; ++kind) {
    const demo::Kind& each = demo::kinds()[category * demo::kKindsOfCategory + kind];
    add(each.slug, capitalized(each.word));
  }
  return html;
}

size_t number_of(std::string_view text) {
  size_t number = 1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::max<size_t>(number, 1);
}

std::string pages_of(const std::string& address, size_t page, size_t pages) {
  if (pages < 2) return {};
  const auto link = [&](size_t to, const char* words) {
    return R"(<a href=")" + address + "page=" + std::to_string(to) + R"(">)" + words + "</a>";
  };
  std::string html = R"(<nav class="pages" aria-label="Pages">)";
  html += page > 1 ? link(page - 1, "Before") : "<span></span>";
  html += "<span>Page " + std::to_string(page) + " of " + std::to_string(pages) + "</span>";
  html += page < pages ? link(page + 1, "More") : "<span></span>";
  return html += "</nav>";
}

std::string words_of_measure(std::string_view measure) {
  std::string words = capitalized(measure);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string facts_of(const demo::CatalogueItem& item) {
  std::string html;
  const auto add = [&html](std::string_view term, std::string_view value) {
    html += "<div><dt>" + html_escaped(term) + "</dt><dd>" + html_escaped(value) + "</dd></div>";
  };
  add("Made by", item.brand_name());
  if (item.of_category().slug != "books") add("Colour", demo::colours()[item.colour].name);
  add(words_of_measure(item.of_kind().measure), std::to_string(item.measure));
  return html;
}

void respond_html(net::Exchange& exchange, net::Status status, std::string_view body) {
  exchange.respond(net::Response{.status = status,
                                 .content_type = "text/html; charset=utf-8",
                                 .body = body,
                                 .headers = {{"Cache-Control", "public, max-age=10"},
                                             {"Content-Security-Policy", page_policy()},
                                             {"X-Content-Type-Options", "nosniff"},
                                             {"Referrer-Policy", "no-referrer"}}});
}

}  // namespace

Result<void> DemoShop::open(const std::string& data) {
  signer_.emplace(TRY(auth::shop_signer(data)));
  is_open_.store(true, std::memory_order_release);
  return {};
}

bool DemoShop::answer(const net::Request& request, net::Exchange& exchange) const {
  const std::string_view path = request.path();
  if (path != kRoot && !(path.starts_with(kRoot) && path[kRoot.size()] == '/')) return false;
  if (path == kCustomers) {
    answer_customer(request, exchange);
  } else if (request.method() != net::Method::kGet && request.method() != net::Method::kHead) {
    net::respond_unmatched({.outcome = net::Router::Outcome::kMethodNotAllowed, .allow = "GET, HEAD, OPTIONS"}, request,
                           exchange);
  } else if (path.starts_with(kPictures)) {
    answer_picture(path.substr(kPictures.size()), exchange);
  } else {
    const auto html = page(path, request.query());
    const std::string body = html.value_or(whole("No such page", filled("nothing", {})));
    respond_html(exchange, html ? net::Status::kOk : net::Status::kNotFound, body);
  }
  return true;
}

std::optional<std::string> DemoShop::page(std::string_view path, std::string_view query) const {
  if (path == kRoot) return front();
  if (path == "/demo-shop/cart") return whole("Cart", filled("cart", {}));
  if (path.starts_with(kCategories)) return category(path.substr(kCategories.size()), query);
  if (path.starts_with(kItems)) return item(path.substr(kItems.size()));
  return std::nullopt;
}

void DemoShop::answer_picture(std::string_view name, net::Exchange& exchange) const {
  const bool is_svg = name.ends_with(".svg");
  const demo::CatalogueItem* item = is_svg ? catalogue_.find(name.substr(0, name.size() - 4)) : nullptr;
  if (item == nullptr)
    return respond_html(exchange, net::Status::kNotFound, whole("No such picture", filled("nothing", {})));
  const std::string svg = demo::picture_of(*item);
  exchange.respond(net::Response{.content_type = "image/svg+xml",
                                 .body = svg,
                                 .headers = {{"Cache-Control", "public, max-age=86400"},
                                             {"Content-Security-Policy", "default-src 'none'"},
                                             {"X-Content-Type-Options", "nosniff"}}});
}

// A customer whom nobody has seen before.
void DemoShop::answer_customer(const net::Request& request, net::Exchange& exchange) const {
  if (request.method() != net::Method::kPost) {
    return net::respond_unmatched({.outcome = net::Router::Outcome::kMethodNotAllowed, .allow = "POST, OPTIONS"},
                                  request, exchange);
  }
  if (!is_open_.load(std::memory_order_acquire))
    return respond_html(exchange, net::Status::kServiceUnavailable, "The shop opens in a moment.");
  std::array<std::byte, 12> random{};
  fill_random(random);
  const std::string sub = "demo-shop-" + to_hex(random);
  auth::JwtClaims claims;
  claims.sub = std::string_view(sub);
  claims.expires_at = SystemClock().now() + Duration::seconds(kTokenSeconds);
  std::string body;
  JsonWriter(body).begin_object().member("token", signer_->mint(claims)).end_object();
  exchange.respond(
      net::Response{.content_type = "application/json", .body = body, .headers = {{"Cache-Control", "no-store"}}});
}

std::string DemoShop::front() const {
  std::string tiles;
  for (uint32_t category = 0; category < demo::categories().size(); ++category) {
    const demo::Category& each = demo::categories()[category];
    const auto items = catalogue_.of_category(category);
    tiles += card(std::string(kCategories) + std::string(each.slug), demo::picture_path_of(items[category * 3]),
                  each.title, "note", each.words);
  }
  return whole("Three thousand things", filled("front", {{"categories", tiles}}));
}

std::optional<std::string> DemoShop::category(std::string_view slug, std::string_view query) const {
  const auto known = std::ranges::find(demo::categories(), slug, &demo::Category::slug);
  if (known == demo::categories().end()) return std::nullopt;
  const auto category = static_cast<uint32_t>(known - demo::categories().begin());
  const std::string_view chosen = net::query_value(query, "kind").value_or("");
  const uint32_t kind = demo::kind_named(chosen);
  const bool is_kind = kind < demo::kinds().size() && demo::kinds()[kind].category == category;
  const auto items = is_kind ? catalogue_.of_kind(kind) : catalogue_.of_category(category);
  const size_t pages = (items.size() + kItemsOfPage - 1) / kItemsOfPage;
  const size_t page = std::min(number_of(net::query_value(query, "page").value_or("1")), pages);
  // All kinds side by side, rather than one behind another.
  const size_t kinds = is_kind ? 1 : demo::kKindsOfCategory;
  std::string cards;
  for (size_t at = (page - 1) * kItemsOfPage; at < std::min(page * kItemsOfPage, items.size()); ++at) {
    const demo::CatalogueItem& each = items[at % kinds * demo::Catalogue::kItemsOfKind + at / kinds];
    cards += card(demo::page_of(each), demo::picture_path_of(each), each.title, "cost", price_of(each));
  }
  const std::string address =
      std::string(kCategories) + std::string(slug) + (is_kind ? "?kind=" + std::string(chosen) + "&amp;" : "?");
  const std::string heading = is_kind ? capitalized(demo::kinds()[kind].word) : "Everything in it";
  return whole(known->title, filled("category", {{"title", html_escaped(known->title)},
                                                 {"words", html_escaped(known->words)},
                                                 {"slug", std::string(slug)},
                                                 {"kinds", kinds_of(category, is_kind ? chosen : "")},
                                                 {"heading", html_escaped(heading)},
                                                 {"items", cards},
                                                 {"pages", pages_of(address, page, pages)}}));
}

std::optional<std::string> DemoShop::item(std::string_view id) const {
  const demo::CatalogueItem* item = catalogue_.find(id);
  if (item == nullptr) return std::nullopt;
  return whole(item->title, filled("item", {{"item", item->id},
                                            {"title", html_escaped(item->title)},
                                            {"category-slug", std::string(item->of_category().slug)},
                                            {"category", html_escaped(item->of_category().title)},
                                            {"kind-slug", std::string(item->of_kind().slug)},
                                            {"kind", html_escaped(capitalized(item->of_kind().word))},
                                            {"image", demo::picture_path_of(*item)},
                                            {"price", price_of(*item)},
                                            {"text", html_escaped(item->text)},
                                            {"facts", facts_of(*item)}}));
}

}  // namespace doorbuster::app
