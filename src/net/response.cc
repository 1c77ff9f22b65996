#include "net/response.h"

#include <charconv>
#include <cstring>

namespace doorbuster::net {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kContentType = "Content-Type: ";
constexpr std::string_view kContentLength = "Content-Length: ";
constexpr std::string_view kClose = "Connection: close\r\n";
constexpr std::string_view kKeepAlive = "Connection: keep-alive\r\n";
constexpr std::string_view kChunked = "Transfer-Encoding: chunked\r\n";
constexpr size_t kDigitsMax = 20;

// Everything of a head that is not the caller's text.
constexpr size_t kFixedBytes = 64 + kContentType.size() + kContentLength.size() + kDigitsMax + kKeepAlive.size() +
                               kChunked.size() + 4 * kLineEnd.size();

char* put(char* out, std::string_view text) {
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// Text from outside may stand in a value: it must not end the line.
char* put_value(char* out, std::string_view value) {
  for (const char c : value) *out++ = static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  return put(out, kLineEnd);
}

size_t headers_bytes(const HeaderList& headers) {
  size_t bytes = 0;
  for (const Header& header : headers) bytes += header.name.size() + header.value.size() + 4;
  return bytes;
}

char* put_headers(char* out, const HeaderList& headers) {
  for (const Header& header : headers) {
    out = put(put(out, header.name), ": ");
    out = put_value(out, header.value);
  }
  return out;
}

char* put_content_length(char* out, size_t length) {
  out = put(out, kContentLength);
  out = std::to_chars(out, out + kDigitsMax, length).ptr;
  return put(out, kLineEnd);
}

char* put_content_type(char* out, std::string_view content_type) {
  return content_type.empty() ? out : put_value(put(out, kContentType), content_type);
}

char* put_fields(char* out, const Response& response) {
  out = put_content_type(out, response.content_type);
  if (may_have_body(response.status)) out = put_content_length(out, response.body.size());
  return put_headers(out, response.headers);
}

char* put_connection(char* out, const AnswerFrame& frame) {
  if (frame.close) return put(out, kClose);
  return frame.say_keep_alive ? put(out, kKeepAlive) : out;
}

char* put_end(char* out, Status status, std::string_view body, const AnswerFrame& frame) {
  out = put(put_connection(out, frame), kLineEnd);
  return frame.head_only || !may_have_body(status) ? out : put(out, body);
}

}  // namespace

void PreparedResponse::render(const Response& response) {
  status_ = response.status;
  text_.resize(size_bound(response, {}));
  char* end = put_fields(text_.data(), response);
  fields_size_ = static_cast<size_t>(end - text_.data());
  if (may_have_body(response.status)) end = put(end, response.body);
  text_.resize(static_cast<size_t>(end - text_.data()));
}

size_t size_bound(const Response& response, const AnswerFrame& frame) {
  return kFixedBytes + frame.date_field.size() + response.content_type.size() + headers_bytes(response.headers) +
         response.body.size();
}

size_t size_bound(const PreparedResponse& response, const AnswerFrame& frame) {
  return kFixedBytes + frame.date_field.size() + response.fields().size() + response.body().size();
}

char* write(char* out, const Response& response, const AnswerFrame& frame) {
  out = put(put(out, status_line(response.status)), frame.date_field);
  return put_end(put_fields(out, response), response.status, response.body, frame);
}

char* write(char* out, const PreparedResponse& response, const AnswerFrame& frame) {
  out = put(put(out, status_line(response.status())), frame.date_field);
  return put_end(put(out, response.fields()), response.status(), response.body(), frame);
}

char* write_stream_head(char* out, const Response& response, const AnswerFrame& frame, StreamFraming framing) {
  out = put(put(out, status_line(response.status)), frame.date_field);
  out = put_headers(put_content_type(out, response.content_type), response.headers);
  if (framing == StreamFraming::kChunked) out = put(out, kChunked);
  return put(put_connection(out, frame), kLineEnd);
}

}  // namespace doorbuster::net
