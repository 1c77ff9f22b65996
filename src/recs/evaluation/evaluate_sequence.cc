#include "recs/evaluation/evaluation.h"

namespace doorbuster::recs {

Result<std::string> evaluate_sequence(const EvaluationOptions& /*options*/) {
  return fail(ErrorCode::kUnavailable, "--task sequence is not built yet");
}

}  // namespace doorbuster::recs
