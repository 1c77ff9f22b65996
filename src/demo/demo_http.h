// One call of the HTTP API after another, for the demo's customers: asks, waits for the answer, returns it.
#pragma once

#include <string>

#include "base/result.h"
#include "net/http_client.h"

namespace doorbuster::demo {

struct DemoCall {
  std::string method;
  std::string path;  // "/api/v1/...", or a whole address for another server
  std::string bearer = {};
  std::string body = {};  // JSON, or a form where `form` is set
  bool form = false;
  bool browser = false;  // as a person's browser asks, not as a program
};

struct DemoAnswer {
  int status = 0;
  std::string body;
  [[nodiscard]] bool good() const { return status >= 200 && status < 400; }
};

class DemoHttp {
 public:
  // `server` is "http://127.0.0.1:8080"; as many threads may call at once as `at_once` says.
  explicit DemoHttp(std::string server, uint32_t at_once = 1);

  [[nodiscard]] const std::string& server() const { return server_; }

  // Whatever the server answers. A 429 or 503 is waited for as it asks and the call repeated, with the same
  // Idempotency-Key; so is a call whose answer got lost. kUnavailable, with advice, when no answer is to be had.
  [[nodiscard]] Result<DemoAnswer> call(const DemoCall& call);

 private:
  [[nodiscard]] net::HttpReply once(const net::HttpRequest& request);

  const std::string server_;
  net::HttpClient client_;
};

// The words of a problem document (RFC 9457): "sold-out: No unit is available at this moment."
[[nodiscard]] std::string words_of_problem(const DemoAnswer& answer);

}  // namespace doorbuster::demo
