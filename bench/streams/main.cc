// bench_streams: opens many server-sent event streams, waits until each has told its first event, then until each has
// told one without a certain text, and says when (CLOCK_MONOTONIC) the first, the median and the last of them had it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"

namespace doorbuster::bench {
namespace {

constexpr int kPatienceMillis = 30'000;
// Looks so long before it sleeps: on loopback whoever sends to a sleeping client wakes it at their own expense, which
// no client on another machine would cost them.
constexpr double kLookSeconds = 100e-6;
// A source address has 28,000 ports by default: so many streams use one, then comes the next of 127.0.0.0/8.
constexpr uint32_t kStreamsAnAddress = 10'000;

struct Options {
  uint16_t port = 0;
  std::string targets;        // a file with one path a line: a stream each
  std::string until_without;  // is in every event before the one that is waited for
};

struct Stream {
  int descriptor = -1;
  bool ready = false;      // has told its first event
  double told_at = 0;      // seconds of CLOCK_MONOTONIC; 0: not yet
  std::string unfinished;  // of an event that came in pieces
};

double monotonic_seconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

Error system_error(const char* what) { return Error{ErrorCode::kIo, std::string(what) + ": " + std::strerror(errno)}; }

Result<std::vector<std::string>> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) return fail(ErrorCode::kNotFound, "'" + path + "' holds no paths");
  return lines;
}

// Connected from the source address of the stream's number.
Result<int> connect_from(uint32_t number, uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return tl::unexpected(system_error("socket"));
  const int one = 1;
  ::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number / kStreamsAnAddress);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
    return descriptor;
  const Error error = system_error("connect");
  ::close(descriptor);
  return tl::unexpected(error);
}

class Streams {
 public:
  explicit Streams(const Options& options) : options_(options) {}

  [[nodiscard]] Result<void> open() {
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    const std::vector<std::string> targets = TRY(read_lines(options_.targets));
    streams_.resize(targets.size());
    for (uint32_t i = 0; i < streams_.size(); ++i) {
      streams_[i].descriptor = TRY(connect_from(i, options_.port));
      const std::string request = "GET " + targets[i] + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      if (::send(streams_[i].descriptor, request.data(), request.size(), MSG_NOSIGNAL) < 0)
        return tl::unexpected(system_error("send"));
      epoll_event event{.events = EPOLLIN, .data = {.u32 = i}};
      if (::epoll_ctl(poll_, EPOLL_CTL_ADD, streams_[i].descriptor, &event) != 0)
        return tl::unexpected(system_error("epoll_ctl"));
    }
    return read_until(ready_);
  }

  [[nodiscard]] Result<void> await_told() { return read_until(told_); }

  [[nodiscard]] std::string json() const {
    std::vector<double> times;
    for (const Stream& stream : streams_) times.push_back(stream.told_at);
    std::sort(times.begin(), times.end());
    std::string text;
    JsonWriter json(text);
    json.begin_object().member("streams", times.size()).member("first_at", times.front());
    json.member("median_at", times[times.size() / 2]).member("last_at", times.back()).end_object();
    return text;
  }

 private:
  Result<void> read_until(const size_t& count) {
    std::array<epoll_event, 512> events;
    while (count < streams_.size()) {
      const int found = await_events(events);
      if (found < 0 && errno != EINTR) return tl::unexpected(system_error("epoll_wait"));
      if (found == 0) {
        return fail(ErrorCode::kUnavailable, "only " + std::to_string(count) + " of " +
                                                 std::to_string(streams_.size()) + " streams told it in time");
      }
      for (int i = 0; i < found; ++i) TRY(read(streams_[events[static_cast<size_t>(i)].data.u32]));
    }
    return {};
  }

  int await_events(std::span<epoll_event> events) const {
    const auto most = static_cast<int>(events.size());
    const double until = monotonic_seconds() + kLookSeconds;
    do {
      const int found = ::epoll_wait(poll_, events.data(), most, 0);
      if (found != 0) return found;
    } while (monotonic_seconds() < until);
    return ::epoll_wait(poll_, events.data(), most, kPatienceMillis);
  }

  Result<void> read(Stream& stream) {
    std::array<char, 16'384> bytes;
    const ssize_t count = ::recv(stream.descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (count <= 0) return fail(ErrorCode::kUnavailable, "the server ended a stream");
    stream.unfinished.append(bytes.data(), static_cast<size_t>(count));
    if (!stream.ready && !stream.unfinished.starts_with("HTTP/1.1 200"))
      return fail(ErrorCode::kInvalid, "not a stream: " + stream.unfinished.substr(0, 300));
    note(stream);
    return {};
  }

  void note(Stream& stream) {
    const size_t end = stream.unfinished.rfind("\n\n");
    if (end == std::string::npos) return;
    const size_t data = stream.unfinished.rfind("data: ", end);
    if (data != std::string::npos) {
      ready_ += stream.ready ? 0 : 1;
      stream.ready = true;
      if (stream.told_at == 0 && stream.unfinished.find(options_.until_without, data) == std::string::npos) {
        stream.told_at = monotonic_seconds();
        ++told_;
      }
    }
    stream.unfinished.erase(0, end + 2);
    if (stream.unfinished.empty()) std::string().swap(stream.unfinished);
  }

  const Options& options_;
  std::vector<Stream> streams_;
  int poll_ = -1;
  size_t ready_ = 0;
  size_t told_ = 0;
};

Result<void> watch(int argc, char** argv) {
  Options options;
  CLI::App line("Opens a stream for each path; prints 'ready', then one line of JSON when all are through.");
  line.add_option("--port", options.port)->required();
  line.add_option("--targets", options.targets, "a file with one path a line")->required();
  line.add_option("--until-without", options.until_without, "is in every event before the one that is waited for")
      ->required();
  try {
    line.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::kInvalid, std::string(error.what()));
  }
  Streams streams(options);
  TRY(streams.open());
  std::puts("ready");
  std::fflush(stdout);
  TRY(streams.await_told());
  std::puts(streams.json().c_str());
  return {};
}

}  // namespace
}  // namespace doorbuster::bench

int main(int argc, char** argv) {
  const auto watched = doorbuster::bench::watch(argc, argv);
  if (watched) return 0;
  std::fprintf(stderr, "bench_streams: %s\n", watched.error().message.c_str());
  return 1;
}
