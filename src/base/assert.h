// Assertions that are always on.
//
// ASSERT states what the programmer holds to be true. When it is not, memory can no longer be trusted: the process says
// where and ends, and replaying the log brings it back. It is never used for what a user, a disk or a peer can cause.
#pragma once

namespace doorbuster {

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace doorbuster

#define ASSERT(expression)                            \
  (__builtin_expect(static_cast<bool>(expression), 1) \
       ? void()                                       \
       : ::doorbuster::assertion_failed(#expression, __FILE__, __LINE__))
