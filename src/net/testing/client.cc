#include "net/testing/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

#include "base/assert.h"
#include "net/text.h"

namespace doorbuster::net::testing {
namespace {

constexpr int kPatienceSeconds = 5;

size_t content_length(std::string_view head) {
  constexpr std::string_view kField = "\r\nContent-Length: ";
  const size_t at = head.find(kField);
  if (at == std::string_view::npos) return 0;
  const std::string_view value = head.substr(at + kField.size());
  return static_cast<size_t>(parse_number(value.substr(0, value.find('\r'))).value_or(0));
}

}  // namespace

Client::Client(uint16_t port, const char* from) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  const bool is_address = inet_pton(AF_INET, from, &own.sin_addr) == 1;
  ASSERT(is_address && bind(socket_.descriptor(), reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0);
  const timeval patience{kPatienceSeconds, 0};
  setsockopt(socket_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int failure = connect(socket_.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ASSERT(failure == 0);
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the peer has gone, which its answer tells better
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void Client::half_close() { shutdown(socket_.descriptor(), SHUT_WR); }

void Client::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_.descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

bool Client::receive_more() {
  char bytes[65536];
  const ssize_t count = recv(socket_.descriptor(), bytes, sizeof bytes, 0);
  if (count < 0 && errno == ECONNRESET) reset_read_ = true;
  if (count <= 0) return false;
  pending_.append(bytes, static_cast<size_t>(count));
  return true;
}

std::string Client::read(size_t count) {
  while (pending_.size() < count && receive_more()) {
  }
  const std::string found = pending_.substr(0, count);
  pending_.erase(0, found.size());
  return found;
}

std::string Client::read_response(bool head_only) {
  size_t end = pending_.find("\r\n\r\n");
  while (end == std::string::npos && receive_more()) end = pending_.find("\r\n\r\n");
  if (end == std::string::npos) return read(pending_.size());
  const size_t head = end + 4;
  return read(head + (head_only ? 0 : content_length(pending_.substr(0, head))));
}

std::string Client::read_to_end() {
  while (receive_more()) {
  }
  return read(pending_.size());
}

bool Client::closed_by_peer() {
  if (!pending_.empty()) return false;
  char byte = 0;
  const ssize_t count = recv(socket_.descriptor(), &byte, 1, 0);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

bool Client::was_reset() const {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
  return reset_read_ || error != 0;
}

}  // namespace doorbuster::net::testing
