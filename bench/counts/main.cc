// bench_counts: gives a link of a data folder what five years of clicks leave, a thousand million of them, without the
// clicks. The server does not run meanwhile. Prints one line of JSON.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/json_writer.h"
#include "base/prng.h"
#include "links/views/rocksdb/rocksdb_count_store.h"

namespace doorbuster::bench {
namespace {

using namespace links;

constexpr uint64_t kClicksADay = 640;
constexpr int kDays = 5 * 365;
constexpr int kDoublings = 10;  // 1,168,000 clicks, 1,024 times
constexpr Duration kBetween = Duration::seconds(86'400 / kClicksADay);

// Of every day, of all quarters of an hour that are kept, of all countries and browsers, with as many referrers as
// there may be, and more visitors than a sketch holds one by one.
LinkCounts five_years_until(Timestamp now) {
  LinkCounts counts;
  Prng random(5);
  Timestamp at = now - Duration::seconds(int64_t{kDays} * 86'400);
  for (uint64_t i = 0; i < kClicksADay * kDays; ++i, at = at + kBetween) {
    const std::string referrer = "a-site-with-a-name-" + std::to_string(random.below(250)) + ".example";
    counts.note({.link = 0,
                 .visitor = random.chance(5) ? Visitor::kBot : Visitor::kPerson,
                 .device = static_cast<DeviceClass>(random.below(static_cast<uint64_t>(last_of(DeviceClass())) + 1)),
                 .country = {static_cast<char>('A' + random.below(16)), static_cast<char>('A' + random.below(16))},
                 .referrer = std::string_view(referrer),
                 .browser = static_cast<Browser>(random.below(static_cast<uint64_t>(last_of(Browser())) + 1)),
                 .system = static_cast<System>(random.below(static_cast<uint64_t>(last_of(System())) + 1)),
                 .visitor_hash = random.next() | 1},
                at);
  }
  for (int i = 0; i < kDoublings; ++i) {
    const LinkCounts once = counts;
    counts += once;
  }
  return counts;
}

Result<void> give(const std::filesystem::path& data, uint64_t link) {
  RocksdbCountStore store({.folder = data / "links-counts"});
  CountStore::Head head = TRY(store.open());
  const CountRecord part{.heard = head.heard, .counts = five_years_until(SystemClock().now())};
  if (head.heard == Sequence()) return fail(ErrorCode::kInvalid, "no server has counted anything in this folder yet");
  head.total += part.counts.total;
  const CountStore::Change change{.link = link, .is_gone = false, .parts = {&part, 1}};
  TRY(store.write({&change, 1}, head, CountStore::Durable::kNow));
  std::string line;
  JsonWriter json(line);
  json.begin_object().member("clicks", part.counts.total.all()).member("bytes", encode_record(part).size());
  json.end_object();
  std::puts(line.c_str());
  return {};
}

}  // namespace
}  // namespace doorbuster::bench

int main(int argc, char** argv) {
  CLI::App command{"Gives a link of a data folder a thousand million clicks."};
  std::string data;
  uint64_t link = 0;
  command.add_option("--data", data, "the data folder of a server that was ended")->required();
  command.add_option("--link", link, "the link's number")->required();
  CLI11_PARSE(command, argc, argv);
  const auto done = doorbuster::bench::give(data, link);
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
