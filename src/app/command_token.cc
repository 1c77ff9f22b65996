// doorbuster token: customers' tokens for trying out, signed with the shop key that the first start made.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "auth/shop_signer.h"
#include "base/exit_code.h"
#include "base/time.h"

namespace doorbuster::app {
namespace {

struct TokenFlags {
  std::string data = "var/";
  std::string sub;
  std::string sale;
  std::string out;
  uint32_t count = 1;
  uint32_t seconds = 24 * 3600;
};

Result<void> mint(const TokenFlags& flags) {
  const auth::JwtSigner signer = TRY(auth::shop_signer(flags.data));
  std::ofstream file;
  if (!flags.out.empty()) file.open(flags.out);
  if (!flags.out.empty() && !file) return fail(ErrorCode::kIo, "'" + flags.out + "' can't be written");
  std::ostream& out = flags.out.empty() ? std::cout : file;
  auth::JwtClaims claims;
  claims.expires_at = SystemClock().now() + Duration::seconds(flags.seconds);
  claims.sale = std::string_view(flags.sale);
  for (uint32_t i = 0; i < flags.count; ++i) {
    const std::string sub = flags.count == 1 ? flags.sub : flags.sub + "-" + std::to_string(i + 1);
    claims.sub = std::string_view(sub);
    out << signer.mint(claims) << '\n';
  }
  out.flush();
  if (!out) return fail(ErrorCode::kIo, "'" + flags.out + "' could not be written to its end");
  return {};
}

}  // namespace

Run add_token(CLI::App& line) {
  CLI::App* command = line.add_subcommand("token", "Mint customers' tokens for trying out");
  auto flags = std::make_shared<TokenFlags>();
  command->add_option("--sub", flags->sub, "the customer; with --count, the beginning of each customer's name")
      ->required()
      ->check(
          [](const std::string& sub) { return sub.empty() || sub.size() > 200 ? "1 to 200 bytes are possible" : ""; });
  command->add_option("--count", flags->count, "so many tokens, for SUB-1, SUB-2, ...")
      ->check(CLI::Range(1, 10'000'000));
  command->add_option("--out", flags->out, "write them to this file, one a line");
  command->add_option("--sale", flags->sale, "good for this sale only")->check([](const std::string& sale) {
    return sale.size() > auth::kSaleNameBytesMax ? "64 bytes at most" : "";
  });
  command->add_option("--seconds", flags->seconds, "how long they are good")->capture_default_str();
  command->add_option("--data", flags->data, "the server's folder, where its shop.key is")->capture_default_str();
  return [command, flags]() -> int {
    if (!command->parsed()) return -1;
    return exit_code_of(mint(*flags));
  };
}

}  // namespace doorbuster::app
