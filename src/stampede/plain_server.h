// A server for tests of the clients: it gives everybody the same answer.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/listener.h"
#include "stampede/engine.h"

namespace doorbuster::stampede {

inline constexpr uint32_t kServer = 0x7F000001;

// Answers "ok" to whatever comes, one connection after another in threads of their own; ends a connection after so many
// answers without a word about it.
class PlainServer {
 public:
  explicit PlainServer(int answers_a_connection = 1'000'000) : answers_max_(answers_a_connection) {
    net::Listeners made = *net::listen({.host = "127.0.0.1", .port = 0}, 1);
    port_ = made.endpoint.port;
    listener_ = std::move(made.sockets[0]);
    (void)::fcntl(listener_.descriptor(), F_SETFL, 0);  // it may block
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~PlainServer() {
    ::shutdown(listener_.descriptor(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& each : threads_) each.join();
  }

  [[nodiscard]] Peer peer() const { return {.address = kServer, .port = port_}; }
  [[nodiscard]] size_t answers() const { return answers_; }
  [[nodiscard]] std::vector<uint32_t> sources() {
    const std::lock_guard lock(mutex_);
    return sources_;
  }

 private:
  void accept_all() {
    while (true) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const int descriptor = ::accept(listener_.descriptor(), reinterpret_cast<sockaddr*>(&from), &size);
      if (descriptor < 0) return;
      const std::lock_guard lock(mutex_);
      sources_.push_back(ntohl(from.sin_addr.s_addr));
      threads_.emplace_back([this, descriptor] { serve(descriptor); });
    }
  }

  void serve(int descriptor) {
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    std::array<char, 4'096> bytes;
    for (int answers = 0; answers < answers_max_; ++answers) {
      if (::recv(descriptor, bytes.data(), bytes.size(), 0) <= 0) break;
      ++answers_;
      (void)::send(descriptor, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
    }
    ::close(descriptor);
  }

  const int answers_max_;
  std::atomic<size_t> answers_ = 0;
  uint16_t port_ = 0;
  net::Socket listener_;
  std::thread acceptor_;
  std::mutex mutex_;  // guards what follows
  std::vector<uint32_t> sources_;
  std::vector<std::thread> threads_;
};

}  // namespace doorbuster::stampede
