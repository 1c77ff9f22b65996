// What people report of short links: POST /{code}+ takes it, and /api/v1/abuse/reports shows operators all of it.
#pragma once

#include <string>

#include "links/abuse/abuse_reports.h"
#include "links/abuse/take_downs.h"
#include "links/api/link_base.h"
#include "links/api/link_lookup.h"
#include "links/store/link_writer.h"
#include "ops/metrics/counter.h"
#include "platform/api/gate.h"
#include "platform/api/late_answers.h"
#include "platform/operators/operator_authenticator.h"

namespace doorbuster::links {

// The form on a link's preview that reports it.
[[nodiscard]] std::string report_form();

// Reports on their way through the writer, of one reactor.
class ReportChanges {
 public:
  // All outlive it.
  ReportChanges(net::Loop& loop, LinkWriter& writer, AbuseReports& reports, platform::Gate& gate);

  // What the form sent about the link with this code, which is there. Answers now or later.
  void take(const platform::Call& call, const std::string& code);
  // Answers later.
  void dismiss(const platform::Call& call, const std::string& code);

  // Since the start, by what became of them. Any thread.
  [[nodiscard]] uint64_t taken() const { return taken_.value(); }
  [[nodiscard]] uint64_t repeated() const { return repeated_.value(); }

 private:
  struct Answer {
    bool is_report = false;  // else something was dismissed
    bool is_known = false;
    bool is_done = false;
    bool as_page = false;
    std::string instance;
  };
  void respond(net::Exchange& exchange, const Answer& answer);

  LinkWriter& writer_;
  AbuseReports& reports_;
  platform::Gate& gate_;
  platform::LateAnswers<Answer> answers_;
  ops::Counter taken_;
  ops::Counter repeated_;
};

void report_link(const platform::Call& call, std::string_view code, LinkLookup& links, ReportChanges& reports);
void list_reports(const platform::Call& call, platform::OperatorAuthenticator& operators, const AbuseReports& reports,
                  const TakeDowns& take_downs, const LinkBase& base);
void dismiss_report(const platform::Call& call, platform::OperatorAuthenticator& operators, const AbuseReports& reports,
                    ReportChanges& changes, const LinkBase& base);

}  // namespace doorbuster::links
