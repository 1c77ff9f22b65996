#include "demo/catalogue.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/prng.h"

namespace doorbuster::demo {
namespace {

constexpr std::array kColours = {
    Colour{"black", "#3a3d44", "#1f2126", "#9aa0ab"},  Colour{"white", "#eceae4", "#9b978d", "#c9c5ba"},
    Colour{"red", "#c8443a", "#7f231d", "#f4b9b2"},    Colour{"blue", "#3f70b5", "#21406c", "#b5cdec"},
    Colour{"green", "#4c8a5b", "#274d31", "#bcdcc4"},  Colour{"yellow", "#dba935", "#86611a", "#f6e2ac"},
    Colour{"silver", "#b3b8bf", "#6a7078", "#e4e7ea"}, Colour{"copper", "#b8744a", "#6e4025", "#eccbb4"},
    Colour{"violet", "#7a5fa8", "#463266", "#d3c5ea"}, Colour{"sand", "#cdb994", "#8b7750", "#ece2cc"},
};

constexpr std::array<std::string_view, 30> kSeries = {
    "Alto",  "Brio",   "Cirrus", "Delta",  "Ember",  "Flint",  "Grove",  "Harbor", "Iris",  "Juniper",
    "Kite",  "Linden", "Mica",   "Nimbus", "Onyx",   "Pine",   "Quartz", "Reed",   "Sable", "Tide",
    "Umber", "Vale",   "Willow", "Xenia",  "Yarrow", "Zephyr", "Aster",  "Basalt", "Cedar", "Dune"};

constexpr std::array<std::string_view, 12> kFirstWords = {"A Quiet",   "The Second", "The Salt", "An Early",
                                                          "The Paper", "A Borrowed", "The Long", "The Blue",
                                                          "A Distant", "The Glass",  "The Last", "A Small"};
constexpr std::array<std::string_view, 10> kLastWords = {"Harbour", "Winter",     "Orchard", "Letter", "Summer",
                                                         "Island",  "Lighthouse", "Journey", "Garden", "Hour"};

constexpr uint32_t kAgesMax = 720;  // in days
constexpr double kDearer = 1.22;    // a brand than the one before it
constexpr uint64_t kSeed = 20261130;

// Titles of one kind differ: the second word goes through all of its values for each first one.
std::string title_of_book(uint32_t kind, uint32_t index) {
  const uint32_t at = index + kind * 17;
  const std::string first(kFirstWords[at % kFirstWords.size()]);
  return first + " " + std::string(kLastWords[(at / kFirstWords.size() + at) % kLastWords.size()]);
}

std::string title_of(const CatalogueItem& item, uint32_t index) {
  const Kind& kind = item.of_kind();
  if (item.of_category().slug == "books") {
    return title_of_book(item.kind, index) + ", a " + std::string(kind.word);
  }
  const size_t series = (item.kind * 11 + (index / 6) * 7 + item.brand * 5) % kSeries.size();
  return std::string(item.brand_name()) + " " + std::string(kSeries[series]) + " " + std::string(kind.word);
}

std::string two_digits(uint32_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

// "9.99", "149.00": prices end as prices do.
int64_t price_of(const Kind& kind, uint32_t brand, double share) {
  const double span = kind.price_high - kind.price_low;
  const double dearest = std::pow(kDearer, 5);
  const double whole = kind.price_low + span * share * std::pow(kDearer, brand) / dearest;
  const auto units = static_cast<int64_t>(whole);
  return units < 50 ? units * 100 + 99 : units / 5 * 500 + 400;
}

std::string text_of(const CatalogueItem& item) {
  const Kind& kind = item.of_kind();
  const bool is_book = item.of_category().slug == "books";
  const std::string made = is_book ? "Published by " : "By ";
  std::string text = "A ";
  if (!is_book) text += std::string(colours()[item.colour].name) + " ";
  text += std::string(kind.word) + " " + std::string(kind.praise) + ". ";
  return text + made + std::string(item.brand_name()) + ".";
}

CatalogueItem make(uint32_t kind, uint32_t index, Prng& random) {
  const auto share = [&random] { return static_cast<double>(random.below(1'000'000)) / 1e6; };
  CatalogueItem item{.number = kind * Catalogue::kItemsOfKind + index, .kind = kind, .brand = index % 6};
  const Kind& of = item.of_kind();
  item.colour = static_cast<uint32_t>(random.below(kColours.size()));
  item.id = std::string(of.slug) + "-" + two_digits(index + 1);
  item.title = title_of(item, index);
  item.text = text_of(item);
  item.cents = price_of(of, item.brand, share());
  item.measure = of.measure_low + static_cast<uint32_t>(random.below(of.measure_high - of.measure_low + 1));
  item.age_days = static_cast<uint32_t>(random.below(kAgesMax));
  return item;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

}  // namespace

std::span<const Colour> colours() { return kColours; }

Catalogue::Catalogue() {
  Prng random(kSeed);
  for (uint32_t kind = 0; kind < kinds().size(); ++kind) {
    for (uint32_t index = 0; index < kItemsOfKind; ++index) items_.push_back(make(kind, index, random));
  }
}

const CatalogueItem* Catalogue::find(std::string_view id) const {
  const size_t dash = id.rfind('-');
  if (dash == std::string_view::npos) return nullptr;
  const uint32_t kind = kind_named(id.substr(0, dash));
  if (kind >= kinds().size()) return nullptr;
  const auto found = std::ranges::find(of_kind(kind), id, &CatalogueItem::id);
  return found == of_kind(kind).end() ? nullptr : &*found;
}

std::span<const CatalogueItem> Catalogue::of_kind(uint32_t kind) const {
  return std::span(items_).subspan(size_t{kind} * kItemsOfKind, kItemsOfKind);
}

std::span<const CatalogueItem> Catalogue::of_category(uint32_t category) const {
  const size_t wide = size_t{kItemsOfKind} * kKindsOfCategory;
  return std::span(items_).subspan(category * wide, wide);
}

std::string page_of(const CatalogueItem& item) { return "/demo-shop/p/" + item.id; }

std::string picture_path_of(const CatalogueItem& item) { return "/demo-shop/pictures/" + item.id + ".svg"; }

// A ground of the category's hue, turned a little from item to item, and the kind's drawing in the item's colours.
std::string picture_of(const CatalogueItem& item) {
  const Colour& colour = kColours[item.colour];
  const std::string hue = std::to_string((item.of_category().hue + item.number * 7 % 24) % 360);
  std::string svg = R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120" width="320" height="240">)svg"
                    R"svg(<rect width="160" height="120" fill="hsl($h,38%,84%)"/>)svg"
                    R"svg(<circle cx="$x" cy="$y" r="46" fill="hsl($h,42%,77%)"/>)svg"
                    R"svg(<ellipse cx="80" cy="104" rx="44" ry="5" fill="hsl($h,30%,66%)"/>)svg"
                    R"svg(<g transform="translate(28 4)">)svg";
  svg += item.of_kind().drawing;
  svg += "</g></svg>";
  replace_all(svg, "$h", hue);
  replace_all(svg, "$x", std::to_string(40 + item.number * 13 % 80));
  replace_all(svg, "$y", std::to_string(40 + item.number * 5 % 40));
  replace_all(svg, "$a", colour.main);
  replace_all(svg, "$b", colour.darker);
  replace_all(svg, "$c", colour.lighter);
  return svg;
}

}  // namespace doorbuster::demo
