#include "stampede/url.h"

#include <boost/url/parse.hpp>

namespace doorbuster::stampede {

Result<LocalUrl> parse_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  const bool is_local = parsed && parsed->scheme() == "http" &&
                        (parsed->host() == "localhost" || parsed->host_ipv4_address().is_loopback());
  if (!is_local) {
    return fail(ErrorCode::kInvalid,
                "'" + std::string(url) + "' is not an address on this machine: write it as http://127.0.0.1:8080");
  }
  const bool is_named = parsed->host_type() == boost::urls::host_type::name;
  const uint32_t address = is_named ? 0x7F000001 : parsed->host_ipv4_address().to_uint();
  const std::string path(parsed->encoded_target());
  return LocalUrl{.peer = {.address = address, .port = parsed->has_port() ? parsed->port_number() : uint16_t{80}},
                  .host = std::string(parsed->encoded_host_and_port()),
                  .path = path.empty() ? "/" : path};
}

}  // namespace doorbuster::stampede
