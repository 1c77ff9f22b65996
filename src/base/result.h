// Operating errors as values.
//
// A Result is for what can go wrong outside the program (a disk, a peer, a file that somebody wrote). A business
// outcome is a value of the reply's own enum; a programmer's error is an ASSERT.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace doorbuster {

enum class ErrorCode {
  kInvalid,      // the input is malformed; the message says what to change
  kNotFound,     // the named thing does not exist
  kConflict,     // it exists already, or is in another state than was asked for
  kUnavailable,  // try again later
  kCorrupt,      // stored bytes are not what was written
  kIo,           // the operating system refused; the message carries its words
  kFenced,       // somebody else owns it now
  kNotGenuine,   // the signature does not fit: it is not from whom it says
  kReadOnly,     // it is not changed this way; the message names the one that does
  kLimit,        // a configured bound was reached; the message names it
};

struct Error {
  ErrorCode code;
  std::string message;  // a sentence for a person: what is wrong, and what to do
};

template <class T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace doorbuster

// TRY(expression): the value of a Result, or return its error from the function around.
#define TRY(expression)                                                             \
  __extension__({                                                                   \
    auto&& try_result_ = (expression);                                              \
    if (!try_result_) return tl::unexpected(std::move(try_result_).error());        \
    ::doorbuster::detail::unwrap(std::forward<decltype(try_result_)>(try_result_)); \
  })

namespace doorbuster::detail {

template <class T>
T unwrap(tl::expected<T, Error>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

template <class T>
T unwrap(tl::expected<T, Error>& result) {
  if constexpr (!std::is_void_v<T>) return *result;
}

}  // namespace doorbuster::detail
