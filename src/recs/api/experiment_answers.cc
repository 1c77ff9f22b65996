#include "recs/api/experiment_answers.h"

#include "recs/views/interleaving.h"

namespace doorbuster::recs {
namespace {

// Items of rules that hold, by their numbers.
void add_ruled_items(const RecsTables& tables, const Names& names, Question& question) {
  tables.rules().each_on(question.surface, [&](const Rule& rule) {
    const bool is_pin = rule.action == RuleAction::kPin;
    if ((!is_pin && rule.action != RuleAction::kPromote) || !rule.holds(question.at, question.rule_set)) return;
    std::vector<uint32_t> items;
    for (const std::string& name : rule.items) {
      if (const auto item = tables.catalogue().find(names.item(name))) items.push_back(*item);
    }
    if (is_pin)
      question.pinned.insert(question.pinned.end(), items.begin(), items.end());
    else
      question.promoted.emplace_back(&rule, std::move(items));
  });
}

std::vector<Recommended> recommend_by(const Variant& variant, const RecsTables& tables, const Names& names,
                                      Question question, const Recommend& recommend) {
  if (variant.shows == Shows::kNothing) return {};
  if (variant.lambda) question.lambda = *variant.lambda;
  if (variant.explore) question.explore.share = *variant.explore;
  question.sources_off = variant.sources_off;
  question.rule_set = variant.rules;
  if (variant.shows == Shows::kPopular) return popular(tables, std::nullopt, question);
  add_ruled_items(tables, names, question);
  return recommend(tables, question);
}

const Experiments::value_type* experiment_on(const RecsTables& tables, const Question& question) {
  for (const auto& entry : tables.experiments()) {
    if (entry.second.is_running(question.at) && entry.second.holds_on(question.surface)) return &entry;
  }
  return nullptr;
}

void recommend_interleaved(const Experiment& experiment, const RecsTables& tables, const Names& names,
                           Question& question, const Recommend& recommend, GivenAnswer& given) {
  question.explore = {};
  const auto list_of = [&](const Variant& variant) {
    given.variants.push_back(variant.name);
    return recommend_by(variant, tables, names, question, recommend);
  };
  const std::vector<Recommended> first = list_of(experiment.variants[0]);
  const std::vector<Recommended> second = list_of(experiment.variants[1]);
  given.items = team_draft(first, second, question.n, question.seed);
}

}  // namespace

void recommend_in_experiment(const RecsTables& tables, const Names& names, Question question,
                             const Recommend& recommend, GivenAnswer& given) {
  const NameHash& visitor = given.user.is_none() ? given.session : given.user;
  const bool is_tried = !visitor.is_none() && !question.is_ranking;
  const auto* entry = is_tried ? experiment_on(tables, question) : nullptr;
  given.surface = question.surface;
  if (entry == nullptr) {
    given.items = recommend_by({}, tables, names, std::move(question), recommend);
  } else if (entry->second.kind == ExperimentKind::kInterleave) {
    given.experiment = entry->first;
    recommend_interleaved(entry->second, tables, names, question, recommend, given);
  } else {
    const Variant& variant = entry->second.variants[entry->second.variant_of(entry->first, visitor)];
    given.experiment = entry->first;
    given.variants = {variant.name};
    given.items = recommend_by(variant, tables, names, std::move(question), recommend);
  }
  for (const Recommended& one : given.items) given.hashes.push_back(tables.catalogue().hash_of(one.item).low);
}

}  // namespace doorbuster::recs
