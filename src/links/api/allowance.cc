#include "links/api/allowance.h"

#include "net/problem.h"
#include "platform/api/problems.h"

namespace doorbuster::links {

AllowanceFields::AllowanceFields(const Allowance& allowance, Timestamp now) {
  const Month month = month_of(now);
  const Timestamp end = begin_of(month + 1);
  const auto seconds = [](Duration duration) { return std::to_string(duration.whole_seconds()); };
  retry_after_ = std::to_string((end - now).whole_seconds() + 1);
  policy_ = "\"links\";q=" + std::to_string(allowance.limit) + ";w=" + seconds(end - begin_of(month));
  const uint64_t left = allowance.limit - std::min(allowance.limit, allowance.used);
  left_ = "\"links\";r=" + std::to_string(left) + ";t=" + retry_after_;
}

void AllowanceFields::add_to(net::HeaderList& headers) const {
  headers.add({"RateLimit-Policy", policy_});
  headers.add({"RateLimit", left_});
}

void respond_over_limit(net::Exchange& exchange, std::string_view instance, const Allowance& allowance, Timestamp now) {
  const AllowanceFields fields(allowance, now);
  net::HeaderList headers{{"Retry-After", fields.retry_after()}, {"Cache-Control", "no-store"}};
  fields.add_to(headers);
  const std::string detail = "Your plan has " + std::to_string(allowance.limit) +
                             " links a month, and all of them are made. The next month begins at " +
                             format_rfc3339(begin_of(month_of(now) + 1)) + ".";
  net::respond(exchange,
               {.status = net::Status::kTooManyRequests,
                .slug = "monthly-limit",
                .title = "No more links this month",
                .detail = detail,
                .instance = instance,
                .members = {}},
               headers);
}

void respond_no_owner(net::Exchange& exchange, std::string_view instance) {
  platform::respond_problem(exchange, instance, net::Status::kForbidden, "user-not-active",
                            "This user may not ask at the moment",
                            "The user whom this key belongs to was suspended or is leaving: ask an operator.");
}

}  // namespace doorbuster::links
