#include "base/out_of_memory.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <system_error>

namespace doorbuster {
namespace {

const char* advice_when_out_of_memory = "give it more (ulimit -v, the container's limit)";
std::terminate_handler terminate_otherwise = std::abort;

[[noreturn]] void end_in_words() {
  std::fflush(stderr);
  ::_exit(1);
}

// Whatever else nobody caught is a programmer's error, and is told as ever.
[[noreturn]] void end_of_uncaught() {
  try {
    if (const auto uncaught = std::current_exception()) std::rethrow_exception(uncaught);
  } catch (const std::bad_alloc&) {
    end_out_of_memory(0);
  } catch (const std::system_error& error) {
    std::fprintf(stderr,
                 "doorbuster: the system refuses this process something that it needs, such as a thread (%s): %s\n",
                 error.what(), advice_when_out_of_memory);
    end_in_words();
  } catch (...) {
  }
  terminate_otherwise();
  std::abort();
}

}  // namespace

void set_advice_when_out_of_memory(const char* advice) { advice_when_out_of_memory = advice; }

void end_in_words_when_out_of_memory() {
  std::set_new_handler([] { end_out_of_memory(0); });
  terminate_otherwise = std::set_terminate(end_of_uncaught);
}

void end_out_of_memory(size_t bytes) {
  char asked[64] = "";
  if (bytes > 0) std::snprintf(asked, sizeof asked, " (%zu bytes were asked for)", bytes);
  std::fprintf(stderr, "doorbuster: the system refuses this process more memory%s: %s\n", asked,
               advice_when_out_of_memory);
  end_in_words();
}

}  // namespace doorbuster
