#include "stampede/cpu_time.h"

#include <unistd.h>

#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

namespace doorbuster::stampede {
namespace {

constexpr int kFieldsBeforeTimes = 11;  // after the name: proc(5), /proc/PID/stat, utime is field 14

}  // namespace

Duration cpu_of_this_process() {
  timespec time{};
  (void)::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return Duration::micros(int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1'000);
}

// The name, which is in parentheses, may have blanks and parentheses of its own.
std::optional<Duration> cpu_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  const size_t name_ends = line.rfind(')');
  if (name_ends == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_ends + 1));
  std::string ignored;
  for (int i = 0; i < kFieldsBeforeTimes; ++i) fields >> ignored;
  int64_t user = 0;
  int64_t system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  return Duration::micros((user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK));
}

}  // namespace doorbuster::stampede
