#include "sim/outside.h"

#include <map>

namespace doorbuster {
namespace {

sim::Outside* the_outside = nullptr;
std::function<void()> tell_of_answer;

}  // namespace

void sim::connect_clients(Outside* outside, std::function<void()> on_answer) {
  the_outside = outside;
  tell_of_answer = std::move(on_answer);
}

namespace net {

// Linked in the place of that of src/net/http_client.cc. Its end cuts off what is under way.
class HttpClient::Worker {
 public:
  ~Worker() {
    for (const auto& [number, callback] : std::exchange(*under_way_, {})) callback({.error = "cut off"});
  }
  void send(const HttpRequest& request, Callback callback) {
    const uint64_t number = ++sent_;
    under_way_->emplace(number, std::move(callback));
    outside_->asked(request, [waiting = std::weak_ptr(under_way_), number, tell = tell_](HttpReply reply) {
      const auto under_way = waiting.lock();
      if (under_way == nullptr) return;
      const auto found = under_way->find(number);
      if (found == under_way->end()) return;
      const Callback answered = std::move(found->second);
      under_way->erase(found);
      answered(std::move(reply));
      tell();
    });
  }

 private:
  sim::Outside* const outside_ = the_outside;
  const std::function<void()> tell_ = tell_of_answer;
  const std::shared_ptr<std::map<uint64_t, Callback>> under_way_ = std::make_shared<std::map<uint64_t, Callback>>();
  uint64_t sent_ = 0;
};

HttpClient::HttpClient(const HttpClientOptions&) : worker_(std::make_unique<Worker>()) {}
HttpClient::~HttpClient() = default;

Duration HttpClient::cpu_time() const { return {}; }

bool HttpClient::send(HttpRequest request, Callback callback, Duration) {
  worker_->send(request, std::move(callback));
  return true;
}

}  // namespace net
}  // namespace doorbuster
