#include "app/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

namespace doorbuster::app {
namespace {

constexpr int kCannotExecute = 127;

// In the child, between fork and exec: nothing but calls to the system.
[[noreturn]] void become(const char* program, char* const* arguments, int output, int errors, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(kCannotExecute);  // it was gone before it could be watched
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  execv(program, arguments);
  _exit(kCannotExecute);
}

std::string words_of(int status) {
  if (WIFSIGNALED(status)) return std::string("was ended by signal ") + strsignal(WTERMSIG(status));
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::string own_path() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const std::vector<std::string>& arguments,
                                                          const std::string& error_log) {
  std::vector<std::string> words = arguments;
  words.insert(words.begin(), "doorbuster");
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string program = own_path();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(ErrorCode::kIo, std::string("no pipe to a child process: ") + std::strerror(errno));
  constexpr mode_t kPrivate = 0600;
  const int errors = error_log.empty() ? dup(STDERR_FILENO)
                                       : open(error_log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, kPrivate);
  const pid_t parent = getpid();
  const pid_t process = errors < 0 ? -1 : fork();
  if (process == 0) become(program.c_str(), pointers.data(), ends[1], errors, parent);
  const int cause = errno;
  if (errors >= 0) close(errors);
  close(ends[1]);
  if (process > 0) return std::unique_ptr<ChildProcess>(new ChildProcess(process, ends[0]));
  close(ends[0]);
  return fail(ErrorCode::kIo, std::string("no child process can be started: ") + std::strerror(cause));
}

std::string ChildProcess::read_line() {
  std::string line;
  char c = 0;
  while (output_ >= 0) {
    const ssize_t got = read(output_, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == '\n') break;
    line += c;
  }
  return line;
}

std::string ChildProcess::ended() {
  int status = 0;
  if (process_ == 0 || waitpid(process_, &status, WNOHANG) != process_) return {};
  process_ = 0;
  return words_of(status);
}

void ChildProcess::stop() {
  if (process_ != 0) kill(process_, SIGTERM);
  for (int tries = 0; tries < 500 && process_ != 0; ++tries) {
    if (!ended().empty()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (process_ != 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  if (output_ >= 0) close(output_);
  output_ = -1;
}

}  // namespace doorbuster::app
