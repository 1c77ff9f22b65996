// Requests to other servers (a payment provider, a shop's webhook), made by libcurl on one thread of its own.
//
// What matters to the caller is what the peer may have seen: an answer, surely nothing, or unknown. TLS is verified,
// redirects are not followed, no proxy of the environment is used, and everything is bounded: the queue, the requests
// in flight, the time to connect and in all, the size of the answer. docs/decisions/0041-http-client.md says why curl.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/this_thread.h"
#include "base/time.h"

namespace doorbuster::net {

struct HttpRequest {
  std::string method = "POST";
  std::string url;  // http or https
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};  // sent with POST, PUT and PATCH
  Duration connect_time = Duration::seconds(2);
  Duration total_time = Duration::seconds(5);
  size_t response_bytes_max = 65'536;
};

enum class HttpOutcome {
  kAnswered,  // `status` and `body` are the peer's
  kNotSent,   // not a byte of the request was sent: no such host, refused, no trust in its certificate, shutting down
  kUnknown,   // it was sent, in part at least, and no whole answer came: the peer may or may not have acted on it
};

struct HttpReply {
  HttpOutcome outcome = HttpOutcome::kUnknown;
  int status = 0;
  std::string body = {};
  std::optional<Duration> retry_after = {};  // of the answer, if it gave one in seconds
  std::string error = {};                    // for people, when there is no answer
};

inline constexpr uint32_t kHttpClientQueue = 1'024;

struct HttpClientOptions {
  uint32_t queue_max = kHttpClientQueue;  // requests that wait or are in flight
  uint32_t in_flight_max = 32;
  std::string thread_name = "http-client";
  Urgency urgency = Urgency::kUsual;  // of its thread
  std::string proxy = {};             // "http://proxy:3128"; none if empty
  std::string ca_file = {};           // the system's authorities if empty
};

class HttpClient {
 public:
  // Called once for each accepted request, on the client's thread: be quick, and do not destroy the client in it.
  using Callback = std::function<void(HttpReply)>;

  explicit HttpClient(const HttpClientOptions& options = {});
  // Ends everything at once: callbacks come for all that is queued (kNotSent) or in flight (kUnknown) before it
  // returns.
  ~HttpClient();

  // From any thread. The request goes out after `delay`. False if the queue is full or the client is ending; the
  // callback is then never called.
  [[nodiscard]] bool send(HttpRequest request, Callback callback, Duration delay = {});

  // What its thread has used so far.
  [[nodiscard]] Duration cpu_time() const;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace doorbuster::net
