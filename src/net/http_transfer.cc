#include "net/http_transfer.h"

#include "base/assert.h"

namespace doorbuster::net {
namespace {

long milliseconds(Duration duration) { return static_cast<long>(duration.micros() / 1'000); }

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  ASSERT(code == CURLE_OK);
}

}  // namespace

HttpTransfer::HttpTransfer(HttpRequest request, HttpClient::Callback callback, const HttpClientOptions& options)
    : request_(std::move(request)), callback_(std::move(callback)), handle_(curl_easy_init()) {
  ASSERT(handle_ != nullptr);
  set_request();
  set_bounds(options);
}

void HttpTransfer::add_header(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  ASSERT(longer != nullptr);
  (void)headers_.release();
  headers_.reset(longer);
}

void HttpTransfer::set_request() {
  CURL* const handle = handle_.get();
  const bool has_body = request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
  set(handle, CURLOPT_URL, request_.url.c_str());
  if (has_body) {
    set(handle, CURLOPT_POST, 1L);
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(handle, CURLOPT_POSTFIELDS, request_.body.data());
  }
  if (request_.method == "HEAD") set(handle, CURLOPT_NOBODY, 1L);
  set(handle, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  add_header("User-Agent: doorbuster");
  add_header("Expect:");  // no 100-continue: bodies are small
  for (const auto& [name, value] : request_.headers) add_header(name + ": " + value);
  set(handle, CURLOPT_HTTPHEADER, headers_.get());
  set(handle, CURLOPT_WRITEFUNCTION, &HttpTransfer::receive);
  set(handle, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(handle, CURLOPT_PRIVATE, static_cast<void*>(this));
}

void HttpTransfer::set_bounds(const HttpClientOptions& options) {
  CURL* const handle = handle_.get();
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROXY, options.proxy.c_str());  // an empty one overrides the environment's
  if (!options.ca_file.empty()) set(handle, CURLOPT_CAINFO, options.ca_file.c_str());
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request_.connect_time));
  set(handle, CURLOPT_TIMEOUT_MS, milliseconds(request_.total_time));
}

size_t HttpTransfer::receive(char* data, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<HttpTransfer*>(self);
  const size_t bytes = size * count;
  transfer->too_large_ = transfer->reply_.body.size() + bytes > transfer->request_.response_bytes_max;
  if (transfer->too_large_) return 0;  // ends the transfer
  transfer->reply_.body.append(data, bytes);
  return bytes;
}

bool HttpTransfer::nothing_was_sent(CURLcode code) const {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return true;
    default:
      break;
  }
  long sent = 0;
  return curl_easy_getinfo(handle_.get(), CURLINFO_REQUEST_SIZE, &sent) == CURLE_OK && sent == 0;
}

void HttpTransfer::finish(CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    curl_off_t retry_after = 0;
    (void)curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &retry_after);
    reply_.outcome = HttpOutcome::kAnswered;
    reply_.status = static_cast<int>(status);
    if (retry_after > 0) reply_.retry_after = Duration::seconds(retry_after);
  } else {
    reply_.outcome = nothing_was_sent(code) ? HttpOutcome::kNotSent : HttpOutcome::kUnknown;
    reply_.body.clear();
    reply_.error = too_large_ ? "the answer is larger than " + std::to_string(request_.response_bytes_max) + " bytes"
                              : curl_easy_strerror(code);
  }
  callback_(std::move(reply_));
}

void HttpTransfer::abandon() {
  callback_(HttpReply{.outcome = HttpOutcome::kUnknown, .error = "the server is shutting down"});
}

}  // namespace doorbuster::net
