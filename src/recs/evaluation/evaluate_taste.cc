#include "recs/evaluation/evaluation.h"

namespace doorbuster::recs {

Result<std::string> evaluate_taste(const EvaluationOptions& /*options*/) {
  return fail(ErrorCode::kUnavailable, "--task taste is not built yet");
}

}  // namespace doorbuster::recs
