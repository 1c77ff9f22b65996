#include "sale/testing/sale_server.h"

#include <cstdlib>

#include "base/file.h"
#include "platform/operators/operator_calls.h"

namespace doorbuster::sale::testing {
namespace {

std::filesystem::path fresh_folder() {
  std::string name = std::filesystem::temp_directory_path() / "doorbuster-sale-XXXXXX";
  ASSERT(mkdtemp(name.data()) != nullptr);
  return name;
}

constexpr std::string_view kStart = "2026-11-27T10:00:00Z";

}  // namespace

uint32_t cells_of_environment() {
  const char* cells = std::getenv("DOORBUSTER_CELLS");
  return cells == nullptr ? 1 : static_cast<uint32_t>(std::strtoul(cells, nullptr, 10));
}

SaleServer::SaleServer(Options options) : options_(options), folder_(fresh_folder()), clock_(*parse_rfc3339(kStart)) {
  start();
}

SaleServer::~SaleServer() {
  stop();
  std::filesystem::remove_all(folder_);
}

void SaleServer::start() {
  auto keys = auth::KeyStore::open(folder_, clock_.now());
  ASSERT(keys.has_value());
  keys_ = std::move(*keys);
  log_ = std::make_unique<log::MemoryLog>(disk_);
  const EngineOptions options = {.capacity = options_.capacity,
                                 .cell = options_.cell,
                                 .cells = options_.cells,
                                 .requests_a_reactor = options_.requests_a_reactor,
                                 .admissions = options_.admissions,
                                 .keeps_customer_ids = options_.keeps_customer_ids,
                                 .gate = options_.gate,
                                 .archive_store = &archive_,
                                 .on_trouble = [](const std::string&) {}};
  auto files = platform::OperatorFiles::open(folder_);
  ASSERT(files.has_value());
  operators_ = std::make_unique<platform::OperatorAccess>(*keys_, auth::CookieTransport::kHttp, std::move(*files));
  directory_ = std::make_unique<Directory>();
  service_ = std::make_unique<Engine>(options, *log_, *operators_, *directory_, gateway_, clock_);
  net::ServerOptions http{.listen = "127.0.0.1:0", .reactors = options_.reactors};
  http.limits.connections = http.limits.connections_per_address = 64;
  http.limits.deferred_time = options_.answer_deadline;
  auto server = net::Server::start(http, [this](net::Loop& loop) { return make_handler(loop); });
  ASSERT(server.has_value());
  http_ = std::move(*server);
  options_.before_start(*this);
  ASSERT(service_->start().has_value());
}

std::unique_ptr<net::Handler> SaleServer::make_handler(net::Loop& loop) {
  platform::Routes routes;
  platform::add_operator_routes(routes, *operators_, options_.operators);
  service_->add_routes(routes, loop, options_.operators);
  return std::make_unique<platform::RoutedHandler>(std::move(routes), clock_);
}

// In this order: the service answers what it was asked through loops that still run.
void SaleServer::stop() {
  client_.reset();
  http_->drain(Duration::millis(100));
  service_->stop();
  http_.reset();
  service_.reset();
  directory_.reset();
  log_.reset();
  operators_.reset();
  keys_.reset();
}

void SaleServer::crash_and_restart() {
  disk_.crash();
  stop();
  disk_.restart();
  start();
}

void SaleServer::restart_with_cells(uint32_t cells) {
  options_.cells = cells;
  crash_and_restart();
}

void SaleServer::fence() {
  log::MemoryLog other(disk_);
  for (uint32_t cell = 0; cell < options_.cells; ++cell)
    ASSERT(other.open(CellId(cell), {.kind = log::MachineKind("sale")}).has_value());
}

Answer SaleServer::ask(std::string_view method, std::string_view target, const Fields& fields, std::string_view body) {
  std::string request = std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: shop.example\r\n";
  for (const std::string& field : fields) request += field + "\r\n";
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  if (!client_) client_ = std::make_unique<net::testing::Client>(http_->port());
  client_->send(request + "\r\n" + std::string(body));
  return Answer::parse(client_->read_response(method == "HEAD"));
}

std::string SaleServer::key_in(const char* file) const {
  const auto text = read_file(folder_ / file, 1'024);
  ASSERT(text.has_value());
  return *text;
}

std::string SaleServer::operator_key() const { return "Authorization: Bearer " + key_in("operator.key"); }

std::string SaleServer::customer(std::string_view sub, std::string_view only_sale, Duration valid_for) const {
  return customer({.sub = sub, .expires_at = clock_.now() + valid_for, .not_before = {}, .sale = only_sale});
}

std::string SaleServer::customer(const auth::JwtClaims& claims) const {
  return "Authorization: Bearer " + auth::JwtSigner::hs256("", key_in("shop.key")).mint(claims);
}

}  // namespace doorbuster::sale::testing
