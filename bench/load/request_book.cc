#include "load/request_book.h"

#include <fstream>

namespace doorbuster::bench {
namespace {

Result<std::vector<std::string>> read_lines(const std::string& path, uint64_t skip) {
  std::ifstream file(path);
  if (!file) return fail(ErrorCode::kNotFound, "'" + path + "' can't be read");
  std::vector<std::string> lines;
  std::string text;
  for (uint64_t line = 0; std::getline(file, text); ++line) {
    if (line >= skip && !text.empty()) lines.push_back(text);
  }
  if (lines.empty()) return fail(ErrorCode::kInvalid, "'" + path + "' holds no lines behind --skip");
  return lines;
}

}  // namespace

Result<RequestBook> RequestBook::make(const LoadOptions& options) {
  const std::string host = " HTTP/1.1\r\nHost: " + options.host + "\r\n";
  const std::string length = options.method == "POST" ? "Content-Length: 0\r\n" : "";
  RequestBook book;
  book.left_ = options.requests == 0 ? UINT64_MAX : options.requests;
  book.repeat_ = options.repeat;
  if (!options.targets.empty()) {
    book.before_ = options.method + " ";
    book.after_ = host + length + "\r\n";
    book.lines_ = TRY(read_lines(options.targets, options.skip));
    return book;
  }
  book.before_ = options.method + " " + options.path + host + length;
  book.after_ = "\r\n";
  if (options.tokens.empty()) return book;
  book.before_ += "Authorization: Bearer ";
  book.after_ += "\r\n";
  book.lines_ = TRY(read_lines(options.tokens, options.skip));
  return book;
}

bool RequestBook::next(std::string& out) {
  if (left_ == 0 || (!lines_.empty() && position_ == lines_.size())) return false;
  --left_;
  out.assign(before_);
  if (!lines_.empty()) {
    out.append(lines_[position_++]);
    if (position_ == lines_.size() && repeat_) position_ = 0;
  }
  out.append(after_);
  return true;
}

}  // namespace doorbuster::bench
