// What recommendations need of the process they are in; all of it outlives the service.
#pragma once

#include <string>

#include "base/time.h"
#include "log/log.h"
#include "ops/logging.h"
#include "platform/api/gate.h"
#include "platform/operators/operator_authenticator.h"
#include "platform/views/state_store.h"

namespace doorbuster::recs {

struct RecsDeps {
  log::Log& log;
  platform::OperatorAccess& operators;
  platform::Gate& gate;
  const Clock& clock;
  const ops::Logger& logger;
  platform::StateStore* view_store = nullptr;  // null: the tables are made anew at each start
  std::string folder = {};                     // for what need not be in memory; it is gone at the end
  std::string owner = {};                      // what the log's table of cells calls this process
};

}  // namespace doorbuster::recs
