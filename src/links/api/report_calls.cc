#include "links/api/report_calls.h"

#include <algorithm>

#include "base/json_writer.h"
#include "links/api/link_json.h"
#include "links/api/long_url.h"
#include "links/api/password_page.h"
#include "net/text.h"
#include "platform/api/plain_page.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using platform::Call;

constexpr std::string_view kThanks = "Thank you";
constexpr std::string_view kWillBeRead = "Whoever runs this server will look at the link.";
constexpr std::string_view kHowToReport =
    "Say `reason` (phishing, malware, spam, illegal or other), and if you like up to 250 bytes of `words`, in a form.";
constexpr std::array<std::string_view, kReportReasons.size()> kReasonWords = {
    "It pretends to be somebody else", "It brings harmful programs", "It is spam", "It is against the law",
    "Something else"};

// Answers 400 and returns nothing if it can't be understood.
std::optional<AbuseReport> report_in(const Call& call) {
  const std::string reason = form_value(call.request.body(), "reason").value_or("");
  auto words = form_value(call.request.body(), "words");
  const bool has_words = net::query_value(call.request.body(), "words").has_value();
  const auto* const named = std::ranges::find(kReportReasons, reason);
  const bool are_fit = !has_words || (words && words->size() <= kReportBytesMax && is_utf8(*words));
  if (named != kReportReasons.end() && are_fit) {
    return AbuseReport{.at = call.now,
                       .reason = static_cast<uint8_t>(named - kReportReasons.begin()),
                       .words = std::move(words).value_or("")};
  }
  if (platform::wants_page(call)) {
    platform::respond_page(call.exchange, net::Status::kBadRequest, "Say why",
                           "Go back, choose a reason, and say no more than 250 letters.");
  } else {
    platform::respond_invalid(call.exchange, call.request.path(), std::string(kHowToReport));
  }
  return std::nullopt;
}

void write_reported(JsonWriter& json, const std::string& code, const ReportedLink& reported, bool is_taken_down,
                    const LinkBase& base) {
  json.begin_object().member("short_url", base.short_url({.code = code}));
  write_name(json, code);
  json.member("reports", reported.count).member("first_at", reported.first_at).member("last_at", reported.last_at);
  json.key("reasons").begin_object();
  for (size_t i = 0; i < kReportReasons.size(); ++i) json.dynamic_key(kReportReasons[i]).value(reported.by_reason[i]);
  json.end_object().key("newest").begin_array();
  for (const AbuseReport& report : reported.newest) {
    json.begin_object().member("at", report.at).member("reason", kReportReasons[report.reason]);
    json.member("words", report.words).end_object();
  }
  json.end_array().member("is_taken_down", is_taken_down).end_object();
}

void respond_no_report(net::Exchange& exchange, std::string_view path) {
  platform::respond_problem(exchange, path, net::Status::kNotFound, "report-not-found", "Nothing is reported of it",
                            "GET /api/v1/abuse/reports lists what is.");
}

}  // namespace

std::string report_form() {
  std::string html = R"(</p><details><summary>Report this link</summary><form method="post"><p class="field">)"
                     R"(<label for="reason">What is wrong?</label> <select id="reason" name="reason">)";
  for (size_t i = 0; i < kReportReasons.size(); ++i) {
    html.append("<option value=\"").append(kReportReasons[i]).append("\">");
    html.append(kReasonWords[i]).append("</option>");
  }
  return html + R"(</select></p><p class="field"><label for="words">In your words, if you like</label> )"
                R"(<input id="words" name="words" maxlength="250" autocomplete="off"></p><p class="buttons">)"
                R"(<button>Report it</button></p></form></details><p class="quiet">)";
}

ReportChanges::ReportChanges(net::Loop& loop, LinkWriter& writer, AbuseReports& reports, platform::Gate& gate)
    : writer_(writer),
      reports_(reports),
      gate_(gate),
      answers_(loop, [this](net::Exchange& exchange, Answer&& answer) { respond(exchange, answer); }) {}

void ReportChanges::take(const Call& call, const std::string& code) {
  const auto report = report_in(call);
  if (!report) return;
  if (!gate_.pass(call, {.action = platform::Action::kChange, .scope = "abuse", .asker = {}, .can_work = false}))
    return;
  const auto answer = std::make_shared<Answer>(
      Answer{.is_report = true, .as_page = platform::wants_page(call), .instance = std::string(call.request.path())});
  const auto network = gate_.sender_of(call.request).network();
  writer_.have_done(
      [this, answer, code, report = *report, network](LinkStore& store) -> Result<void> {
        answer->is_done = TRY(reports_.note(store, code, report, network));
        return {};
      },
      [answer, give = answers_.to(call.exchange.defer())](bool is_known) {
        answer->is_known = is_known;
        give(Answer(*answer));
      });
}

void ReportChanges::dismiss(const Call& call, const std::string& code) {
  const auto answer = std::make_shared<Answer>(Answer{.instance = std::string(call.request.path())});
  writer_.have_done(
      [this, answer, code](LinkStore& store) -> Result<void> {
        answer->is_done = TRY(reports_.dismiss(store, code));
        return {};
      },
      [answer, give = answers_.to(call.exchange.defer())](bool is_known) {
        answer->is_known = is_known;
        give(Answer(*answer));
      });
}

// Whoever reports a link twice hears the same: nobody else's business is told by it.
void ReportChanges::respond(net::Exchange& exchange, const Answer& answer) {
  if (!answer.is_known) {
    return platform::respond_busy(exchange, answer.instance, "store-failed",
                                  "The store of links has failed, and can't say whether it was done. Ask again once "
                                  "the server has been started again.");
  }
  if (!answer.is_report) {
    if (!answer.is_done) return respond_no_report(exchange, answer.instance);
    return exchange.respond(
        net::Response{.status = net::Status::kNoContent, .headers = {{"Cache-Control", "no-store"}}});
  }
  (answer.is_done ? taken_ : repeated_).add();
  if (answer.as_page) return platform::respond_page(exchange, net::Status::kAccepted, kThanks, kWillBeRead);
  platform::respond_json(exchange, net::Status::kAccepted, R"({"reported":true})");
}

void report_link(const Call& call, std::string_view code, LinkLookup& links, ReportChanges& reports) {
  const LinkCache::Known* const known = links.find(call, code);
  if (known != nullptr) reports.take(call, known->code);
}

void list_reports(const Call& call, platform::OperatorAuthenticator& operators, const AbuseReports& reports,
                  const TakeDowns& take_downs, const LinkBase& base) {
  if (!operators.operator_of(call)) return;
  const auto asked = platform::page_asked(call);
  if (!asked) return;
  const AbuseReports::Page page = reports.page(asked->offset, asked->limit);
  const auto taken_down = take_downs.page();
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", page.total).key("links").begin_array();
  for (size_t i = 0; i < page.links.size() && body.size() < platform::kPageBytes; ++i) {
    const auto& [code, reported] = page.links[i];
    write_reported(json, code, reported, taken_down->of_code(code) != nullptr, base);
  }
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void dismiss_report(const Call& call, platform::OperatorAuthenticator& operators, const AbuseReports& reports,
                    ReportChanges& changes, const LinkBase& base) {
  const auto actor = operators.operator_of(call);
  if (!actor) return;
  const auto domain = call.request.query_parameter("domain");
  const std::string code = code_on(domain ? base.named(*domain) : std::string(), call.parameter(0));
  if (!reports.has(code)) return respond_no_report(call.exchange, call.request.path());
  const auto noted = operators.note(call, {.actor = *actor, .action = "reports dismissed", .detail = "link " + code});
  if (!noted) return platform::respond_busy(call.exchange, call.request.path(), "store-failed", noted.error().message);
  changes.dismiss(call, code);
}

}  // namespace doorbuster::links
