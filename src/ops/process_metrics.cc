#include "ops/process_metrics.h"

#include <sys/resource.h>

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

namespace doorbuster::ops {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1'000'000;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Field `index` of a file of numbers, 0 if the file system of processes is not there.
double number_in(const char* path, int index) {
  std::ifstream file(path);
  double number = 0;
  for (int i = 0; i <= index; ++i) file >> number;
  return file ? number : 0;
}

double resident_bytes() { return number_in("/proc/self/statm", 1) * static_cast<double>(sysconf(_SC_PAGESIZE)); }

double entries_in(const char* folder) {
  std::error_code error;
  double count = 0;
  for (auto it = std::filesystem::directory_iterator(folder, error); it != std::filesystem::directory_iterator();
       it.increment(error)) {
    ++count;
  }
  return count;
}

double open_files() {
  const double count = entries_in("/proc/self/fd");
  return count > 0 ? count - 1 : 0;  // one of them is the listing itself
}

double most_open_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

double seconds_since_1970() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1'000'000'000;
}

}  // namespace

void register_process_metrics(Metrics& metrics, const Build& build) {
  metrics.counter("process_cpu_seconds_total", "CPU time spent in user and kernel mode.", cpu_seconds);
  metrics.gauge("process_resident_memory_bytes", "Memory that is in RAM.", resident_bytes);
  metrics.gauge("process_open_fds", "Open file descriptors.", open_files);
  metrics.gauge("process_max_fds", "File descriptors that may be open at once.", most_open_files);
  metrics.gauge("process_threads", "Threads of the process.", [] { return entries_in("/proc/self/task"); });
  metrics.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.",
                [start = seconds_since_1970()] { return start; });
  metrics.gauges("doorbuster_build_info", "1, with what was built by what as labels.", [build](Series& series) {
    series.add({{"version", build.version}, {"compiler", build.compiler}}, uint64_t{1});
  });
}

}  // namespace doorbuster::ops
