// What a shop says of an item: as it is sent to the API, as it stands in the log (the same JSON), and as it is kept.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::recs {

inline constexpr size_t kCategoriesMax = 32;  // of an item
inline constexpr size_t kAttributesMax = 64;
inline constexpr size_t kSalesMax = 16;
inline constexpr size_t kVectorsMax = 4;
inline constexpr size_t kDimensionsMin = 8;
inline constexpr size_t kDimensionsMax = 1'024;
inline constexpr size_t kDimensionsOfItemMax = 1'536;

using Attribute = std::variant<std::string, double, bool>;

struct Content {
  std::vector<std::string> categories = {};
  std::optional<double> price = {};
  std::string currency = {};
  bool in_stock = true;
  std::string brand = {};
  std::string title = {};
  std::string text = {};
  std::string url = {};
  std::string image = {};
  std::vector<std::string> sales = {};  // by id: where it is sold as a drop
  std::optional<Timestamp> published_at = {};
  std::map<std::string, Attribute, std::less<>> attributes = {};
  std::map<std::string, std::vector<float>, std::less<>> vectors = {};
};

// Whether all that items are compared by is the same.
[[nodiscard]] bool says_the_same_of_likeness(const Content& a, const Content& b);
// All members of the object are read; what is wrong is for the document to say.
[[nodiscard]] Content read_content(const JsonObject& object);
// kInvalid: it is none.
[[nodiscard]] Result<Content> parse_content(std::string_view json);
// As members of an object that is open.
void write_content(JsonWriter& json, const Content& content);
// The member "sales", where there are any.
void write_sales(JsonWriter& json, const Content& content);
[[nodiscard]] std::string print_content(const Content& content);

}  // namespace doorbuster::recs
