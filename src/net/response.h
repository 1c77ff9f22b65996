// What a handler answers with.
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "net/status.h"

namespace doorbuster::net {

// Control characters in a value are sent as spaces, so that no value can begin a field of its own.
struct Header {
  std::string_view name;
  std::string_view value;
};

// Up to kMax headers, held in place.
class HeaderList {
 public:
  static constexpr size_t kMax = 8;

  HeaderList() = default;
  HeaderList(std::initializer_list<Header> headers) {
    for (const Header& header : headers) add(header);
  }
  void add(Header header) {
    ASSERT(size_ < kMax);
    headers_[size_++] = header;
  }
  [[nodiscard]] const Header* begin() const { return headers_.data(); }
  [[nodiscard]] const Header* end() const { return headers_.data() + size_; }

 private:
  std::array<Header, kMax> headers_;
  size_t size_ = 0;
};

// The layer adds Date, Content-Length and Connection itself, and drops the body of an answer to HEAD. Head and body
// together fit in BufferPool::kBlockMax; what may be larger is streamed.
struct Response {
  Status status = Status::kOk;
  std::string_view content_type = {};  // no field if empty
  std::string_view body = {};
  HeaderList headers = {};
};

// A response rendered once and sent many times: a snapshot, a page. Copying it to a connection is two copies of memory.
class PreparedResponse {
 public:
  PreparedResponse() = default;
  explicit PreparedResponse(const Response& response) { render(response); }
  // Replaces what it held; reuses the memory.
  void render(const Response& response);

  [[nodiscard]] Status status() const { return status_; }
  // The fields, without the status line and without the empty line.
  [[nodiscard]] std::string_view fields() const { return std::string_view(text_).substr(0, fields_size_); }
  [[nodiscard]] std::string_view body() const { return std::string_view(text_).substr(fields_size_); }

 private:
  Status status_ = Status::kOk;
  std::string text_;
  size_t fields_size_ = 0;
};

// How an answer is framed for the request it belongs to.
struct AnswerFrame {
  bool head_only = false;         // the request was HEAD
  bool close = false;             // say that the connection ends
  bool say_keep_alive = false;    // HTTP/1.0 needs to be told
  std::string_view date_field{};  // "Date: ...\r\n"
};

// At least the bytes that write() makes of the response.
[[nodiscard]] size_t size_bound(const Response& response, const AnswerFrame& frame);
[[nodiscard]] size_t size_bound(const PreparedResponse& response, const AnswerFrame& frame);

// Writes and returns the end.
char* write(char* out, const Response& response, const AnswerFrame& frame);
char* write(char* out, const PreparedResponse& response, const AnswerFrame& frame);

// The head of an answer whose length nobody knows yet.
enum class StreamFraming { kChunked, kUntilClose };
char* write_stream_head(char* out, const Response& response, const AnswerFrame& frame, StreamFraming framing);

}  // namespace doorbuster::net
