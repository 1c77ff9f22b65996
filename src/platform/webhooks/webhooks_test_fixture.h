// The webhook engine with a real HTTP receiver and a log that is a list.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "auth/webhook_signature.h"
#include "base/file.h"
#include "net/server.h"
#include "platform/webhooks/webhooks.h"

namespace doorbuster::platform {

// What a receiver answers, and what it got. Shared with the server's thread.
struct Receiver {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<int> statuses;  // of the next requests; 200 when used up
  int always = 200;
  std::string refused;           // the id that is answered with 500
  std::vector<std::string> ids;  // of all requests, in the order of their coming
  std::vector<std::string> accepted;
  std::vector<std::string> bodies;
  std::vector<std::string> content_types;
  std::vector<std::optional<TraceContext>> traces;
  std::atomic<int> badly_signed = 0;
  std::vector<auth::WebhookSecret> secrets;  // that requests have to be signed with

  template <class Done>
  bool wait(Done&& done) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(5), done);
  }
  void answer(int status) {
    const std::lock_guard lock(mutex);
    always = status;
  }
  std::vector<std::string> all_accepted() {
    const std::lock_guard lock(mutex);
    return accepted;
  }
  // From now on it answers the event of that id with 500; none: no event.
  void refuse(const std::string& id) {
    const std::lock_guard lock(mutex);
    refused = id;
  }
  void check(const std::vector<std::string>& texts) {
    const std::lock_guard lock(mutex);
    secrets.clear();
    for (const std::string& text : texts) secrets.push_back(auth::WebhookSecret::parse(text).value());
  }
  // What was accepted, without repetitions.
  std::vector<std::string> each_once() {
    std::vector<std::string> once = all_accepted();
    std::sort(once.begin(), once.end());
    once.erase(std::unique(once.begin(), once.end()), once.end());
    return once;
  }
  bool wait_for_accepted(size_t count) {
    return wait([this, count] { return accepted.size() >= count; });
  }
};

class ReceiverHandler final : public net::Handler {
 public:
  explicit ReceiverHandler(Receiver& receiver) : receiver_(receiver) {}

  void handle(const net::Request& request, net::Exchange& exchange) override {
    const std::string id(request.header("webhook-id").value_or(""));
    const auth::SignedMessage message{.id = id,
                                      .timestamp = request.header("webhook-timestamp").value_or(""),
                                      .signatures = request.header("webhook-signature").value_or(""),
                                      .body = request.body()};
    const std::lock_guard lock(receiver_.mutex);
    if (!auth::verify_webhook(message, receiver_.secrets, SystemClock().now())) ++receiver_.badly_signed;
    int status = receiver_.always;
    if (!receiver_.statuses.empty()) {
      status = receiver_.statuses.front();
      receiver_.statuses.erase(receiver_.statuses.begin());
    }
    if (id == receiver_.refused) status = 500;
    receiver_.ids.push_back(id);
    receiver_.content_types.emplace_back(request.header("content-type").value_or(""));
    if (status == 200) receiver_.accepted.push_back(id);
    receiver_.bodies.emplace_back(request.body());
    receiver_.traces.push_back(request.trace());
    receiver_.changed.notify_all();
    if (status == 0) return (void)exchange.defer();  // says nothing
    exchange.respond({.status = static_cast<net::Status>(status)});
  }

 private:
  Receiver& receiver_;
};

// A log's view, as far as the engine sees it. What happens at a sequence happens that many seconds after kFirst.
inline const Timestamp kFirst = parse_rfc3339("2026-11-27T10:00:00Z").value();

class ListSource final : public DeliverySource {
 public:
  void add(uint64_t sequence, std::string_view key, std::string_view type = "hold.created",
           std::optional<TraceContext> trace = {}) {
    const std::lock_guard lock(mutex_);
    deliveries_.push_back(
        std::make_shared<const Delivery>(Delivery{.sequence = sequence,
                                                  .key = std::string(key),
                                                  .id = "evt_" + std::to_string(sequence),
                                                  .resource = "/api/v1/sales/ps5",
                                                  .type = std::string(type),
                                                  .at = kFirst + Duration::seconds(static_cast<int64_t>(sequence)),
                                                  .json = "{}",
                                                  .trace = trace}));
    if (more_) more_();
  }
  [[nodiscard]] const SourceId& id() const override { return id_; }
  [[nodiscard]] uint64_t newest() const override {
    const std::lock_guard lock(mutex_);
    return deliveries_.empty() ? 0 : deliveries_.back()->sequence;
  }
  [[nodiscard]] uint64_t tail_at_start() const override {
    const uint64_t now = newest();
    const std::lock_guard lock(mutex_);
    return tail_at_start_.value_or(now);
  }
  // The server starts now; without it, when the engine does.
  void begin() {
    const uint64_t now = newest();
    const std::lock_guard lock(mutex_);
    tail_at_start_ = now;
  }
  [[nodiscard]] uint64_t read(uint64_t after, const Visit& visit) override {
    const std::lock_guard lock(mutex_);
    for (const auto& delivery : deliveries_) {
      if (delivery->sequence <= after) continue;
      after = delivery->sequence;
      if (!visit(delivery)) break;
    }
    return after;
  }
  void on_more(std::function<void()> more) override {
    const std::lock_guard lock(mutex_);
    more_ = std::move(more);
  }
  [[nodiscard]] bool is_listened_to() const {
    const std::lock_guard lock(mutex_);
    return more_ != nullptr;
  }
  [[nodiscard]] uint64_t last_before(Timestamp from) override {
    const std::lock_guard lock(mutex_);
    uint64_t last = 0;
    for (const auto& delivery : deliveries_) {
      if (delivery->at < from) last = delivery->sequence;
    }
    return last;
  }

 private:
  const SourceId id_{.service = "sale", .cell = 0};
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const Delivery>> deliveries_;
  std::function<void()> more_;
  std::optional<uint64_t> tail_at_start_;
};

class WebhookEngineTest : public ::testing::Test {
 protected:
  WebhookEngineTest() {
    std::filesystem::remove_all(folder_);
    receiver_.check({secret_});
    const auto make = [&](net::Loop&) { return std::make_unique<ReceiverHandler>(receiver_); };
    server_ = std::move(*net::Server::start({.listen = "127.0.0.1:0", .reactors = 1}, make));
    endpoint_ = {.id = "till", .url = "http://" + server_->address() + "/hook", .secrets = {{.text = secret_}}};
    options_.backlog.retry.first = Duration::millis(5);
    options_.backlog.retry.longest = Duration::millis(50);
    options_.poll_time = Duration::seconds(3'600);
    options_.total_time = Duration::millis(500);
    options_.save_time = Duration::millis(5);
    options_.backlog.trouble_pause_max = Duration::millis(50);
  }
  ~WebhookEngineTest() override {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    engine_ = std::make_unique<WebhookEngine>(WebhookEngine::Deps{.clock = clock_, .folder = folder_}, options_);
    const auto started =
        engine_->start(configured_ ? std::vector{endpoint_} : std::vector<WebhookEndpoint>{}, {&source_});
    ASSERT_TRUE(started.has_value()) << started.error().message;
  }
  // A new endpoint begins at the tail: as if it had been there before anything happened.
  void start_from_the_beginning() {
    std::filesystem::create_directories(positions_);
    const EndpointPosition position{.sources = {{.source = source_.id(), .position = 0}}};
    ASSERT_TRUE(save_position(positions_, "till", position).has_value());
    start();
  }
  // Waits until the engine shows what is asked for.
  template <class Wanted>
  bool shows(Wanted&& wanted) {
    for (int i = 0; i < 500; ++i) {
      if (wanted(engine_->status().front())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  [[nodiscard]] uint64_t saved_position() const { return saved().sources.at(0).position; }
  [[nodiscard]] EndpointPosition saved() const {
    return load_position(positions_, "till", source_.id()).value().value();
  }
  std::string refusal() {
    WebhookEngine engine({.clock = clock_, .folder = folder_}, options_);
    const auto started = engine.start({endpoint_}, {&source_});
    EXPECT_FALSE(started.has_value());
    return started ? "" : started.error().message;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / ("webhooks_test-" + std::to_string(::getpid()));
  const std::filesystem::path positions_ = folder_ / "webhooks";
  bool configured_ = true;  // whether the endpoint stands in the configuration
  std::string secret_ = auth::WebhookSecret::fresh();
  SystemClock clock_;
  ListSource source_;
  Receiver receiver_;
  std::unique_ptr<net::Server> server_;
  WebhookEndpoint endpoint_;
  WebhookOptions options_;
  std::unique_ptr<WebhookEngine> engine_;
};

}  // namespace doorbuster::platform
