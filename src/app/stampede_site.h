// A server for a stampede: this program again, on a fresh folder and a free port, with a sandbox to pay at beside it.
#pragma once

#include <memory>
#include <string>

#include "app/child_process.h"
#include "base/result.h"
#include "stampede/run.h"

namespace doorbuster::app {

class StampedeSite {
 public:
  struct Options {
    std::string folder;           // is made; logs of both processes are in it
    std::string policy;           // of the guard: a preset, or a file
    uint32_t challenges = 0;      // that are made ahead; it waits until they are
    bool logs_decisions = false;  // of the guard, to decisions.jsonl in the folder
  };
  // Ready to be visited. kUnavailable with the server's last words when it does not start.
  [[nodiscard]] static Result<std::unique_ptr<StampedeSite>> start(const Options& options);

  [[nodiscard]] const stampede::Site& site() const { return site_; }

 private:
  StampedeSite(stampede::Site site, std::unique_ptr<ChildProcess> sandbox, std::unique_ptr<ChildProcess> server)
      : site_(std::move(site)), sandbox_(std::move(sandbox)), server_(std::move(server)) {}
  [[nodiscard]] Result<void> wait_until_ready(const std::string& log);
  void wait_for_challenges(uint32_t wanted) const;

  const stampede::Site site_;
  std::unique_ptr<ChildProcess> sandbox_;
  std::unique_ptr<ChildProcess> server_;  // ends first: it asks the sandbox
};

}  // namespace doorbuster::app
