#include "app/stampede_site.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "demo/demo_http.h"
#include "net/listener.h"

namespace doorbuster::app {
namespace {

namespace fs = std::filesystem;

constexpr int kReadyTriesMax = 600;
constexpr std::chrono::milliseconds kReadyEvery(50);
constexpr std::chrono::seconds kChallengesEvery(2);
constexpr size_t kLastWordsBytes = 2'000;

// One that is free now. Nobody else may take it before the server does; if somebody has, the server says so.
Result<std::string> free_address() { return TRY(net::listen({.host = "127.0.0.1", .port = 0}, 1)).endpoint.text(); }

std::string last_words(const std::string& log) {
  std::ifstream file(log, std::ios::ate);
  const auto size = static_cast<size_t>(std::max<std::streamoff>(file.tellg(), 0));
  const size_t count = std::min(size, kLastWordsBytes);
  std::string words(count, ' ');
  file.seekg(static_cast<std::streamoff>(size - count));
  file.read(words.data(), static_cast<std::streamsize>(count));
  return words;
}

Result<std::string> url_of_sandbox(ChildProcess& sandbox) {
  const std::string line = sandbox.read_line();
  const size_t at = line.find("http://");
  if (at == std::string::npos) return fail(ErrorCode::kUnavailable, "the sandbox to pay at did not start");
  std::string url = line.substr(at);
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Result<std::unique_ptr<StampedeSite>> StampedeSite::start(const Options& options) {
  const fs::path folder = options.folder;
  const std::string data = (folder / "data").string();
  std::error_code error;
  fs::create_directories(data, error);
  if (error) return fail(ErrorCode::kIo, "the folder '" + options.folder + "' can't be made: " + error.message());
  const std::string log = (folder / "server.log").string();
  auto sandbox = TRY(
      ChildProcess::start({"sandbox", "--listen", "127.0.0.1:0", "--data", data}, (folder / "sandbox.log").string()));
  const std::string payments = TRY(url_of_sandbox(*sandbox));
  const std::string address = TRY(free_address());
  std::vector<std::string> words = {"serve",
                                    "--listen",
                                    address,
                                    "--data",
                                    data,
                                    "--payment-url",
                                    payments,
                                    "--guard-policy",
                                    options.policy,
                                    "--guard-challenges",
                                    std::to_string(options.challenges),
                                    "--base-url",
                                    "http://" + address};
  if (options.logs_decisions) {
    words.emplace_back("--guard-decision-log");
    words.push_back((folder / "decisions.jsonl").string());
  }
  auto server = TRY(ChildProcess::start(words, log));
  const stampede::Site where{.url = "http://" + address, .data = data, .process = server->number()};
  std::unique_ptr<StampedeSite> site(new StampedeSite(where, std::move(sandbox), std::move(server)));
  TRY(site->wait_until_ready(log));
  site->wait_for_challenges(options.challenges);
  return site;
}

Result<void> StampedeSite::wait_until_ready(const std::string& log) {
  demo::DemoHttp http(site_.url);
  for (int tries = 0; tries < kReadyTriesMax && server_->ended().empty(); ++tries) {
    const auto answer = http.call({.method = "GET", .path = "/readyz"});
    if (answer && answer->good()) return {};
    std::this_thread::sleep_for(kReadyEvery);
  }
  return fail(ErrorCode::kUnavailable, "the server for the stampede did not start:\n" + last_words(log));
}

// They are made while nobody else needs the core. Where the guard is off, or the machine is never idle, there is
// nothing to wait for.
void StampedeSite::wait_for_challenges(uint32_t wanted) const {
  demo::DemoHttp http(site_.url);
  for (double ready = 0, before = -1; ready < wanted && ready > before;) {
    std::this_thread::sleep_for(kChallengesEvery);
    const auto metrics = http.call({.method = "GET", .path = "/metrics"});
    before = ready;
    ready = metrics ? stampede::sum_of_metric(metrics->body, "doorbuster_guard_challenges_ready") : 0;
    if (ready > 0 && ready <= before)
      std::fprintf(stderr, "the machine is never idle: %.0f of %u challenges are made\n", ready, wanted);
  }
}

}  // namespace doorbuster::app
