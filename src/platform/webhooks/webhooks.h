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
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/cpu_share.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http_client.h"
#include "platform/webhooks/endpoint.h"

namespace doorbuster::platform {

// Of one core, while customers want most of the machine: docs/decisions/0064-who-is-waited-for-comes-first.md.
inline constexpr double kShareInARush = 0.1;

// Requests of all endpoints together. A client's queue holds that, and tests of endpoints beside.
inline constexpr uint32_t kWebhookRequestsMax = 512;
static_assert(kWebhookRequestsMax + kWebhookEndpointsMax <= net::kHttpClientQueue);

struct WebhookOptions {
  BacklogOptions backlog = {};  // but for what each endpoint says itself
  Duration connect_time = Duration::seconds(5);
  Duration total_time = Duration::seconds(15);
  Duration poll_time = Duration::seconds(1);   // between looks at sources that say nothing: a read may have failed
  Duration save_time = Duration::millis(200);  // at most this much is delivered again after a crash
  net::HttpClientOptions client = {.in_flight_max = kWebhookRequestsMax + kWebhookEndpointsMax,
                                   .thread_name = "webhook-client",
                                   .urgency = Urgency::kCanWait};
};

// What came of a test: one event to one endpoint.
struct TestAnswer {
  bool is_delivered = false;
  int status = 0;          // of the receiver's answer; 0: there was none
  std::string error = {};  // empty if it was delivered
  Duration took = {};
};

[[nodiscard]] Error no_such_endpoint(std::string_view id);

class WebhookEngine {
 public:
  struct Deps {
    const Clock& clock;
    const Clock* wall = nullptr;   // for the signatures' times; null: `clock`
    std::filesystem::path folder;  // of the server's data: endpoints and positions are kept in it
    // Called on the engine's thread when an endpoint's state changes or its position cannot be saved: for the log.
    std::function<void(const EndpointStatus&)> changed = [](const EndpointStatus&) {};
  };

  // Without a thread of its own nothing happens by itself: whoever drives it calls turn().
  enum class Threads : uint8_t { kOwn, kNone };

  // Does nothing before it is started.
  explicit WebhookEngine(Deps deps, const WebhookOptions& options = {});
  ~WebhookEngine();

  // Serves the endpoints of the configuration and those that were made by API. The sources outlive the engine; the
  // first is the one that positions of version 1 mean. kInvalid names an endpoint or a file that cannot be used; kIo.
  [[nodiscard]] Result<void> start(std::vector<WebhookEndpoint> configured, std::vector<DeliverySource*> sources,
                                   Threads threads = Threads::kOwn);
  // Without waiting for answers; positions are saved. What is asked afterwards is kUnavailable. Destroyed without it,
  // an engine with a thread stops all the same, and one without is left as a process that is killed.
  void stop();

  // What its thread does whenever there is news. Says until when there is nothing to do by itself.
  Timestamp turn();

  // --- From any thread. ---

  // Of all endpoints, by their ids; of one.
  [[nodiscard]] std::vector<EndpointStatus> status() const;
  [[nodiscard]] std::optional<EndpointStatus> status_of(std::string_view id) const;

  // --- From any thread but the engine's; they return when it is done and durable, and the engine never waits for the
  // network. kNotFound: there is no such endpoint; kIo; kUnavailable: it is not running; kConflict: the key stands for
  // another request; kReadOnly: the configuration alone changes this endpoint. ---

  // Sends nothing until it is enabled.
  [[nodiscard]] Result<void> disable(std::string_view id);
  // Tries a disabled endpoint again, at once.
  [[nodiscard]] Result<void> enable(std::string_view id);
  // Delivers again all that happened at that time or later, once the requests under way are answered. The same request
  // again changes nothing.
  [[nodiscard]] Result<void> replay(std::string_view id, Timestamp from, const RequestKey& key = {});

  // Fills in what the caller does not say: id, secret, time. A repeated request gives the endpoint that it made.
  // kLimit.
  [[nodiscard]] Result<WebhookEndpoint> create(WebhookEndpoint wanted);
  [[nodiscard]] Result<void> update(std::string_view id, const EndpointChange& wanted);
  // A new secret comes first; the old one signs on for that long.
  [[nodiscard]] Result<WebhookEndpoint> rotate_secret(std::string_view id, Duration old_valid,
                                                      const RequestKey& key = {});
  [[nodiscard]] Result<void> remove(std::string_view id);
  // Sends one event of the type webhook.test, whatever the state. `done` is called once, here or on another thread.
  void test(std::string_view id, std::function<void(TestAnswer)> done);

 private:
  struct Endpoint;
  struct Answer {
    Endpoint* endpoint;
    std::shared_ptr<const Backlog::Request> request;
    TraceContext trace;
    net::HttpReply reply;
  };
  using Change = std::function<Result<void>(Endpoint&)>;

  // Where an endpoint without a position begins in each source.
  using Beginning = uint64_t (DeliverySource::*)() const;
  Result<void> add(WebhookEndpoint endpoint);
  [[nodiscard]] Result<std::unique_ptr<Endpoint>> build(const WebhookEndpoint& endpoint, Beginning beginning) const;
  [[nodiscard]] std::filesystem::path positions_folder() const { return deps_.folder / "webhooks"; }
  [[nodiscard]] std::filesystem::path made_file() const { return deps_.folder / "webhook-endpoints.json"; }
  [[nodiscard]] std::vector<WebhookEndpoint> made_by_api() const;
  [[nodiscard]] uint64_t behind(const EndpointStatus& status) const;
  [[nodiscard]] Result<EndpointPosition> position_of(const WebhookEndpoint& endpoint) const;
  [[nodiscard]] std::unique_ptr<Backlog> make_backlog(const WebhookEndpoint& endpoint, const EndpointPosition& position,
                                                      Beginning beginning) const;
  [[nodiscard]] Endpoint* find(std::string_view id) const;
  // A source has more; any thread.
  void notify();
  // Runs it on the engine's thread and waits.
  Result<void> change(std::string_view id, const Change& change);
  Result<void> change_made(std::string_view id, const std::function<Result<void>(WebhookEndpoint&)>& edit);
  Result<void> on_thread(std::function<Result<void>()> work);

  // The thread's own (webhooks_thread.cc).
  void run();
  void do_commands();
  void take_answers();
  void take_answer(const Answer& answer, Timestamp now);
  void rebuild_if_due(Endpoint& endpoint);
  void forget_those_that_left();
  void read_ahead(Endpoint& endpoint);
  void send_due(Endpoint& endpoint, Timestamp now);
  void send(Endpoint& endpoint, Backlog::Request request);
  [[nodiscard]] Timestamp signing_time() const { return (deps_.wall == nullptr ? deps_.clock : *deps_.wall).now(); }
  void save_if_due(Endpoint& endpoint, Timestamp now);
  Result<void> save(Endpoint& endpoint);
  void show(Endpoint& endpoint);
  void rest();
  void wait_until(Timestamp wake);
  [[nodiscard]] Timestamp next_wake(Timestamp now) const;

  const Deps deps_;
  const WebhookOptions options_;
  std::vector<DeliverySource*> sources_;              // as they are once it runs
  std::vector<std::unique_ptr<Endpoint>> endpoints_;  // the thread's own, once it runs
  uint32_t in_flight_ = 0;
  CpuShare share_{kShareInARush, usable_cores()};  // the thread's and its client's

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable wake_early_;  // while it rests: answers and news do not
  std::vector<Answer> answers_;
  std::vector<std::function<void()>> commands_;
  bool notified_ = false;
  bool has_endpoints_ = false;  // when it began to wait: without, news wake nobody
  bool is_running_ = false;

  mutable std::mutex shown_mutex_;
  std::map<std::string, EndpointStatus, std::less<>> shown_;

  std::unique_ptr<net::HttpClient> client_;
  Threads threads_ = Threads::kOwn;
  bool is_started_ = false;
  std::thread thread_;
};

}  // namespace doorbuster::platform
