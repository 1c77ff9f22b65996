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
  // Ready to be visited. `folder` is made; logs of both processes are in it. kUnavailable with the server's last words
  // when it does not start.
  [[nodiscard]] static Result<std::unique_ptr<StampedeSite>> start(const std::string& folder,
                                                                   const std::string& policy);

  [[nodiscard]] const stampede::Site& site() const { return site_; }

 private:
  StampedeSite(stampede::Site site, std::unique_ptr<ChildProcess> sandbox, std::unique_ptr<ChildProcess> server)
      : site_(std::move(site)), sandbox_(std::move(sandbox)), server_(std::move(server)) {}
  [[nodiscard]] Result<void> wait_until_ready(const std::string& log);

  const stampede::Site site_;
  std::unique_ptr<ChildProcess> sandbox_;
  std::unique_ptr<ChildProcess> server_;  // ends first: it asks the sandbox
};

}  // namespace doorbuster::app
