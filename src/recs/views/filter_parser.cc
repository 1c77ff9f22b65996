// Reads filters: by recursive descent, a function a rule of the grammar.
#include <array>
#include <optional>
#include <utility>

#include "recs/views/filter.h"
#include "recs/views/filter_scanner.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kFilterNodesMax = 256;
constexpr size_t kFilterValuesMax = 100;

}  // namespace

class FilterParser : private FilterScanner {
 public:
  explicit FilterParser(std::string_view text) : FilterScanner(text, " \t\n") {}

  Result<Filter> parse() {
    filter_.root_ = TRY(alternatives(0));
    if (!is_at_end()) return wrong(at_, "nothing more is expected here: join conditions by and, or");
    return std::move(filter_);
  }

 private:
  using Node = Filter::Node;
  using Field = Filter::Field;
  using Operator = Filter::Operator;
  using Value = Filter::Value;
  enum class Type : uint8_t { kText, kNumber, kTime, kTruth, kAny };
  struct Known {
    std::string_view name;
    Field field;
    Type type;
  };
  static constexpr std::array<Known, 10> kFields = {{{"item", Field::kItem, Type::kText},
                                                     {"brand", Field::kBrand, Type::kText},
                                                     {"title", Field::kTitle, Type::kText},
                                                     {"currency", Field::kCurrency, Type::kText},
                                                     {"category", Field::kCategory, Type::kText},
                                                     {"price", Field::kPrice, Type::kNumber},
                                                     {"published_at", Field::kPublishedAt, Type::kTime},
                                                     {"in_stock", Field::kInStock, Type::kTruth},
                                                     {"bought", Field::kBought, Type::kTruth},
                                                     {"viewed", Field::kViewed, Type::kTruth}}};
  static constexpr std::string_view kAttributes = "attributes.";

  std::string_view peek_word() { return peek_name("."); }
  bool take_word(std::string_view word) {
    if (peek_word() != word) return false;
    at_ += word.size();
    return true;
  }

  Result<uint32_t> add(Node node) {
    if (filter_.nodes_.size() == kFilterNodesMax) return wrong(at_, "there are too many conditions");
    filter_.nodes_.push_back(std::move(node));
    return static_cast<uint32_t>(filter_.nodes_.size() - 1);
  }

  Result<uint32_t> alternatives(size_t depth) {
    uint32_t left = TRY(conjunction(depth));
    while (take_word("or")) {
      const uint32_t right = TRY(conjunction(depth));
      left = TRY(add({.kind = Filter::Kind::kOr, .left = left, .right = right}));
    }
    return left;
  }

  Result<uint32_t> conjunction(size_t depth) {
    uint32_t left = TRY(condition(depth));
    while (take_word("and")) {
      const uint32_t right = TRY(condition(depth));
      left = TRY(add({.kind = Filter::Kind::kAnd, .left = left, .right = right}));
    }
    return left;
  }

  Result<uint32_t> condition(size_t depth) {
    if (depth == Filter::kDepthMax) return wrong(at_, "conditions are nested too deeply");
    if (take_word("not")) {
      const uint32_t of = TRY(condition(depth + 1));
      return add({.kind = Filter::Kind::kNot, .left = of});
    }
    if (!take("(")) return comparison();
    const uint32_t inner = TRY(alternatives(depth + 1));
    if (!take(")")) return wrong(at_, "a ) is missing");
    return inner;
  }

  Result<uint32_t> comparison() {
    const std::string_view word = peek_word();
    const size_t begin = at_;
    if (word.empty()) return wrong(begin, "a condition is expected here, such as price < 100");
    at_ += word.size();
    Node node;
    const Type type = TRY(read_field(word, begin, node));
    const size_t at_operator = (skip_blanks(), at_);
    if (take_word("in")) {
      TRY(read_list(type, node));
      return add(std::move(node));
    }
    const auto op = read_operator();
    if (!op) {
      if (type != Type::kTruth) return wrong(at_operator, "= != < <= > >= or in (...) is expected behind a field");
      node.values.emplace_back(true);
      return add(std::move(node));
    }
    node.op = *op;
    const bool has_order = type == Type::kNumber || type == Type::kTime || type == Type::kAny;
    if (!has_order && *op != Operator::kEqual && *op != Operator::kUnequal)
      return wrong(at_operator, std::string(word) + " has no order: use =, != or in (...)");
    node.values.push_back(TRY(read_value(type)));
    return add(std::move(node));
  }

  Result<Type> read_field(std::string_view word, size_t begin, Node& node) {
    for (const Known& known : kFields) {
      if (known.name != word) continue;
      node.field = known.field;
      if (known.field == Field::kBought) filter_.names_bought_ = true;
      return known.type;
    }
    if (word.starts_with(kAttributes) && word.size() > kAttributes.size()) {
      node.field = Field::kAttribute;
      node.attribute = word.substr(kAttributes.size());
      return Type::kAny;
    }
    std::string names;
    for (const Known& known : kFields) names += std::string(known.name) + ", ";
    return wrong(begin, "'" + std::string(word) + "' is no field: there are " + names + "attributes.NAME");
  }

  std::optional<Operator> read_operator() {
    if (take("==")) return Operator::kEqual;
    return take_one_of(Filter::kSigns);
  }

  Result<void> read_list(Type type, Node& node) {
    if (!take("(")) return wrong(at_, "a ( is expected behind in");
    do {
      if (node.values.size() == kFilterValuesMax) return wrong(at_, "there may be 100 values behind in");
      node.values.push_back(TRY(read_value(type)));
    } while (take(","));
    if (!take(")")) return wrong(at_, "a , or a ) is expected here");
    return {};
  }

  Result<Value> read_value(Type type) {
    skip_blanks();
    const size_t begin = at_;
    if (begin == text_.size()) return wrong(begin, "a value is missing");
    Value value = TRY(any_value());
    const bool is_text = std::holds_alternative<std::string>(value);
    if (type == Type::kTime && is_text) {
      const auto at = parse_rfc3339(std::get<std::string>(value));
      if (!at) return wrong(begin, "a time in quotes is expected here, such as \"2026-11-27T10:00:00Z\"");
      return Value(static_cast<double>(at->micros()) / 1e6);
    }
    const bool fits = type == Type::kAny || (type == Type::kText && is_text) ||
                      (type == Type::kNumber && std::holds_alternative<double>(value)) ||
                      (type == Type::kTruth && std::holds_alternative<bool>(value));
    if (fits) return value;
    constexpr std::array<std::string_view, 4> kNeeds = {"a text in quotes", "a number", "a time in quotes",
                                                        "true or false"};
    return wrong(begin, std::string(kNeeds[static_cast<size_t>(type)]) + " is expected here");
  }

  Result<Value> any_value() {
    if (take_word("true")) return Value(true);
    if (take_word("false")) return Value(false);
    const char first = text_[at_];
    if (first == '"' || first == '\'') return Value(TRY(quoted()));
    const auto number = take_number();
    if (!number) return wrong(at_, "a value is expected here: a text in quotes, a number, true or false");
    return Value(*number);
  }

  Filter filter_;
};

Result<Filter> Filter::parse(std::string_view text) {
  if (text.size() > kBytesMax) return fail(ErrorCode::kInvalid, "column 2001: a filter has 2,000 bytes at most");
  return FilterParser(text).parse();
}

}  // namespace doorbuster::recs
