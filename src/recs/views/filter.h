// What may be recommended, as whoever asks says it: a condition on items.
//
//   category in ("shoes", "boots") and price < 100 and not bought
//
//   fields      item, brand, title, currency (texts); category (a text of which an item has several); price (a number);
//               published_at (a time, as RFC 3339 in quotes); in_stock, bought, viewed (truths; the last two of whoever
//               the answer is for); attributes.NAME (whatever the shop has made it)
//   conditions  = != < <= > >= with a value; in (value, ...); a truth by itself; and, or, not, parentheses
//   values      "text" or 'text' with \ before a quote, numbers, true, false
//
// A field that an item does not have fits no condition, so `not price < 100` takes items without a price. Types are
// looked at before anything is asked; attributes are of the type that an item gives them, and fit no value of another.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "recs/views/catalogue.h"

namespace doorbuster::recs {

// A bit for each kind of event.
using EventKinds = uint8_t;
[[nodiscard]] constexpr EventKinds bit_of(EventKind kind) {
  return static_cast<EventKinds>(1U << static_cast<unsigned>(kind));
}

// What a condition is asked of.
struct FilterSubject {
  const Item& item;
  bool is_bought = false;
  bool is_viewed = false;
  EventKinds done = 0;  // what whoever it is for did with the item; looked at where the filter names_events()
};

class Filter {
 public:
  static constexpr size_t kBytesMax = 2'000;
  static constexpr size_t kDepthMax = 32;

  // kInvalid: what is wrong, beginning with "column N: ", from 1.
  [[nodiscard]] static Result<Filter> parse(std::string_view text);

  [[nodiscard]] bool accepts(const FilterSubject& subject) const { return accepts(root_, subject); }
  // Items among which are all that it accepts, where its brands and categories say so and they are `most` at most; in
  // the order of their numbers.
  [[nodiscard]] std::optional<std::vector<uint32_t>> among(const Catalogue& items, size_t most) const;
  // Whether it says itself what becomes of what was bought already, which is not shown otherwise.
  [[nodiscard]] bool names_bought() const { return names_bought_; }
  // Whether it asks what was done, kind by kind.
  [[nodiscard]] bool names_events() const { return names_events_; }

 private:
  friend class FilterParser;
  friend class PersonalizeParser;
  enum class Kind : uint8_t { kAnd, kOr, kNot, kCompare };
  enum class Operator : uint8_t { kEqual, kUnequal, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
  static constexpr std::array<std::pair<std::string_view, Operator>, 6> kSigns = {{{"!=", Operator::kUnequal},
                                                                                   {"<=", Operator::kLessOrEqual},
                                                                                   {">=", Operator::kGreaterOrEqual},
                                                                                   {"=", Operator::kEqual},
                                                                                   {"<", Operator::kLess},
                                                                                   {">", Operator::kGreater}}};
  enum class Field : uint8_t {
    kItem,
    kBrand,
    kTitle,
    kCurrency,
    kCategory,
    kPrice,
    kPublishedAt,
    kInStock,
    kBought,
    kViewed,
    kAttribute,
    // Those are of Personalize's filters only (personalize_filter.h).
    kEvents,          // any of `events` was done
    kLooseAttribute,  // a text that holds several with | between them, or a number, which may be written as a text
    kAll              // every item
  };
  using Value = std::variant<std::string, double, bool>;
  struct Node {
    Kind kind = Kind::kCompare;
    Operator op = Operator::kEqual;
    Field field = Field::kItem;
    std::string attribute = {};
    std::vector<Value> values = {};  // any of them
    EventKinds events = 0;
    uint32_t left = 0;
    uint32_t right = 0;
  };

  [[nodiscard]] bool accepts(uint32_t node, const FilterSubject& subject) const;
  [[nodiscard]] size_t bound(uint32_t node, const Catalogue& items) const;
  void collect(uint32_t node, const Catalogue& items, std::vector<uint32_t>& into) const;
  [[nodiscard]] static bool fits(const Node& node, const FilterSubject& subject);
  [[nodiscard]] static bool fits_value(const Node& node, const Value& value);
  [[nodiscard]] static bool fits_loosely(const Node& node, const Attribute& attribute);
  [[nodiscard]] static bool compare(Operator op, const Value& of_item, const Value& wanted);

  std::vector<Node> nodes_;
  uint32_t root_ = 0;
  bool names_bought_ = false;
  bool names_events_ = false;
};

}  // namespace doorbuster::recs
