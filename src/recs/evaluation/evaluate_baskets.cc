#include "recs/evaluation/evaluation.h"

namespace doorbuster::recs {

Result<std::string> evaluate_baskets(const EvaluationOptions& /*options*/) {
  return fail(ErrorCode::kUnavailable, "--task baskets is not built yet");
}

}  // namespace doorbuster::recs
