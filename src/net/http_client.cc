#include "net/http_client.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/assert.h"
#include "base/cpu_share.h"
#include "net/http_transfer.h"

namespace doorbuster::net {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr int kPollMillisecondsMax = 1'000;

struct MultiFree {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

// Writing to a peer that has gone must be an error, not the end of the process; and signals are for the main thread.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

CURLM* new_multi() {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  ASSERT(initialised == CURLE_OK);
  return curl_multi_init();
}

}  // namespace

class HttpClient::Worker {
 public:
  explicit Worker(const HttpClientOptions& options) : options_(options), multi_(new_multi()) {
    ASSERT(multi_ != nullptr);
    thread_ = std::thread([this] { run(); });
  }

  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
  }

  [[nodiscard]] Duration cpu_time() { return cpu_time_of(thread_); }

  bool send(HttpRequest request, Callback callback, Duration delay) {
    {
      const std::lock_guard lock(mutex_);
      if (ending_ || accepted_ >= options_.queue_max) return false;
      ++accepted_;
      const SteadyTime due = std::chrono::steady_clock::now() + std::chrono::microseconds(delay.micros());
      waiting_.emplace(due, Waiting{std::move(request), std::move(callback)});
    }
    curl_multi_wakeup(multi_.get());
    return true;
  }

 private:
  struct Waiting {
    HttpRequest request;
    Callback callback;
  };

  void run() {
    block_signals();
    begin_thread(options_.thread_name, options_.urgency);
    while (!is_ending()) {
      start_due();
      int running = 0;
      ASSERT(curl_multi_perform(multi_.get(), &running) == CURLM_OK);
      finish_done();
      ASSERT(curl_multi_poll(multi_.get(), nullptr, 0, milliseconds_to_wait(), nullptr) == CURLM_OK);
    }
    end_all();
  }

  bool is_ending() {
    const std::lock_guard lock(mutex_);
    return ending_;
  }

  std::vector<Waiting> take_due() {
    std::vector<Waiting> due;
    const SteadyTime now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    while (!waiting_.empty() && waiting_.begin()->first <= now &&
           in_flight_.size() + due.size() < options_.in_flight_max) {
      due.push_back(std::move(waiting_.extract(waiting_.begin()).mapped()));
    }
    return due;
  }

  void start_due() {
    for (Waiting& next : take_due()) {
      auto transfer = std::make_unique<HttpTransfer>(std::move(next.request), std::move(next.callback), options_);
      CURL* const handle = transfer->handle();
      ASSERT(curl_multi_add_handle(multi_.get(), handle) == CURLM_OK);
      in_flight_.emplace(handle, std::move(transfer));
    }
  }

  void finish_done() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      const std::unique_ptr<HttpTransfer> transfer = remove(message->easy_handle);
      forget_one();
      transfer->finish(code);
    }
  }

  std::unique_ptr<HttpTransfer> remove(CURL* handle) {
    curl_multi_remove_handle(multi_.get(), handle);
    return std::move(in_flight_.extract(handle).mapped());
  }

  void forget_one() {
    const std::lock_guard lock(mutex_);
    --accepted_;
  }

  int milliseconds_to_wait() {
    const std::lock_guard lock(mutex_);
    if (ending_) return 0;
    if (waiting_.empty() || in_flight_.size() >= options_.in_flight_max) return kPollMillisecondsMax;
    const auto left = waiting_.begin()->first - std::chrono::steady_clock::now();
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<int64_t>(whole, 0, kPollMillisecondsMax));
  }

  void end_all() {
    while (!in_flight_.empty()) remove(in_flight_.begin()->first)->abandon();
    std::multimap<SteadyTime, Waiting> waiting;
    {
      const std::lock_guard lock(mutex_);
      waiting.swap(waiting_);
    }
    for (auto& [due, never_sent] : waiting) {
      never_sent.callback(HttpReply{.outcome = HttpOutcome::kNotSent, .error = "the server is shutting down"});
    }
  }

  const HttpClientOptions options_;
  const std::unique_ptr<CURLM, MultiFree> multi_;
  std::unordered_map<CURL*, std::unique_ptr<HttpTransfer>> in_flight_;  // the worker's own

  std::mutex mutex_;
  std::multimap<SteadyTime, Waiting> waiting_;
  uint32_t accepted_ = 0;
  bool ending_ = false;

  std::thread thread_;  // last: it uses all of the above
};

HttpClient::HttpClient(const HttpClientOptions& options) : worker_(std::make_unique<Worker>(options)) {}
HttpClient::~HttpClient() = default;

Duration HttpClient::cpu_time() const { return worker_->cpu_time(); }

bool HttpClient::send(HttpRequest request, Callback callback, Duration delay) {
  return worker_->send(std::move(request), std::move(callback), delay);
}

}  // namespace doorbuster::net
