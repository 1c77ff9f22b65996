#include "net/inbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "base/assert.h"

namespace doorbuster::net {

Waker::Waker() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { ASSERT(descriptor_ >= 0); }

Waker::~Waker() { close(descriptor_); }

void Waker::signal() {
  const uint64_t one = 1;
  const ssize_t written = ::write(descriptor_, &one, sizeof one);
  ASSERT(written == sizeof one);  // full only after 2^64 signals
}

}  // namespace doorbuster::net
