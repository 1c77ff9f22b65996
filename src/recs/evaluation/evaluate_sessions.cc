#include "recs/evaluation/evaluation.h"

namespace doorbuster::recs {

Result<std::string> evaluate_sessions(const EvaluationOptions& /*options*/) {
  return fail(ErrorCode::kUnavailable, "--task sessions is not built yet");
}

}  // namespace doorbuster::recs
