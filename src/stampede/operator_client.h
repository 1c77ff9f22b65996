// What a stampede does as the shop's operator: puts the sale on, and reads what the server itself says of it.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http_client.h"
#include "stampede/scenario.h"

namespace doorbuster::stampede {

struct ServerNumbers {
  uint64_t units = 0;
  uint64_t available = 0;
  uint64_t offered = 0;
  uint64_t held = 0;
  uint64_t paying = 0;
  uint64_t sold = 0;
  std::optional<double> seconds_to_all_held;
  std::optional<double> seconds_to_all_sold;
  uint64_t invariant_violations = 0;
  bool guard_enforces = false;
};

class OperatorClient {
 public:
  // `data` is the server's folder, where operator.key is.
  [[nodiscard]] static Result<OperatorClient> make(const std::string& server, const std::string& data);

  [[nodiscard]] Result<void> put_on(const std::string& sale, const Scenario& scenario, Timestamp opens_at);
  [[nodiscard]] Result<ServerNumbers> numbers_of(const std::string& sale);

 private:
  OperatorClient(std::string server, std::string key);
  [[nodiscard]] Result<std::string> call(const std::string& method, const std::string& path, std::string body = {});

  const std::string server_;
  const std::string key_;
  std::unique_ptr<net::HttpClient> client_ = std::make_unique<net::HttpClient>();
};

// The sum over all series of a metric in Prometheus' text format whose line holds `label`.
[[nodiscard]] double sum_of_metric(std::string_view text, std::string_view name, std::string_view label = {});

}  // namespace doorbuster::stampede
