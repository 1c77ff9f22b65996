#include "recs/views/filter.h"

#include <algorithm>

#include "recs/views/loose_values.h"

namespace doorbuster::recs {
namespace {

double seconds_of(Timestamp at) { return static_cast<double>(at.micros()) / 1e6; }

}  // namespace

bool Filter::accepts(uint32_t index, const FilterSubject& subject) const {
  const Node& node = nodes_[index];
  switch (node.kind) {
    case Kind::kAnd:
      return accepts(node.left, subject) && accepts(node.right, subject);
    case Kind::kOr:
      return accepts(node.left, subject) || accepts(node.right, subject);
    case Kind::kNot:
      return !accepts(node.left, subject);
    case Kind::kCompare:
      return fits(node, subject);
  }
  return false;
}

bool Filter::fits(const Node& node, const FilterSubject& subject) {
  const Content& content = subject.item.content;
  const auto text = [&](const std::string& of_item) { return !of_item.empty() && fits_value(node, of_item); };
  switch (node.field) {
    case Field::kItem:
      return text(subject.item.name);
    case Field::kBrand:
      return text(content.brand);
    case Field::kTitle:
      return text(content.title);
    case Field::kCurrency:
      return text(content.currency);
    case Field::kCategory: {
      const auto is_equal = [&](const std::string& category) {
        return std::ranges::any_of(node.values, [&](const Value& value) { return value == Value(category); });
      };
      const bool is_any = std::ranges::any_of(content.categories, is_equal);
      return node.op == Operator::kUnequal ? !is_any : is_any;
    }
    case Field::kPrice:
      return content.price && fits_value(node, *content.price);
    case Field::kPublishedAt:
      return content.published_at && fits_value(node, seconds_of(*content.published_at));
    case Field::kInStock:
      return fits_value(node, content.in_stock);
    case Field::kBought:
      return fits_value(node, subject.is_bought);
    case Field::kViewed:
      return fits_value(node, subject.is_viewed);
    case Field::kAttribute: {
      const auto found = content.attributes.find(node.attribute);
      return found != content.attributes.end() && fits_value(node, found->second);
    }
    case Field::kEvents:
      return (subject.done & node.events) != 0;
    case Field::kLooseAttribute: {
      const auto found = content.attributes.find(node.attribute);
      return found != content.attributes.end() && fits_loosely(node, found->second);
    }
    case Field::kAll:
      return true;
  }
  return false;
}

bool Filter::fits_loosely(const Node& node, const Attribute& attribute) {
  if (node.values.empty()) return false;
  const bool wants_numbers = std::holds_alternative<double>(node.values.front());
  if (wants_numbers) {
    const auto number = number_of(attribute);
    return number && fits_value(node, *number);
  }
  if (const auto* number = std::get_if<double>(&attribute)) return fits_value(node, number_text(*number));
  if (const auto* truth = std::get_if<bool>(&attribute)) return fits_value(node, *truth ? "true" : "false");
  const auto parts = parts_of(std::get<std::string>(attribute));
  return std::ranges::any_of(parts, [&](std::string_view part) { return fits_value(node, std::string(part)); });
}

// Of several values one has to fit.
bool Filter::fits_value(const Node& node, const Value& of_item) {
  return std::ranges::any_of(node.values, [&](const Value& wanted) { return compare(node.op, of_item, wanted); });
}

bool Filter::compare(Operator op, const Value& of_item, const Value& wanted) {
  if (of_item.index() != wanted.index()) return false;
  switch (op) {
    case Operator::kEqual:
      return of_item == wanted;
    case Operator::kUnequal:
      return of_item != wanted;
    case Operator::kLess:
      return of_item < wanted;
    case Operator::kLessOrEqual:
      return of_item <= wanted;
    case Operator::kGreater:
      return of_item > wanted;
    case Operator::kGreaterOrEqual:
      return of_item >= wanted;
  }
  return false;
}

}  // namespace doorbuster::recs
