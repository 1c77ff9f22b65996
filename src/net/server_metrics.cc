#include "net/server_metrics.h"

#include <array>

namespace doorbuster::net {
namespace {

using M = ReactorMetrics;

template <class Read>
uint64_t sum_over_reactors(const Server& server, const Read& read) {
  uint64_t sum = 0;
  for (size_t i = 0; i < server.reactors(); ++i) sum += static_cast<uint64_t>(read(server.metrics(i)).value());
  return sum;
}

void tell_classes(const Server& server, const std::string& listener, ops::Series& series) {
  static constexpr std::array<std::string_view, 6> kClasses = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};
  for (size_t status = 1; status < kClasses.size(); ++status) {
    series.add({{"listener", listener}, {"class", kClasses.at(status)}},
               sum_over_reactors(server, [&](const M& reactor) -> auto& { return reactor.statuses.at(status); }));
  }
}

void tell_latencies(const Server& server, const std::string& listener, ops::Series& series) {
  struct Kind {
    std::string_view name;
    ops::Histogram M::* histogram;
  };
  for (const Kind& kind : {Kind{"immediate", &M::latency_immediate}, Kind{"deferred", &M::latency_deferred}}) {
    ops::Distribution all;
    for (size_t i = 0; i < server.reactors(); ++i) all.add(server.metrics(i).*kind.histogram);
    series.add({{"listener", listener}, {"answer", kind.name}}, all, ops::kLatency);
  }
}

}  // namespace

void register_metrics(ops::Metrics& metrics, const Server& server, const std::string& listener) {
  const auto tell = [&server, listener](auto number) {
    return [&server, listener, number](ops::Series& series) {
      series.add({{"listener", listener}},
                 sum_over_reactors(server, [&](const M& reactor) -> auto& { return reactor.*number; }));
    };
  };
  const auto count = [&](const char* name, const char* help, ops::Counter M::* counter) {
    metrics.counters(name, help, tell(counter));
  };
  metrics.gauges("doorbuster_http_connections", "Open connections.", tell(&M::connections_open));
  count("doorbuster_http_connections_accepted_total", "Connections accepted.", &M::connections_accepted);
  count("doorbuster_http_connections_refused_total", "Connections refused over a limit.", &M::connections_refused);
  count("doorbuster_http_connections_evicted_total",
        "Connections closed to make room: idle, unread or streaming ones, of networks with more than their share.",
        &M::connections_evicted);
  count("doorbuster_http_requests_total", "Requests answered.", &M::requests);
  count("doorbuster_http_requests_refused_total", "Malformed, too large or too slow requests.", &M::requests_refused);
  count("doorbuster_http_deferred_expired_total", "Answers that came too late: the client was told 503.",
        &M::deferred_expired);
  count("doorbuster_http_received_bytes_total", "Bytes received.", &M::bytes_received);
  count("doorbuster_http_sent_bytes_total", "Bytes sent.", &M::bytes_sent);
  count("doorbuster_http_turns_total", "Turns of the reactors: each reads, answers and writes what is there.",
        &M::turns);
  metrics.counters("doorbuster_http_responses_total", "Answers by class of status.",
                   [&server, listener](ops::Series& series) { tell_classes(server, listener, series); });
  metrics.histograms("doorbuster_http_request_seconds",
                     "Time from a whole request to its answer; a deferred answer waited for a decision.",
                     [&server, listener](ops::Series& series) { tell_latencies(server, listener, series); });
}

}  // namespace doorbuster::net
