#include "links/imports/json_rows.h"

#include <utility>

namespace doorbuster::links {

Result<void> JsonRows::feed(std::string_view piece) {
  for (const char c : piece) {
    if (!trouble_.empty()) break;
    ++at_;
    if (is_in_row_) row_ += c;
    if (row_.size() > kImportRowBytesMax) {
      (void)refuse("a link is longer than " + std::to_string(kImportRowBytesMax) + " bytes");
    } else {
      (void)step(c);
    }
  }
  return trouble_.empty() ? Result<void>() : fail(ErrorCode::kInvalid, trouble_);
}

Result<void> JsonRows::finish() const {
  if (!trouble_.empty()) return fail(ErrorCode::kInvalid, trouble_);
  if (levels_.empty() && !is_in_text_) return {};
  return fail(ErrorCode::kInvalid, "the JSON ends in the middle, after " + std::to_string(at_) +
                                       " bytes: is a part of "
                                       "the file missing?");
}

bool JsonRows::refuse(std::string why) {
  trouble_ = "byte " + std::to_string(at_) + ": " + std::move(why);
  is_in_row_ = false;
  return false;
}

bool JsonRows::step(char c) {
  if (is_in_text_) {
    if (std::exchange(is_escaped_, false)) return true;
    if (c == '\\') is_escaped_ = true;
    if (c == '"') is_in_text_ = false;
    if (is_in_text_ && text_.size() < kNameBytesMax) text_ += c;
    return true;
  }
  if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return true;
  if (c == '"') return begin_text();
  if (c == ':') return name_ends();
  if (c == '{' || c == '[') return open(c);
  if (c == '}' || c == ']') return close(c);
  if (c == ',') {
    is_value_next_ = false;
    return !levels_.empty() || refuse("a comma stands outside of everything");
  }
  return (!levels_.empty() && !is_among_rows()) || refuse("a link begins with a brace");
}

bool JsonRows::begin_text() {
  const bool is_name = !levels_.empty() && levels_.back().closes == '}' && !is_value_next_;
  if (levels_.empty() || (is_among_rows() && !is_name)) return refuse("a link begins with a brace, not with a quote");
  is_in_text_ = true;
  text_.clear();
  return true;
}

bool JsonRows::name_ends() {
  if (levels_.empty()) return refuse("a colon stands outside of everything");
  is_value_next_ = true;
  if (levels_.size() == 1 && levels_.back().role == Role::kPage && !shape_.mark.empty() && text_ == shape_.mark) {
    is_in_row_ = false;
    row_.clear();
  }
  return true;
}

JsonRows::Level JsonRows::level_that_begins(char c) const {
  Level level{.closes = c == '{' ? '}' : ']', .role = Role::kInside};
  if (levels_.empty()) {
    level.role = c == '{' ? Role::kPage : Role::kRows;
  } else if (levels_.back().role == Role::kRows) {
    level.role = Role::kRow;
  } else if (levels_.back().role == Role::kPage) {
    const size_t next = levels_.back().matched;
    if (!is_value_next_ || next == shape_.path.size() || shape_.path[next].empty() || text_ != shape_.path[next])
      return level;
    const bool is_last = next + 1 == shape_.path.size() || shape_.path[next + 1].empty();
    if (is_last) level.role = Role::kRows;
    if (!is_last && c == '{') level.role = Role::kPage;
    level.matched = next + 1;
  }
  return level;
}

bool JsonRows::open(char c) {
  if (levels_.size() == kDepthMax) return refuse("it is nested too deeply");
  if (is_among_rows() && c == '[') return refuse("a link begins with a brace, not with a bracket");
  const bool is_first = levels_.empty();
  const Level level = level_that_begins(c);
  if (level.role == Role::kRow || (is_first && level.role == Role::kPage)) {
    is_in_row_ = true;
    row_ = c;
  } else if (level.matched > 0) {
    is_in_row_ = false;
    row_.clear();
  }
  is_value_next_ = false;
  levels_.push_back(level);
  return true;
}

bool JsonRows::close(char c) {
  if (levels_.empty() || levels_.back().closes != c) return refuse("a bracket closes that was not opened");
  const Role role = levels_.back().role;
  levels_.pop_back();
  is_value_next_ = false;
  const bool is_row = role == Role::kRow || (role == Role::kPage && levels_.empty() && is_in_row_);
  if (!is_row) return true;
  is_in_row_ = false;
  take_(std::exchange(row_, {}));
  return true;
}

}  // namespace doorbuster::links
