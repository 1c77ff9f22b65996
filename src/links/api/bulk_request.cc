#include "links/api/bulk_request.h"

#include "net/problem.h"

namespace doorbuster::links {

BulkAnswer problem_of(const BulkRequest& request, net::Status status, std::string_view slug, std::string_view title,
                      std::string_view detail) {
  BulkAnswer answer{.status = status};
  net::write_problem(
      answer.json,
      {.status = status, .slug = slug, .title = title, .detail = detail, .instance = request.instance, .members = {}});
  return answer;
}

BulkAnswer unavailable(const BulkRequest& request, std::string_view detail) {
  return problem_of(request, net::Status::kServiceUnavailable, "store-failed", "Try again in a moment", detail);
}

}  // namespace doorbuster::links
