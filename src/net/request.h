// A request as a handler sees it. Views into the connection's buffer: valid only while Handler::handle() runs.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/trace.h"
#include "net/head.h"
#include "net/peer_address.h"
#include "net/text.h"

namespace doorbuster::net {

class Request {
 public:
  Request(const Head& head, std::string_view body, const PeerAddress& peer) : head_(head), body_(body), peer_(peer) {}

  [[nodiscard]] Method method() const { return head_.method; }
  [[nodiscard]] std::string_view target() const { return head_.target; }
  [[nodiscard]] std::string_view authority() const { return head_.authority; }
  // Percent-encoded, as it was sent; see percent_decode().
  [[nodiscard]] std::string_view path() const { return head_.path; }
  [[nodiscard]] std::string_view query() const { return head_.query; }
  // Still encoded.
  [[nodiscard]] std::optional<std::string_view> query_parameter(std::string_view name) const {
    return query_value(head_.query, name);
  }

  // Empty if the field was not sent; has() tells that from an empty value.
  [[nodiscard]] std::string_view header(Known name) const { return head_.value(name); }
  [[nodiscard]] bool has(Known name) const { return head_.has(name); }
  // Any other field, by a search through all of them; the first of that name (case does not matter).
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  [[nodiscard]] std::span<const Field> headers() const { return head_.all_fields(); }

  [[nodiscard]] std::string_view body() const { return body_; }
  [[nodiscard]] const PeerAddress& peer() const { return peer_; }
  [[nodiscard]] bool keep_alive() const { return head_.keep_alive; }
  // The caller's trace, if it sent a valid one, and only one.
  [[nodiscard]] std::optional<TraceContext> trace() const;

 private:
  const Head& head_;
  std::string_view body_;
  const PeerAddress& peer_;
};

}  // namespace doorbuster::net
