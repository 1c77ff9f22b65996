// What follows from documents, and what is counted of answers: rules, surfaces, experiments, impressions and clicks.
#include <utility>

#include "recs/views/recs_tables.h"

namespace doorbuster::recs {
namespace {

// A visitor as a number of their own, of whatever kind they are.
ExperimentCounts::VisitorKey key_of(VisitorKind kind, uint32_t visitor) {
  return uint64_t{visitor} << 1 | static_cast<uint64_t>(kind);
}

std::optional<ExperimentCounts::VisitorKey> key_of(const Interaction& row) {
  if (row.user != kNobody) return key_of(VisitorKind::kUser, row.user);
  if (row.session != kNobody) return key_of(VisitorKind::kSession, row.session);
  return std::nullopt;
}

}  // namespace

// An empty one is none.
void RecsTables::put_content(uint32_t user, std::string_view content) {
  if (const auto known = user_contents_.find(user); known != user_contents_.end()) {
    content_bytes_ -= known->second.size();
    user_contents_.erase(known);
  }
  countries_.erase(user);
  if (content.empty()) return;
  if (const uint16_t country = country_in_profile(content); country != 0) countries_.emplace(user, country);
  user_contents_.emplace(user, content);
  content_bytes_ += content.size();
}

// What an earlier release took and this one does not is kept, and has no effect.
void RecsTables::put_document(DocumentKind kind, const std::string& name, const std::string& content, Timestamp at) {
  std::string& known = documents_[static_cast<size_t>(kind)][name];
  const bool is_same = known == content;
  content_bytes_ += content.size() - known.size();
  known = content;
  if (kind == DocumentKind::kRule) {
    rules_.remove(name);
    if (auto rule = parse_rule(content)) rules_.put(name, *std::move(rule));
  } else if (kind == DocumentKind::kSurface) {
    surfaces_.erase(name);
    if (auto surface = parse_surface(content)) surfaces_.emplace(name, *std::move(surface));
  } else if (kind == DocumentKind::kExperiment && !is_same) {
    experiments_.erase(name);
    experiment_counts_.erase(name);
    auto experiment = parse_experiment(content);
    if (!experiment) return;
    experiment_counts_.emplace(name, ExperimentCounts(at, experiment->variants.size()));
    experiments_.emplace(name, *std::move(experiment));
  }
}

void RecsTables::remove_document(const DocumentRemoved& event) {
  const std::string name(event.name);
  Documents& documents = documents_[static_cast<size_t>(event.kind)];
  if (const auto known = documents.find(name); known != documents.end()) {
    content_bytes_ -= known->second.size();
    documents.erase(known);
  }
  if (event.kind == DocumentKind::kRule) rules_.remove(name);
  if (event.kind == DocumentKind::kExperiment) {
    experiments_.erase(name);
    experiment_counts_.erase(name);
  }
  if (event.kind == DocumentKind::kSurface) surfaces_.erase(name);
}

void RecsTables::note_response(const Interaction& row, Timestamp at) {
  surface_counts_.note(row, day_of(at), [this](std::string_view name) { return surface(name) != nullptr; });
  if (!row.is_attributed() || row.experiment.empty()) return;
  const auto known = experiments_.find(row.experiment);
  if (known == experiments_.end()) return;
  const auto variant = known->second.find(row.variant);
  if (!variant) return;
  ExperimentCounts& counts = experiment_counts_.find(row.experiment)->second;
  const bool is_interleaved = known->second.kind == ExperimentKind::kInterleave;
  counts.responded(is_interleaved ? std::nullopt : key_of(row), *variant, row.kind, day_of(at));
  if (is_interleaved && row.kind == EventKind::kClick) counts.preferred(row.recommendation, *variant);
}

// Whoever does anything while an experiment runs is one of its visitors, and what they buy is counted.
void RecsTables::note_in_experiments(const Interaction& row, Timestamp at) {
  const auto visitor = key_of(row);
  if (!visitor) return;
  const VisitorKind kind = row.user != kNobody ? VisitorKind::kUser : VisitorKind::kSession;
  const uint32_t number = row.user != kNobody ? row.user : row.session;
  for (const auto& [name, experiment] : experiments_) {
    if (experiment.kind == ExperimentKind::kInterleave || !experiment.is_running(at)) continue;
    ExperimentCounts& counts = experiment_counts_.find(name)->second;
    const size_t variant = experiment.variant_of(name, visitors(kind).index.at(number));
    counts.saw_visitor(*visitor, variant);
    if (row.kind != EventKind::kPurchase) continue;
    const bool is_named = row.is_attributed() && row.experiment == name;
    counts.bought(*visitor, variant, is_named || history_of(kind, number).has(row.item, EventKind::kClick));
  }
}

void RecsTables::forget_in_experiments(const VisitorForgotten& event) {
  for (auto& [name, counts] : experiment_counts_) counts.forget(key_of(event.kind, event.visitor));
}

}  // namespace doorbuster::recs
