// The network between simulated servers and whom they tell by webhook: the linker puts its HTTP client in the place of
// the real one (outside.cc).
#pragma once

#include <functional>

#include "net/http_client.h"

namespace doorbuster::sim {

class Outside {
 public:
  using Answer = std::function<void(net::HttpReply)>;

  virtual ~Outside() = default;
  // A request is sent. `answer` is called once, some time later, if the process still lives then.
  virtual void asked(const net::HttpRequest& request, Answer answer) = 0;
};

// Whom all clients speak to that are made from now on, and whom they tell that there was an answer.
void connect_clients(Outside* outside, std::function<void()> on_answer);

}  // namespace doorbuster::sim
