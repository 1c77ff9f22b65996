#include "load/request_book.h"

#include <fstream>

namespace doorbuster::bench {

Result<RequestBook> RequestBook::make(const LoadOptions& options) {
  RequestBook book;
  book.left_ = options.requests == 0 ? UINT64_MAX : options.requests;
  book.repeat_ = options.repeat;
  book.has_tokens_ = !options.tokens.empty();
  book.before_ = options.method + " " + options.path + " HTTP/1.1\r\nHost: " + options.host + "\r\n";
  if (options.method == "POST") book.before_ += "Content-Length: 0\r\n";
  if (book.has_tokens_) book.before_ += "Authorization: Bearer ";
  book.after_ = book.has_tokens_ ? "\r\n\r\n" : "\r\n";
  if (book.has_tokens_) TRY(book.read_tokens(options));
  return book;
}

Result<void> RequestBook::read_tokens(const LoadOptions& options) {
  std::ifstream file(options.tokens);
  if (!file) return fail(ErrorCode::kNotFound, "'" + options.tokens + "' can't be read");
  std::string token;
  for (uint64_t line = 0; std::getline(file, token); ++line) {
    if (line >= options.skip && !token.empty()) tokens_.push_back(token);
  }
  if (tokens_.empty()) return fail(ErrorCode::kInvalid, "'" + options.tokens + "' holds no tokens behind --skip");
  return {};
}

bool RequestBook::next(std::string& out) {
  if (left_ == 0 || (has_tokens_ && position_ == tokens_.size())) return false;
  --left_;
  out.assign(before_);
  if (has_tokens_) {
    out.append(tokens_[position_++]);
    if (position_ == tokens_.size() && repeat_) position_ = 0;
  }
  out.append(after_);
  return true;
}

}  // namespace doorbuster::bench
