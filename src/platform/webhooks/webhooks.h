// Outgoing webhooks: tells the shop's endpoints what happens in its sales, by Standard Webhooks 1.0.0 with
// CloudEvents 1.0 bodies.
//
// At least once, and in order within a sale. An endpoint that fails is tried again after growing pauses of up to hours;
// after days without a success (or at once when it answers 410) it is disabled, which status() shows, and keeps its
// position: nothing is lost when an operator enables it again. docs/webhooks.md tells receivers what to do.
#pragma once

#include <array>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/http_client.h"
#include "platform/webhooks/lanes.h"
#include "platform/webhooks/position_file.h"

namespace doorbuster::platform {

struct WebhookEndpoint {
  std::string id;                       // 1 to 64 letters, digits, '-', '_'; its position is kept under this name
  std::string url;                      // http or https
  std::vector<std::string> secrets;     // whsec_...; all of them sign, so that one can be changed without a gap
  std::vector<std::string> types = {};  // "hold.created", ...; all if empty
  uint64_t first_position = 0;          // where it begins when it has no position yet: behind this sequence
};

enum class EndpointState { kHealthy, kFailing, kDisabled };
inline constexpr std::array<std::string_view, 3> kEndpointStateNames = {"healthy", "failing", "disabled"};

struct EndpointStatus {
  std::string id;
  std::string url;
  EndpointState state = EndpointState::kHealthy;
  uint64_t position = 0;
  size_t waiting = 0;  // read, but not delivered
  std::optional<Timestamp> failing_since = {};
  std::string last_error = {};
  std::string last_error_trace = {};  // the trace id of the delivery that failed
};

struct WebhookOptions {
  LaneOptions lanes = {};
  Duration connect_time = Duration::seconds(5);
  Duration total_time = Duration::seconds(15);
  Duration poll_time = Duration::millis(500);  // between looks at the source without a notify()
  Duration save_time = Duration::millis(200);  // at most this much is delivered again after a crash
  net::HttpClientOptions client = {};
};

class WebhookEngine {
 public:
  struct Deps {
    DeliverySource& source;
    const Clock& clock;
    std::filesystem::path folder;  // of the positions; made if missing
    // Called on the engine's thread when an endpoint's state changes or its position cannot be saved: for the log.
    std::function<void(const EndpointStatus&)> changed = [](const EndpointStatus&) {};
  };

  // kInvalid names an endpoint or a position file that cannot be used; kIo.
  [[nodiscard]] static Result<std::unique_ptr<WebhookEngine>> start(std::vector<WebhookEndpoint> endpoints, Deps deps,
                                                                    const WebhookOptions& options = {});
  // Ends without waiting for answers; positions are saved.
  ~WebhookEngine();

  // From any thread: the source may have more.
  void notify();
  [[nodiscard]] std::vector<EndpointStatus> status() const;
  // Tries a disabled endpoint again, at once. kNotFound.
  [[nodiscard]] Result<void> enable(std::string_view id);

 private:
  struct Endpoint;
  struct Answer {
    Endpoint* endpoint;
    uint64_t sequence;
    TraceContext trace;
    net::HttpReply reply;
  };

  WebhookEngine(Deps deps, const WebhookOptions& options);
  Result<void> add(WebhookEndpoint endpoint);
  void run();
  void take_answers();
  void take_answer(const Answer& answer, Timestamp now);
  void read_ahead(Endpoint& endpoint);
  void send_due(Endpoint& endpoint, Timestamp now);
  void save_if_due(Endpoint& endpoint, Timestamp now);
  void show(Endpoint& endpoint);
  void wait();
  [[nodiscard]] Timestamp next_wake(Timestamp now) const;

  Deps deps_;
  const WebhookOptions options_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;  // the thread's own, but for each one's `shown`

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Answer> answers_;
  std::vector<Endpoint*> to_enable_;
  bool notified_ = false;
  bool ending_ = false;

  std::unique_ptr<net::HttpClient> client_;
  std::thread thread_;
};

}  // namespace doorbuster::platform
