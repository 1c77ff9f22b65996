#include "sim/browser.h"

#include <array>
#include <boost/json.hpp>

#include "sim/answers.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

namespace json = boost::json;

constexpr std::string_view kOrigin = "Origin: http://shop.example\r\n";

std::string_view head_of(std::string_view answer) { return answer.substr(0, answer.find("\r\n\r\n") + 2); }

json::object body_of(const std::string& answer) {
  return json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).as_object();
}

std::string text(const json::object& body, std::string_view name) {
  const json::value* found = body.if_contains(name);
  return found == nullptr || !found->is_string() ? std::string() : std::string(std::string_view(found->get_string()));
}

}  // namespace

// Mostly it looks; what it asks with a session that is over is what a thief of the cookie would ask.
void Browser::act() {
  const bool has_one = !sessions_.empty() && !sessions_.back().staff.may_be_over;
  if (!has_one && site_.random.chance(2)) return send(What::kLogIn, 0);
  if (sessions_.empty()) return;
  const size_t newest = sessions_.size() - 1;
  switch (site_.random.below(6)) {
    case 0:
      return has_one ? send(What::kLogOut, newest) : send(What::kLook, newest);
    case 1:
      return send(What::kLogOutWithoutToken, newest);
    case 2:
    case 3:
      return send(What::kLook, site_.random.below(sessions_.size()));
    default:
      return send(What::kLook, newest);
  }
}

std::string Browser::request_for(What what, const Session* session) const {
  static constexpr std::array<std::string_view, 4> kMethods = {"POST", "GET", "DELETE", "DELETE"};
  Request request{.method = kMethods[static_cast<size_t>(what)], .path = "/api/v1/session", .fields = {}, .body = {}};
  if (session == nullptr) {
    request.fields = kOrigin;
    request.body = R"({"key":")" + ServerKeys::get().operator_key() + R"("})";
  } else {
    request.fields = what == What::kLogOut ? session->staff.fields : session->cookie + std::string(kOrigin);
  }
  return request.text();
}

void Browser::send(What what, size_t session) {
  const uint64_t ticket = tickets_++;
  Session* with = what == What::kLogIn ? nullptr : &sessions_[session];
  Asked asked{.what = what,
              .session = session,
              .ended_at = {},
              .ended_from = UINT32_MAX,
              .is_good = false,
              .wrong_by = site_.clock.wrong_by()};
  if (with != nullptr) {
    // Whoever has asked to log out does nothing with the session any more, whatever became of the request.
    if (what == What::kLogOut) ids_.end_session();
    asked.ended_at = with->ended_at;
    asked.ended_from = with->ended_from;
    asked.is_good = !with->staff.may_be_over && site_.clock.now() < with->expires_at;
    with->staff.may_be_over = with->staff.may_be_over || what == What::kLogOut;
  }
  asked_[ticket] = std::move(asked);
  if (site_.unlucky(site_.plan.lose_one_in)) return;
  site_.events.in(site_.up_to(site_.plan.travel_max), [this, ticket, text = request_for(what, with)] {
    site_.trace.note("browser ", ticket - kFirstTicket, " ", text.substr(0, text.find('\r')));
    deliver_(ticket, text);
  });
}

void Browser::answered(uint64_t ticket, const std::string& answer, uint32_t server) {
  const auto found = asked_.find(ticket);
  ASSERT(found != asked_.end());
  const Asked asked = std::move(found->second);
  asked_.erase(found);
  const int status = status_of(answer);
  site_.trace.note("browser ", ticket - kFirstTicket, " = ", status);
  switch (asked.what) {
    case What::kLogIn:
      if (status != 201) return site_.promises.breaks("the right key got no session: " + std::to_string(status));
      return take_log_in(answer);
    case What::kLook:
      if (status != 200) return site_.promises.breaks("nobody says whose the session is: " + std::to_string(status));
      return judge(asked, body_of(answer).at("operator").is_object(), server);
    case What::kLogOut:
      if (status == 503) return;  // the disk can't keep it: it may be over, and may be good again after a restart
      judge(asked, status == 204, server);
      if (status == 204) note_ended(sessions_[asked.session], server);
      return;
    case What::kLogOutWithoutToken:
      if (status != 401 && status != 403)
        site_.promises.breaks("a session was ended without its token: " + std::to_string(status));
      return judge(asked, status == 403, server);
  }
}

void Browser::note_ended(Session& session, uint32_t server) const {
  session.ended_at.insert(server);
  session.ended_from = std::min(session.ended_from, newest_server_ + 1);
}

void Browser::take_log_in(const std::string& answer) {
  const json::object body = body_of(answer);
  const std::string_view set = field_of(head_of(answer), "Set-Cookie");
  const std::string cookie = "Cookie: " + std::string(set.substr(0, set.find(';'))) + "\r\n";
  const std::string token = text(body, "csrf_token");
  sessions_.push_back({.staff = {.fields = cookie + "X-CSRF-Token: " + token + "\r\n" + std::string(kOrigin)},
                       .cookie = cookie,
                       .expires_at = parse_rfc3339(text(body, "expires_at")).value_or(Timestamp()),
                       .ended_at = {},
                       .ended_from = UINT32_MAX});
  ids_.begin_session(sessions_.back().staff);
}

void Browser::judge(const Asked& asked, bool is_believed, uint32_t server) {
  const Session& session = sessions_[asked.session];
  const bool is_clock_as_it_was = asked.wrong_by == site_.clock.wrong_by();
  const bool has_ended = asked.ended_at.contains(server) || server >= asked.ended_from;
  if (is_believed && has_ended)
    site_.promises.breaks("a session is good at a server that has ended it, or knows who has");
  const bool is_good = asked.is_good && !session.staff.may_be_over && site_.clock.now() < session.expires_at;
  const bool is_first_to_end = asked.what == What::kLogOut && asked.is_good;
  if (!is_believed && is_clock_as_it_was && (is_good || is_first_to_end))
    site_.promises.breaks("a session is over that nobody has ended");
}

}  // namespace doorbuster::sim
