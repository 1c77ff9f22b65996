#include "net/router.h"

#include <algorithm>

#include "base/assert.h"
#include "net/problem.h"

namespace doorbuster::net {
namespace {

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// Takes "/segment" off the front.
std::string_view next_segment(std::string_view& path) {
  ASSERT(path.front() == '/');
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

}  // namespace

void Router::add(Method method, std::string_view pattern, uint16_t id) {
  ASSERT(method != Method::kOther && method != Method::kHead && pattern.starts_with('/'));
  uint32_t node = 0;
  size_t parameters = 0;
  for (std::string_view rest = pattern; !rest.empty();) {
    const std::string_view segment = next_segment(rest);
    ASSERT(!segment.empty() || rest.empty());
    if (is_parameter(segment)) ++parameters;
    node = child_for(node, segment);
  }
  ASSERT(parameters <= kParametersMax);
  uint32_t& route = nodes_[node].routes[static_cast<size_t>(method)];
  ASSERT(route == kNone);
  route = static_cast<uint32_t>(table_.size());
  table_.push_back({method, std::string(pattern), id});
  refresh_allow(nodes_[node]);
}

uint32_t Router::child_for(uint32_t node, std::string_view segment) {
  const auto created = static_cast<uint32_t>(nodes_.size());
  if (is_parameter(segment)) {
    if (nodes_[node].parameter != kNone) return nodes_[node].parameter;
    nodes_[node].parameter = created;
  } else {
    auto& literals = nodes_[node].literals;
    const auto found =
        std::find_if(literals.begin(), literals.end(), [&](const auto& child) { return child.first == segment; });
    if (found != literals.end()) return found->second;
    literals.emplace_back(segment, created);
  }
  nodes_.emplace_back();
  return created;
}

void Router::refresh_allow(Node& node) const {
  node.allow.clear();
  for (size_t i = 0; i < kMethods; ++i) {
    const bool head_of_get =
        static_cast<Method>(i) == Method::kHead && node.routes[static_cast<size_t>(Method::kGet)] != kNone;
    if (node.routes[i] == kNone && !head_of_get) continue;
    node.allow += name_of(static_cast<Method>(i));
    node.allow += ", ";
  }
  if (node.routes[static_cast<size_t>(Method::kOptions)] == kNone) node.allow += "OPTIONS, ";
  node.allow.resize(node.allow.size() - 2);
}

// Depth first, literals before the parameter; patterns are few and short, so going back is bounded by their number.
uint32_t Router::find(uint32_t at, std::string_view rest, Match& match) const {
  const Node& node = nodes_[at];
  if (rest.empty()) return has_routes(node) ? at : kNone;
  const std::string_view segment = next_segment(rest);
  for (const auto& [literal, child] : node.literals) {
    if (literal != segment) continue;
    const uint32_t found = find(child, rest, match);
    if (found != kNone) return found;
  }
  if (node.parameter == kNone || segment.empty()) return kNone;
  const uint8_t index = match.parameter_count++;
  match.parameters[index] = segment;
  const uint32_t found = find(node.parameter, rest, match);
  if (found == kNone) match.parameter_count = index;
  return found;
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  if (!path.starts_with('/')) return match;
  const uint32_t found = find(0, path, match);
  if (found == kNone) return match;
  const Node& node = nodes_[found];
  match.allow = node.allow;
  match.outcome = Outcome::kMethodNotAllowed;
  if (method == Method::kOther) return match;
  uint32_t route = node.routes[static_cast<size_t>(method)];
  if (route == kNone && method == Method::kHead) route = node.routes[static_cast<size_t>(Method::kGet)];
  if (route == kNone) return match;
  match.outcome = Outcome::kFound;
  match.id = table_[route].id;
  return match;
}

void respond_unmatched(const Router::Match& match, const Request& request, Exchange& exchange) {
  ASSERT(match.outcome != Router::Outcome::kFound);
  if (match.outcome == Router::Outcome::kNoSuchPath) {
    return respond(exchange, {.status = Status::kNotFound,
                              .slug = "not-found",
                              .detail = "There is nothing at this path.",
                              .instance = request.path()});
  }
  if (request.method() == Method::kOptions) {
    return exchange.respond(Response{.status = Status::kNoContent, .headers = {{"Allow", match.allow}}});
  }
  respond(exchange,
          {.status = Status::kMethodNotAllowed,
           .slug = "method-not-allowed",
           .detail = "This path takes other methods; see the Allow field.",
           .instance = request.path()},
          {{"Allow", match.allow}});
}

}  // namespace doorbuster::net
