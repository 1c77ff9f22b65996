// The links in a JSON file that another product wrote: found while the file comes, piece by piece, so that a file of
// any size needs the memory of one link.
//
// Taken is what people have: a page of an API's answer, several pages one behind the other, an array of links, or a
// link a line (NDJSON). What a link's text says is for others to read; here it is only found.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::links {

// More than a link with the longest address and title needs.
inline constexpr size_t kImportRowBytesMax = 65'536;

// Where links stand in a page: the names of the members that lead there (empty: pages are none of this product's), and
// one that a page has even when it has no links.
struct PageShape {
  std::array<std::string_view, 2> path = {};
  std::string_view mark = {};
};

class JsonRows {
 public:
  using Take = std::function<void(std::string&&)>;

  JsonRows(PageShape shape, Take take) : shape_(shape), take_(std::move(take)) {}

  // kInvalid: where it is not what it should be. Nothing is taken then any more.
  [[nodiscard]] Result<void> feed(std::string_view piece);
  // Nothing more comes. kInvalid if something is missing.
  [[nodiscard]] Result<void> finish() const;

 private:
  static constexpr size_t kDepthMax = 64;
  static constexpr size_t kNameBytesMax = 64;

  enum class Role : uint8_t {
    kPage,    // an object that may lead to links, or be one
    kRows,    // what holds links
    kRow,     // a link
    kInside,  // anything within another
  };
  struct Level {
    char closes;
    Role role;
    size_t matched = 0;  // kPage: names of the path that led here
  };

  [[nodiscard]] bool step(char c);
  [[nodiscard]] bool begin_text();
  [[nodiscard]] bool name_ends();
  [[nodiscard]] bool open(char c);
  [[nodiscard]] bool close(char c);
  [[nodiscard]] Level level_that_begins(char c) const;
  [[nodiscard]] bool is_among_rows() const { return !levels_.empty() && levels_.back().role == Role::kRows; }
  [[nodiscard]] bool refuse(std::string why);

  const PageShape shape_;
  const Take take_;
  std::vector<Level> levels_;
  std::string row_;  // as far as it has come
  bool is_in_row_ = false;
  bool is_in_text_ = false;
  bool is_escaped_ = false;     // the next character of the text
  bool is_value_next_ = false;  // of a member
  std::string text_;            // the last one, or its beginning
  uint64_t at_ = 0;             // bytes that were read
  std::string trouble_;
};

}  // namespace doorbuster::links
