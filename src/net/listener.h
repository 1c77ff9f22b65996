// Listening sockets, and errors that say what to do about them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::net {

// Owns a descriptor.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(other.release()) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { reset(); }

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool valid() const { return descriptor_ >= 0; }
  int release();
  void reset();

 private:
  int descriptor_ = -1;
};

struct Endpoint {
  std::string host;  // "127.0.0.1", "::1", "localhost", "*"
  uint16_t port = 0;

  [[nodiscard]] std::string text() const;
  // Of the machine, in whatever way that is written.
  [[nodiscard]] bool is_every_address() const;
};

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "*:8080" or ":8080" (every address). kInvalid says how to write it.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text);

struct Listeners {
  std::vector<Socket> sockets;  // non-blocking, listening, one a reactor, sharing the port
  Endpoint endpoint;            // with the port that was really taken, if 0 was asked for
};

// Errors: kConflict if another process (this program included) listens there, kInvalid for an address that is not this
// machine's, kIo with the system's words.
[[nodiscard]] Result<Listeners> listen(const Endpoint& endpoint, size_t count);

}  // namespace doorbuster::net
