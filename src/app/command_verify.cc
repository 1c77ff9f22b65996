// doorbuster verify: checks the public record of a draw, from a file or from a server.
#include <CLI/CLI.hpp>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "base/encoding.h"
#include "base/exit_code.h"
#include "net/http_client.h"
#include "sale/machine/draw/transcript.h"

namespace doorbuster::app {
namespace {

constexpr size_t kDownloadBytesMax = size_t{2} << 30;

struct VerifyFlags {
  std::string transcript;
  std::string commitment;
  std::string entry;
};

bool is_address(const std::string& text) { return text.starts_with("http://") || text.starts_with("https://"); }

Result<void> read_lines(std::istream& in, sale::TranscriptVerifier& verifier) {
  for (std::string line; std::getline(in, line);) TRY(verifier.line(line));
  return {};
}

Result<std::string> download(const std::string& address) {
  net::HttpRequest request{.method = "GET", .url = address};
  request.total_time = Duration::seconds(600);
  request.response_bytes_max = kDownloadBytesMax;
  std::promise<net::HttpReply> arrived;
  net::HttpClient client;
  ASSERT(client.send(std::move(request), [&](net::HttpReply reply) { arrived.set_value(std::move(reply)); }));
  net::HttpReply reply = arrived.get_future().get();
  if (reply.outcome != net::HttpOutcome::kAnswered) return fail(ErrorCode::kIo, address + ": " + reply.error);
  if (reply.status != 200) {
    return fail(ErrorCode::kIo,
                address + " answered " + std::to_string(reply.status) + ": " + reply.body.substr(0, 500));
  }
  return std::move(reply.body);
}

Result<void> read_all(const std::string& transcript, sale::TranscriptVerifier& verifier) {
  if (is_address(transcript)) {
    std::istringstream in(TRY(download(transcript)));
    return read_lines(in, verifier);
  }
  std::ifstream file(transcript);
  if (!file) return fail(ErrorCode::kIo, "'" + transcript + "' can't be read");
  return read_lines(file, verifier);
}

Result<void> verify(const VerifyFlags& flags) {
  sale::TranscriptVerifier verifier;
  TRY(read_all(flags.transcript, verifier));
  const sale::TranscriptSummary summary = TRY(verifier.finish());
  const std::string commitment = to_hex(summary.head.commitment);
  if (!flags.commitment.empty() && flags.commitment != commitment)
    return fail(ErrorCode::kInvalid, "the record is of a draw that was committed to as " + commitment + ", not as " +
                                         flags.commitment + ": it is another draw, or a forged one");
  std::cout << "Right: sale '" << summary.head.sale << "', " << summary.head.entries << " entries drawn, "
            << summary.late << " late, " << summary.offers << " offers in order, " << summary.left << " left, "
            << summary.removed << " removed.\n";
  if (!summary.head.beacon.empty())
    std::cout << "Compare the beacon's value with round " << summary.head.beacon_round << " of "
              << summary.head.beacon_source << ", which only that beacon can tell: " << to_hex(summary.head.beacon)
              << "\n";
  if (flags.commitment.empty())
    std::cout << "Compare the commitment with the one published before the opening: " << commitment << "\n";
  if (flags.entry.empty()) return {};
  const auto position = verifier.position_of(flags.entry);
  if (!position) return fail(ErrorCode::kNotFound, "entry '" + flags.entry + "' is not in the record");
  std::cout << "Entry " << flags.entry << " stands at position " << *position << ".\n";
  return {};
}

}  // namespace

Run add_verify(CLI::App& line) {
  CLI::App* command = line.add_subcommand("verify", "Check the public record of a draw");
  auto flags = std::make_shared<VerifyFlags>();
  command->add_option("transcript", flags->transcript, "a file, or http(s)://.../api/v1/sales/SALE/transcript")
      ->required();
  command->add_option("--commitment", flags->commitment, "what was published before the opening (hexadecimal)");
  command->add_option("--entry", flags->entry, "tell where this entry stands");
  return [command, flags]() -> int {
    if (!command->parsed()) return -1;
    return exit_code_of(verify(*flags));
  };
}

}  // namespace doorbuster::app
