// doorbuster stampede: a drop day in a minute, with people and bots, and a report of who won.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include "app/commands.h"
#include "app/stampede_site.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "stampede/report.h"

namespace doorbuster::app {
namespace {

namespace fs = std::filesystem;

using stampede::Report;
using stampede::Scenario;
using Guards = std::vector<std::string>;

constexpr mode_t kLabelsMode = 0644;
constexpr Duration kBesideTime = Duration::seconds(10);

struct StampedeFlags {
  std::string scenario;
  std::string guard;  // empty: both, or on with --json or --server
  uint64_t seed = 1;
  bool json = false;
  std::string server;
  std::string data;
  std::string keep;
  std::string labels;
  std::string beside;
};

// A folder that is gone at the end, unless somebody wants to keep it.
class RunFolder {
 public:
  [[nodiscard]] static Result<RunFolder> make(const std::string& keep) {
    if (!keep.empty()) return RunFolder(keep, true);
    std::string name = (fs::temp_directory_path() / "doorbuster-stampede-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return fail(ErrorCode::kIo, "no folder can be made: " + name);
    return RunFolder(name, false);
  }
  RunFolder(RunFolder&& other) noexcept : path_(std::exchange(other.path_, {})), keeps_(other.keeps_) {}
  RunFolder& operator=(RunFolder&&) = delete;
  ~RunFolder() {
    std::error_code ignored;
    if (!keeps_ && !path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string of(const std::string& name) const { return (fs::path(path_) / name).string(); }

 private:
  RunFolder(std::string path, bool keeps) : path_(std::move(path)), keeps_(keeps) {}
  std::string path_;
  bool keeps_;
};

// The policy as it is, or one that looks at nothing.
Result<std::string> policy_for(const Scenario& scenario, const std::string& guard, const RunFolder& folder) {
  if (guard == "on") return scenario.policy;
  const std::string path = folder.of("guard-off.toml");
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  std::ofstream file(path);
  file << "mode = \"off\"\n";
  file.close();
  if (!file) return fail(ErrorCode::kIo, "'" + path + "' can't be written");
  return path;
}

void announce(const Scenario& scenario, const std::string& what) {
  std::fprintf(stderr, "%s: %zu clients are on their way, for %u seconds after the opening at most\n", what.c_str(),
               scenario.clients(), scenario.seconds);
}

Result<Report> run_once(const Scenario& scenario, const StampedeFlags& flags, const stampede::Site& site,
                        const Report* without_hoarders) {
  stampede::Outcome outcome = TRY(stampede::run_scenario(scenario, flags.seed, site));
  if (!flags.labels.empty()) TRY(replace_file(flags.labels, outcome.labels, kLabelsMode));
  Report report = stampede::make_report(scenario, flags.seed, outcome, without_hoarders);
  if (!flags.beside.empty())
    report.beside = TRY(stampede::ask_beside(
        scenario, flags.seed, flags.beside,
        {.connections = report.connections_most, .connections_an_answer = report.connections_an_answer}, kBesideTime));
  return report;
}

Result<Report> run_on_own_server(const Scenario& scenario, const StampedeFlags& flags, const std::string& guard,
                                 const RunFolder& folder, const std::string& name, const Report* without_hoarders) {
  const std::string policy = TRY(policy_for(scenario, guard, folder));
  const auto site = TRY(StampedeSite::start({.folder = folder.of(name),
                                             .policy = policy,
                                             .challenges = scenario.challenges,
                                             .logs_decisions = !flags.labels.empty()}));
  announce(scenario, name);
  return run_once(scenario, flags, site->site(), without_hoarders);
}

Scenario without_hoarders_of(Scenario scenario) {
  std::erase_if(scenario.cohorts, [](const auto& cohort) { return cohort.kind == stampede::Kind::kHoarder; });
  return scenario;
}

Result<Report> run_with_guard(const Scenario& scenario, const StampedeFlags& flags, const std::string& guard,
                              const RunFolder& folder) {
  const std::string name = "guard-" + guard;
  std::optional<Report> before;
  if (scenario.objectives.slowdown_percent_max > 0) {
    before = TRY(
        run_on_own_server(without_hoarders_of(scenario), flags, guard, folder, name + "-without-hoarders", nullptr));
  }
  return run_on_own_server(scenario, flags, guard, folder, name, before ? &*before : nullptr);
}

Guards guards_of(const StampedeFlags& flags) {
  if (flags.guard == "both" || (flags.guard.empty() && !flags.json)) return {"on", "off"};
  return {flags.guard.empty() ? "on" : flags.guard};
}

Result<std::vector<Report>> run_all(const Scenario& scenario, const StampedeFlags& flags) {
  std::vector<Report> reports;
  if (!flags.server.empty()) {
    announce(scenario, flags.server);
    reports.push_back(TRY(run_once(scenario, flags, {.url = flags.server, .data = flags.data}, nullptr)));
    return reports;
  }
  const RunFolder folder = TRY(RunFolder::make(flags.keep));
  for (const std::string& guard : guards_of(flags))
    reports.push_back(TRY(run_with_guard(scenario, flags, guard, folder)));
  return reports;
}

// With the guard on and off, it is with the guard on that the scenario has to be met; the server's own promises hold in
// both.
Result<void> judge(const std::vector<Report>& reports) {
  bool is_met = reports.front().meets_all();
  for (const Report& report : reports) is_met = is_met && report.meets_servers();
  if (is_met) return {};
  return fail(ErrorCode::kConflict, "the scenario's objectives were not met");
}

Result<void> check_flags(const StampedeFlags& flags) {
  if (flags.json && flags.guard == "both")
    return fail(ErrorCode::kInvalid, "--json tells of one run: take --guard on or --guard off with it");
  if (flags.server.empty() != flags.data.empty())
    return fail(ErrorCode::kInvalid, "--server and --data belong together: the address of a server, and its folder");
  if (!flags.server.empty() && (!flags.guard.empty() || !flags.keep.empty()))
    return fail(ErrorCode::kInvalid, "--guard and --keep are for a server of the stampede's own, not with --server");
  if (!flags.labels.empty() && flags.server.empty() && (flags.keep.empty() || guards_of(flags) != Guards{"on"}))
    return fail(ErrorCode::kInvalid,
                "--labels tells of one run with the guard on, whose decisions have to be kept: take --guard on and "
                "--keep with it");
  return {};
}

Result<void> stampede_of(const StampedeFlags& flags) {
  TRY(check_flags(flags));
  const Scenario scenario = TRY(stampede::load_scenario(flags.scenario));
  const std::vector<Report> reports = TRY(run_all(scenario, flags));
  const std::string told =
      flags.json ? stampede::to_json(reports.front()) + "\n" : stampede::to_text(scenario, reports);
  std::fputs(told.c_str(), stdout);
  std::fflush(stdout);
  return judge(reports);
}

}  // namespace

Run add_stampede(CLI::App& line) {
  CLI::App* command = line.add_subcommand("stampede", "A drop day in a minute: people and bots, and who won");
  auto flags = std::make_shared<StampedeFlags>();
  command->add_option("--scenario", flags->scenario, "who comes to what (bench/scenarios, docs/stampede.md)")
      ->required();
  command->add_option("--guard", flags->guard, "on, off, or both, one after the other; both if nothing is said")
      ->check(CLI::IsMember({"on", "off", "both"}));
  command->add_option("--seed", flags->seed, "the same number brings the same clients")->capture_default_str();
  command->add_flag("--json", flags->json, "one object in place of the table, of a run with the guard on");
  command->add_option("--server", flags->server, "a server on this machine, in place of one that is started for it");
  command->add_option("--data", flags->data, "that server's folder, where its keys are");
  command->add_option("--keep", flags->keep, "a folder in which data and logs of the servers are kept");
  command->add_option("--labels", flags->labels,
                      "a file that tells who was a person and who a bot, for doorbuster guard train; the server's "
                      "decision log is decisions.jsonl in its folder under --keep");
  command->add_option("--beside", flags->beside,
                      "another server's address (http://127.0.0.1:8081/): how many answers the same clients get there, "
                      "for ten seconds after the run");
  return [command, flags]() -> int { return command->parsed() ? exit_code_of(stampede_of(*flags)) : -1; };
}

}  // namespace doorbuster::app
