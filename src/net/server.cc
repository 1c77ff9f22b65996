#include "net/server.h"

#include <sys/resource.h>

#include <algorithm>

#include "base/assert.h"
#include "base/this_thread.h"

namespace doorbuster::net {
namespace {

constexpr uint64_t kOtherFiles = 256;  // the log, listeners, wakers, clients of our own

// Every connection is an open file: asks the system for as many as the limits promise.
Result<void> ensure_open_files(uint64_t needed) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return fail(ErrorCode::kIo, "cannot read how many files this process may open");
  if (limit.rlim_cur >= needed) return {};
  const rlim_t hard = limit.rlim_max;
  limit.rlim_cur = std::min<rlim_t>(needed, hard);
  if (hard >= needed && setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  return fail(ErrorCode::kLimit, "this process may open " + std::to_string(hard) + " files, but its limits promise " +
                                     std::to_string(needed) + ": raise it (ulimit -n " + std::to_string(needed) +
                                     ", or LimitNOFILE= in systemd) or lower the limit of connections");
}

Result<void> check_options(const ServerOptions& options) {
  if (options.reactors < 1 || options.reactors > kReactorsMax) {
    return fail(ErrorCode::kInvalid, "reactors is " + std::to_string(options.reactors) + ": choose from 1 to " +
                                         std::to_string(kReactorsMax));
  }
  TRY(check(options.limits));
  const uint64_t reactors = uint64_t{options.reactors} + options.reactors_elsewhere;
  return ensure_open_files(reactors * options.limits.connections + kOtherFiles);
}

}  // namespace

uint64_t open_files_max() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : 0;
}

uint32_t connections_a_reactor(uint64_t open_files, uint32_t reactors) {
  ASSERT(reactors > 0);
  const uint64_t each = open_files > kOtherFiles ? (open_files - kOtherFiles) / reactors : 0;
  return static_cast<uint32_t>(std::clamp<uint64_t>(each, 1, UINT32_MAX));
}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, const HandlerFactory& make_handler) {
  TRY(check_options(options));
  const Endpoint endpoint = TRY(parse_endpoint(options.listen));
  Listeners listeners = TRY(listen(endpoint, options.reactors));
  std::unique_ptr<Server> server(new Server);
  server->endpoint_ = listeners.endpoint;
  for (uint32_t i = 0; i < options.reactors; ++i) {
    auto& reactor = server->reactors_.emplace_back(
        std::make_unique<Reactor>(static_cast<uint8_t>(i), options.limits, std::move(listeners.sockets[i])));
    server->handlers_.push_back(make_handler(*reactor));
    reactor->set_handler(*server->handlers_.back());
  }
  for (const auto& reactor : server->reactors_) {
    server->threads_.emplace_back([loop = reactor.get()] {
      begin_thread("reactor-" + std::to_string(loop->id()), Urgency::kWaitedFor);
      loop->run();
    });
  }
  return server;
}

Server::~Server() {
  for (const auto& reactor : reactors_) reactor->stop();
  join();
}

void Server::drain(Duration patience) {
  for (const auto& reactor : reactors_) reactor->drain(patience);
  join();
}

void Server::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace doorbuster::net
