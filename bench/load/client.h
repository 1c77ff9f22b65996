// Many kept connections to one server from one thread, each with at most one request under way: a closed loop.
#pragma once

#include <sys/epoll.h>

#include <span>
#include <string>
#include <vector>

#include "load/request_book.h"
#include "load/tally.h"

namespace doorbuster::bench {

class Client {
 public:
  Client(const LoadOptions& options, RequestBook& book, Tally& tally) : options_(options), book_(book), tally_(tally) {}
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Opens every connection before the first request is sent.
  [[nodiscard]] Result<void> connect();
  // Until the time or the requests are used up and every answer is there, or none has come for ten seconds.
  [[nodiscard]] Result<void> run();

 private:
  struct Connection {
    int descriptor = -1;
    bool waits = false;  // for an answer
    TimePoint sent_at{};
    std::string received;
  };

  [[nodiscard]] Result<int> open_connection();
  [[nodiscard]] int wait(std::span<epoll_event> events) const;
  void send_next(Connection& connection);
  void receive(Connection& connection);
  void give_up(Connection& connection, const std::string& why);

  const LoadOptions& options_;
  RequestBook& book_;
  Tally& tally_;
  std::vector<Connection> connections_;
  int poll_ = -1;
  size_t waiting_ = 0;
  bool ending_ = false;
  TimePoint end_{};
  std::string request_;
};

}  // namespace doorbuster::bench
