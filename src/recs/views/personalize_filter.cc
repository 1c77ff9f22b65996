// Reads the filter expressions of Amazon Personalize: by recursive descent, a function a rule of the grammar.
#include "recs/views/personalize_filter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "recs/views/filter_scanner.h"
#include "recs/views/loose_values.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kPersonalizeNodesMax = 256;
constexpr size_t kPersonalizeValuesMax = 100;
constexpr EventKinds kAnyKind = 0xFF;

}  // namespace

class PersonalizeParser : private FilterScanner {
 public:
  // Without a question everything is taken for given.
  PersonalizeParser(std::string_view text, const PersonalizeQuestion* question, const EventNames& events)
      : FilterScanner(text, " \t\r\n"), question_(question), events_(events) {}

  Result<Filter> parse() {
    Part whole;
    do {
      whole = TRY(join(Filter::Kind::kAnd, whole, TRY(expression())));
    } while (take("|"));
    if (!is_at_end()) return wrong(at_, "nothing more is expected here: join expressions by |");
    filter_.root_ = whole ? *whole : TRY(add({.field = Field::kAll}));
    return std::move(filter_);
  }

 private:
  using Node = Filter::Node;
  using Field = Filter::Field;
  using Operator = Filter::Operator;
  using Value = Filter::Value;
  using Part = std::optional<uint32_t>;  // a node; nothing: it says nothing
  enum class Dataset : uint8_t { kItems, kInteractions, kUser };
  struct Place {
    Dataset dataset = Dataset::kItems;
    std::string field = {};  // as field_name() has it
  };
  struct Values {
    std::vector<Value> values = {};
    bool is_given = true;
    bool is_any = false;  // "*"
  };

  Result<uint32_t> add(Node node) {
    if (filter_.nodes_.size() == kPersonalizeNodesMax) return wrong(at_, "there are too many conditions");
    filter_.nodes_.push_back(std::move(node));
    return static_cast<uint32_t>(filter_.nodes_.size() - 1);
  }
  Result<Part> join(Filter::Kind kind, Part left, Part right) {
    if (!left) return right;
    if (!right) return left;
    return Part(TRY(add({.kind = kind, .left = *left, .right = *right})));
  }
  Result<Part> negated(Part part) {
    if (!part) return part;
    return Part(TRY(add({.kind = Filter::Kind::kNot, .left = *part})));
  }

  Result<Part> expression() {
    const bool includes = take_keyword("INCLUDE");
    if (!includes && !take_keyword("EXCLUDE")) return wrong(at_, "INCLUDE or EXCLUDE is expected here");
    if (!take_keyword("ITEMID")) return wrong(at_, "ItemID is expected here: actions and users are not filtered");
    if (!take_keyword("WHERE")) return wrong(at_, "WHERE is expected here");
    includes_ = includes;
    dataset_ = std::nullopt;
    const Part conditions = TRY(alternatives());
    if (take_keyword("IF") && !TRY(holds_for_user())) return Part();
    return includes ? Result<Part>(conditions) : negated(conditions);
  }

  Result<Part> alternatives() {
    Part left = TRY(conjunction());
    while (take_keyword("OR")) left = TRY(join(Filter::Kind::kOr, left, TRY(conjunction())));
    return left;
  }

  Result<Part> conjunction() {
    Part left = TRY(condition());
    while (take_keyword("AND")) left = TRY(join(Filter::Kind::kAnd, left, TRY(condition())));
    return left;
  }

  Result<Place> place() {
    const std::string_view name = peek_name();
    const size_t begin = at_;
    Place place;
    if (is_keyword(name, "INTERACTIONS"))
      place.dataset = Dataset::kInteractions;
    else if (is_keyword(name, "CURRENTUSER"))
      place.dataset = Dataset::kUser;
    else if (!is_keyword(name, "ITEMS"))
      return wrong(begin, "a field is expected here, such as Items.PRICE or Interactions.EVENT_TYPE");
    at_ += name.size();
    place.field = TRY(field_behind_dot());
    return place;
  }

  Result<std::string> field_behind_dot() {
    if (!take(".")) return wrong(at_, "a . and a field are expected here");
    const std::string_view name = peek_name();
    if (name.empty()) return wrong(at_, "the name of a field is expected here");
    at_ += name.size();
    return field_name(name);
  }

  Result<Part> condition() {
    const size_t begin = (skip_blanks(), at_);
    const Place of = TRY(place());
    if (of.dataset == Dataset::kUser) return wrong(begin, "CurrentUser may stand behind IF only");
    if (dataset_ && *dataset_ != of.dataset)
      return wrong(begin, "one expression has conditions on Items or on Interactions: join two by |");
    dataset_ = of.dataset;
    return of.dataset == Dataset::kItems ? of_item(of) : of_interactions(of, begin);
  }

  Result<Part> of_interactions(const Place& of, size_t begin) {
    if (of.field != "event_type") return wrong(begin, "of Interactions there is EVENT_TYPE only");
    const bool is_not = take_keyword("NOT");
    if (!take_keyword("IN")) return wrong(at_, "IN or NOT IN is expected here");
    const Values values = TRY(list(is_not));
    if (!values.is_given) return Part();
    EventKinds kinds = values.is_any ? kAnyKind : EventKinds{0};
    for (const Value& value : values.values) kinds |= bit_of(events_.kind_of(std::get<std::string>(value)));
    filter_.names_events_ = true;
    if (includes_ && !is_not && (kinds & bit_of(EventKind::kPurchase)) != 0) filter_.names_bought_ = true;
    const Part done = TRY(add({.field = Field::kEvents, .events = kinds}));
    return is_not ? negated(done) : Result<Part>(done);
  }

  Result<Part> of_item(const Place& of) {
    const bool is_not = take_keyword("NOT");
    if (take_keyword("IN")) {
      Values values = TRY(list(is_not));
      if (!values.is_given) return Part();
      if (values.is_any) return wrong(at_, "* stands for types of events only");
      const Part in = TRY(add(text_node(of.field, std::move(values.values))));
      return is_not ? negated(in) : Result<Part>(in);
    }
    if (is_not) return wrong(at_, "IN is expected behind NOT");
    const auto op = read_operator();
    if (!op) return wrong(at_, "IN, NOT IN, = != < <= > or >= is expected here");
    Values value = TRY(number());
    if (!value.is_given) return Part();
    return Part(TRY(add(number_node(of.field, *op, std::move(value.values)))));
  }

  // In the words of our items where they have one.
  static Node text_node(const std::string& field, std::vector<Value> values) {
    constexpr std::array<std::pair<std::string_view, Field>, 7> kTexts = {{{"item_id", Field::kItem},
                                                                           {"brand", Field::kBrand},
                                                                           {"title", Field::kTitle},
                                                                           {"name", Field::kTitle},
                                                                           {"currency", Field::kCurrency},
                                                                           {"category", Field::kCategory},
                                                                           {"categories", Field::kCategory}}};
    for (const auto& [name, own] : kTexts) {
      if (name == field) return {.field = own, .values = std::move(values)};
    }
    if (field != "in_stock") return {.field = Field::kLooseAttribute, .attribute = field, .values = std::move(values)};
    for (Value& value : values) value = is_keyword(std::get<std::string>(value), "TRUE");
    return {.field = Field::kInStock, .values = std::move(values)};
  }

  static Node number_node(const std::string& field, Operator op, std::vector<Value> values) {
    if (field == "price") return {.op = op, .field = Field::kPrice, .values = std::move(values)};
    if (field == "creation_timestamp") return {.op = op, .field = Field::kPublishedAt, .values = std::move(values)};
    return {.op = op, .field = Field::kLooseAttribute, .attribute = field, .values = std::move(values)};
  }

  std::optional<Operator> read_operator() { return take_one_of(Filter::kSigns); }

  Result<Values> list(bool is_not) {
    if (!take("(")) return wrong(at_, "a ( is expected behind IN");
    Values values;
    do {
      skip_blanks();
      if (take("$")) {
        if (is_not) return wrong(at_ - 1, "no parameter may stand behind NOT IN: turn INCLUDE and EXCLUDE around");
        TRY(add_parameter(values));
      } else if (is_keyword(peek_name(), "CURRENTITEM")) {
        TRY(add_current_item(values));
      } else {
        const std::string text = TRY(quoted());
        if (text == "*") values.is_any = true;
        values.values.emplace_back(text);
      }
      if (values.values.size() > kPersonalizeValuesMax) return wrong(at_, "there may be 100 values behind IN");
    } while (take(","));
    if (!take(")")) return wrong(at_, "a , or a ) is expected here");
    return values;
  }

  Result<Values> number() {
    skip_blanks();
    Values value;
    if (take("$")) {
      const std::string given = TRY(parameter(value));
      const auto number = number_in(given);
      if (!number && value.is_given) return wrong(at_, "the parameter is no number: '" + given + "'");
      value.values.emplace_back(number.value_or(0));
    } else if (is_keyword(peek_name(), "CURRENTITEM")) {
      const auto number = TRY(number_of_item());
      if (number) value.values.emplace_back(*number);
    } else {
      const auto written = take_number();
      if (!written) return wrong(at_, "a number is expected here");
      value.values.emplace_back(*written);
    }
    return value;
  }

  // As it was given; where it was not, the values say so.
  Result<std::string> parameter(Values& values) {
    const size_t begin = at_;
    const std::string_view name = peek_name();
    if (name.empty()) return wrong(begin, "a name is expected behind $");
    at_ += name.size();
    if (question_ == nullptr) return std::string("0");
    const auto found = question_->values.find(name);
    if (found != question_->values.end()) return found->second;
    if (includes_) return wrong(begin, "no value is given for $" + std::string(name));
    values.is_given = false;
    return std::string();
  }

  Result<void> add_parameter(Values& values) {
    const size_t begin = at_;
    const std::string given = TRY(parameter(values));
    if (!values.is_given || question_ == nullptr) return {};
    // Unquoted is one text, as people write it.
    if (given.find('"') == std::string::npos && given.find('\'') == std::string::npos) {
      values.values.emplace_back(given);
      return {};
    }
    for (size_t at = 0;;) {
      at = std::min(given.find_first_not_of(" ,", at), given.size());
      if (at == given.size()) return {};
      auto text = quoted_in(given, at);
      if (!text) return wrong(begin, "the parameter's texts stand in quotes, with commas between them");
      if (values.values.size() == kPersonalizeValuesMax) return wrong(begin, "there may be 100 values behind IN");
      values.values.emplace_back(*std::move(text));
    }
  }

  // Nothing where it is only looked at.
  Result<std::pair<const Item*, std::string>> current_item() {
    const size_t begin = at_;
    at_ += peek_name().size();
    std::string field = TRY(field_behind_dot());
    if (question_ != nullptr && question_->item == nullptr)
      return wrong(begin, "CurrentItem is of questions about an item");
    return std::pair(question_ == nullptr ? nullptr : question_->item, std::move(field));
  }

  Result<void> add_current_item(Values& values) {
    const auto [item, field] = TRY(current_item());
    if (item == nullptr) return {};
    for (std::string& text : texts_of(*item, field)) values.values.emplace_back(std::move(text));
    return {};
  }

  static std::vector<std::string> texts_of(const Item& item, std::string_view field) {
    if (field == "item_id") return {item.name};
    if (field == "category" || field == "categories") return item.content.categories;
    if (field == "brand") return {item.content.brand};
    if (field == "title" || field == "name") return {item.content.title};
    const auto found = item.content.attributes.find(field);
    if (found == item.content.attributes.end()) return {};
    const auto* text = std::get_if<std::string>(&found->second);
    if (text == nullptr) return {};
    const auto parts = parts_of(*text);
    return {parts.begin(), parts.end()};
  }

  Result<std::optional<double>> number_of_item() {
    const auto [item, field] = TRY(current_item());
    if (item == nullptr) return std::optional<double>(0);
    if (field == "price") return item->content.price;
    const auto found = item->content.attributes.find(field);
    return found == item->content.attributes.end() ? std::optional<double>() : number_of(found->second);
  }

  Result<bool> holds_for_user() {
    const std::map<std::string, Attribute, std::less<>> user = properties_of_user();
    bool holds = true;
    do {
      const size_t begin = (skip_blanks(), at_);
      const Place of = TRY(place());
      if (of.dataset != Dataset::kUser) return wrong(begin, "behind IF there may be fields of CurrentUser only");
      Item known{.name = "user"};
      known.content.attributes = user;
      const Part condition = TRY(of_item(of));
      if (!condition) continue;
      holds = holds && holds_of(filter_.nodes_[*condition], known, of.field);
    } while (take_keyword("AND"));
    return holds;
  }

  // Whatever our items call the field.
  [[nodiscard]] bool holds_of(const Node& node, const Item& user, const std::string& field) const {
    const bool is_not = node.kind == Filter::Kind::kNot;
    Node compared = is_not ? filter_.nodes_[node.left] : node;
    compared.field = Field::kLooseAttribute;
    compared.attribute = field;
    return Filter::fits(compared, {.item = user}) != is_not;
  }

  [[nodiscard]] std::map<std::string, Attribute, std::less<>> properties_of_user() const {
    std::map<std::string, Attribute, std::less<>> user;
    if (question_ == nullptr || question_->user.empty()) return user;
    JsonDocument document(question_->user, {.max_bytes = kContentBytesMax});
    document.root().each([&](std::string_view name, const JsonValue& value) {
      if (value.is_string())
        user[field_name(name)] = std::string(value.string({.max_bytes = kContentBytesMax}));
      else if (!value.is_null() && !value.is_boolean())
        user[field_name(name)] = value.number({.min = -1e300, .max = 1e300});
    });
    return user;
  }

  const PersonalizeQuestion* question_;
  const EventNames& events_;
  bool includes_ = true;
  std::optional<Dataset> dataset_;  // of the expression
  Filter filter_;
};

Result<Filter> parse_personalize(std::string_view expression, const PersonalizeQuestion& question,
                                 const EventNames& events) {
  if (expression.size() > Filter::kBytesMax)
    return fail(ErrorCode::kInvalid, "column 2001: a filter has 2,000 bytes at most");
  return PersonalizeParser(expression, &question, events).parse();
}

Result<void> check_personalize(std::string_view expression, const EventNames& events) {
  if (expression.size() > Filter::kBytesMax)
    return fail(ErrorCode::kInvalid, "column 2001: a filter has 2,000 bytes at most");
  TRY(PersonalizeParser(expression, nullptr, events).parse());
  return {};
}

}  // namespace doorbuster::recs
