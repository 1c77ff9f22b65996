// Outgoing webhooks: tells the shop's endpoints what happens, by Standard Webhooks 1.0.0 with CloudEvents 1.0 bodies.
//
// At least once, and in order for each key (a hold, an entry, a sale). Many requests to an endpoint are under way at
// once, each of one event or of a batch. An endpoint that fails is tried again after growing pauses of up to hours;
// after days without a success (or at once when it answers 410) it is disabled, which status() shows, and keeps its
// position: nothing is lost when an operator enables it again. docs/webhooks.md tells receivers what to do.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/http_client.h"
#include "platform/webhooks/endpoint.h"

namespace doorbuster::platform {

inline constexpr size_t kWebhookEndpointsMax = 64;
// Requests of all endpoints together. A client's queue holds that, and tests of endpoints beside.
inline constexpr uint32_t kWebhookRequestsMax = 512;
static_assert(kWebhookRequestsMax + kWebhookEndpointsMax <= net::kHttpClientQueue);

struct WebhookOptions {
  BacklogOptions backlog = {};  // but for what each endpoint says itself
  Duration connect_time = Duration::seconds(5);
  Duration total_time = Duration::seconds(15);
  Duration poll_time = Duration::millis(100);  // between looks at the sources without a notify()
  Duration save_time = Duration::millis(200);  // at most this much is delivered again after a crash
  net::HttpClientOptions client = {.in_flight_max = kWebhookRequestsMax + kWebhookEndpointsMax};
};

class WebhookEngine {
 public:
  struct Deps {
    std::vector<DeliverySource*> sources;  // the first is the one that positions of version 1 mean
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

  // From any thread: the sources may have more.
  void notify();
  [[nodiscard]] std::vector<EndpointStatus> status() const;

  // --- From any thread but the engine's; they return when it is done and durable, and the engine never waits for the
  // network. kNotFound: there is no such endpoint; kIo; kUnavailable: the engine is ending. ---

  // Sends nothing until it is enabled.
  [[nodiscard]] Result<void> disable(std::string_view id);
  // Tries a disabled endpoint again, at once.
  [[nodiscard]] Result<void> enable(std::string_view id);
  // Delivers again all that happened at that time or later, once the requests under way are answered.
  [[nodiscard]] Result<void> replay(std::string_view id, Timestamp from);

 private:
  struct Endpoint;
  struct Answer {
    Endpoint* endpoint;
    std::shared_ptr<const Backlog::Request> request;
    TraceContext trace;
    net::HttpReply reply;
  };
  using Change = std::function<Result<void>(Endpoint&)>;

  WebhookEngine(Deps deps, const WebhookOptions& options);
  Result<void> add(WebhookEndpoint endpoint);
  [[nodiscard]] Result<EndpointPosition> position_of(const WebhookEndpoint& endpoint) const;
  [[nodiscard]] std::unique_ptr<Backlog> make_backlog(const WebhookEndpoint& endpoint,
                                                      const EndpointPosition& position) const;
  [[nodiscard]] Endpoint* find(std::string_view id) const;
  // Runs it on the engine's thread and waits.
  Result<void> change(std::string_view id, const Change& change);
  Result<void> on_thread(std::function<Result<void>()> work);

  // The thread's own (webhooks_thread.cc).
  void run();
  void do_commands();
  void take_answers();
  void take_answer(const Answer& answer, Timestamp now);
  void begin_replay_if_due(Endpoint& endpoint);
  void read_ahead(Endpoint& endpoint);
  void send_due(Endpoint& endpoint, Timestamp now);
  void send(Endpoint& endpoint, Backlog::Request request, Timestamp now);
  void save_if_due(Endpoint& endpoint, Timestamp now);
  Result<void> save(Endpoint& endpoint);
  void show(Endpoint& endpoint);
  void wait();
  [[nodiscard]] Timestamp next_wake(Timestamp now) const;

  Deps deps_;
  const WebhookOptions options_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;  // the thread's own, once it runs
  uint32_t in_flight_ = 0;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Answer> answers_;
  std::vector<std::function<void()>> commands_;
  bool notified_ = false;
  bool ending_ = false;

  mutable std::mutex shown_mutex_;
  std::map<std::string, EndpointStatus, std::less<>> shown_;

  std::unique_ptr<net::HttpClient> client_;
  std::thread thread_;
};

}  // namespace doorbuster::platform
