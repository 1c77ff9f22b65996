// The HTTP server: a listener shared by N reactors, each on a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "net/handler.h"
#include "net/limits.h"
#include "net/loop.h"
#include "net/reactor.h"

namespace doorbuster::net {

// Makes the handler of one reactor, on the caller's thread, before any request comes.
using HandlerFactory = std::function<std::unique_ptr<Handler>(Loop&)>;

struct ServerOptions {
  std::string listen = "127.0.0.1:8080";
  uint32_t reactors = 2;
  Limits limits = {};
  uint32_t reactors_elsewhere = 0;  // of other servers in this process, with the same limits: they need files, too
};

// How many files the system lets this process have open.
[[nodiscard]] uint64_t open_files_max();

// The most connections that each of so many reactors can promise, where a process may have so many files open.
[[nodiscard]] uint32_t connections_a_reactor(uint64_t open_files, uint32_t reactors);

// Whoever notifies an inbox of a reactor must have stopped before the server goes; what handlers and drain functions
// use must live until the server is drained or destroyed.
class Server {
 public:
  // Listens and serves from its return on. Errors: kInvalid (options), kConflict (the address is in use), kIo, kLimit
  // (the process may not open enough files; the message says how to raise that).
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                             const HandlerFactory& make_handler);

  // Stops at once; see drain().
  ~Server();

  // Stops accepting, answers what has begun (telling each connection that it ends), and returns when all are gone or
  // `patience` is over.
  void drain(Duration patience);

  // The address that was really taken: "127.0.0.1:8080".
  [[nodiscard]] std::string address() const { return endpoint_.text(); }
  [[nodiscard]] uint16_t port() const { return endpoint_.port; }
  [[nodiscard]] size_t reactors() const { return reactors_.size(); }
  [[nodiscard]] const ReactorMetrics& metrics(size_t reactor) const { return reactors_[reactor]->metrics(); }

 private:
  Server() = default;
  void join();

  Endpoint endpoint_;
  std::vector<std::unique_ptr<Handler>> handlers_;
  std::vector<std::unique_ptr<Reactor>> reactors_;  // gone before their handlers
  std::vector<std::thread> threads_;
};

}  // namespace doorbuster::net
