// A blocking client for tests: sends exactly the bytes it is given, and shows exactly the bytes that come back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/listener.h"

namespace doorbuster::net::testing {

class Client {
 public:
  // Connects to 127.0.0.1, from there or from another address of the loopback. Every read gives up after five seconds,
  // so that a test that hangs says where.
  explicit Client(uint16_t port, const char* from = "127.0.0.1");

  void send(std::string_view bytes);
  // Ends this side; the other may still answer.
  void half_close();
  // Resets the connection instead of closing it.
  void reset();
  // What arrives until `count` bytes are there or the peer ends.
  std::string read(size_t count);
  // One whole answer, by its Content-Length. `head_only` for an answer to HEAD.
  std::string read_response(bool head_only = false);
  std::string read_to_end();
  // True once the peer has closed or reset, with nothing more to read.
  bool closed_by_peer();
  // Whether the peer has reset the connection by now: what it had sent may be lost on other systems.
  [[nodiscard]] bool was_reset() const;

 private:
  bool receive_more();

  Socket socket_;
  std::string pending_;
  bool reset_read_ = false;
};

}  // namespace doorbuster::net::testing
