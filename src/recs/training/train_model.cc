#include "recs/training/train_model.h"

#include <algorithm>
#include <cmath>

#include "base/prng.h"
#include "recs/models/parallel.h"
#include "recs/models/session_training.h"
#include "recs/training/known_before.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kCasesOfKind = 4'000;
constexpr size_t kVisitsToLearn = 300;      // with fewer the order of a visit stays by hand
constexpr size_t kHistoriesToLearn = 300;   // that have several items: with fewer there is no taste
constexpr size_t kEaseItems = 6'000;        // 144 MB
constexpr size_t kIalsNumbers = 4'000'000;  // 16 MB, which a question reads
constexpr size_t kIalsDimensionsMin = 16;
constexpr size_t kShownToValidate = 20;
constexpr uint32_t kVisitPauseSeconds = 30 * 60;
constexpr size_t kPastTaken = 100, kLatelyTaken = 20;

// What is known of somebody at a time, and what they did next.
struct ValidationCase {
  uint32_t time = 0;
  std::vector<ItemNumber> visit, lately, history, wanted;
};
using CasesByKind = std::array<std::vector<ValidationCase>, kQuestionKinds>;

std::vector<ItemNumber> newest_first(std::span<const ItemNumber> items, size_t most) {
  std::vector<ItemNumber> newest;
  for (size_t i = items.size(); i > 0 && newest.size() < most; --i) {
    if (std::ranges::find(newest, items[i - 1]) == newest.end()) newest.push_back(items[i - 1]);
  }
  return newest;
}

void know(std::span<const ItemNumber> items, ValidationCase& one) {
  one.history = newest_first(items, kPastTaken);
  one.lately.assign(one.history.begin(),
                    one.history.begin() + static_cast<ptrdiff_t>(std::min(one.history.size(), kLatelyTaken)));
  std::ranges::reverse(one.history);
}

// What came without a long pause, as when it is asked (candidates.cc).
std::vector<ItemNumber> last_visit(std::span<const ItemNumber> items, std::span<const uint32_t> times) {
  std::vector<ItemNumber> visit;
  for (size_t i = items.size(); i > 0 && visit.size() < kSessionClicksMax; --i) {
    if (i < items.size() && times[i] - times[i - 1] > kVisitPauseSeconds) break;
    if (visit.empty() || visit.back() != items[i - 1]) visit.push_back(items[i - 1]);
  }
  std::ranges::reverse(visit);
  return visit;
}

// Of all that happened, the last twelfth begins here.
uint32_t validation_begins(const TrainingData& data) {
  if (data.visits.times.size() >= kVisitsToLearn)
    return data.visits.times[std::min(last_part_of(data.visits.times.size()), data.visits.times.size() - 1)];
  std::vector<uint32_t> times = data.times;
  if (times.empty()) return 0;
  const auto place = times.begin() + static_cast<ptrdiff_t>(std::min(last_part_of(times.size()), times.size() - 1));
  std::ranges::nth_element(times, place);
  return *place;
}

std::vector<ValidationCase> visit_cases(const TrainingData& data, uint32_t begins) {
  std::vector<ValidationCase> cases;
  const auto first = std::ranges::lower_bound(data.visits.times, begins) - data.visits.times.begin();
  const SessionRange range{.begin = static_cast<size_t>(first), .end = data.visits.times.size()};
  for (const SessionPrefix& prefix : prefixes_of(data.visits, range, kCasesOfKind)) {
    const std::span<const ItemNumber> clicks = data.visits.sessions[prefix.session];
    ValidationCase one{.time = data.visits.times[prefix.session]};
    one.visit.assign(clicks.begin(), clicks.begin() + prefix.length);
    know(one.visit, one);
    one.wanted = {clicks[prefix.length]};
    cases.push_back(std::move(one));
  }
  return cases;
}

// Those of whom something is known from before, and new items from behind it.
std::vector<ValidationCase> history_cases(const TrainingData& data, uint32_t begins) {
  std::vector<ValidationCase> cases;
  for (size_t history = 0; history < data.histories.size(); ++history) {
    const std::span<const ItemNumber> items = data.histories[history];
    const auto* times = data.times.data() + data.histories.begins[history];
    const auto before = static_cast<size_t>(std::lower_bound(times, times + items.size(), begins) - times);
    if (before == 0 || before == items.size()) continue;
    ValidationCase one{.time = times[before]};
    const auto known = items.first(before);
    know(known, one);
    one.visit = last_visit(known, std::span(times, before));
    for (const ItemNumber item : items.subspan(before)) {
      if (std::ranges::find(known, item) == known.end() && std::ranges::find(one.wanted, item) == one.wanted.end())
        one.wanted.push_back(item);
    }
    if (!one.wanted.empty()) cases.push_back(std::move(one));
  }
  std::ranges::stable_sort(cases, {}, &ValidationCase::time);
  std::vector<ValidationCase> some;
  const size_t step = cases.size() / kCasesOfKind + 1;
  for (size_t i = 0; i < cases.size(); i += step) some.push_back(std::move(cases[i]));
  return some;
}

// What each source of a model offers for each case.
std::vector<Blend::Case> ask(const KnownBefore& known, const LearntModel& model, std::span<const ValidationCase> cases,
                             const TrainingOptions& options) {
  constexpr size_t kAtOnce = 128;
  std::vector<Blend::Case> asked(cases.size());
  const KnownEvents events = known.events();
  in_parallel((cases.size() + kAtOnce - 1) / kAtOnce, options.threads, [&](size_t part) {
    BlendSources sources;
    for (size_t i = part * kAtOnce; i < std::min(cases.size(), (part + 1) * kAtOnce); ++i) {
      if (options.stop.stop_requested()) return;
      const ValidationCase& one = cases[i];
      const BlendQuestion question{.visit = one.visit, .lately = one.lately, .history = one.history};
      asked[i].wanted = one.wanted;
      for (size_t source = 0; source < kBlendSources; ++source) {
        Candidates& offered = asked[i].by_source.emplace_back();
        const auto accept = [](ItemNumber) { return true; };
        for (const Offer& each : sources.offers(static_cast<BlendSource>(source), events, model, question, accept))
          offered.push_back({each.item, each.score});
      }
    }
  });
  return asked;
}

Blend blend_of(const BlendWeights& weights) { return Blend({weights.begin(), weights.end()}); }

struct CaseResult {
  double hit = 0, reciprocal_rank = 0;
};

// By case, what the blend shows among the first 20.
std::vector<CaseResult> results_of(std::span<const Blend::Case> cases, const BlendWeights& weights) {
  std::vector<CaseResult> results;
  const Blend blend = blend_of(weights);
  for (const Blend::Case& one : cases) {
    CaseResult& result = results.emplace_back();
    if (one.by_source.empty()) continue;
    const Candidates shown = blend.combine(one.by_source, kShownToValidate);
    const auto found = std::ranges::find_if(
        shown, [&](const ScoredItem& item) { return std::ranges::find(one.wanted, item.item) != one.wanted.end(); });
    if (found == shown.end()) continue;
    result = {.hit = 1, .reciprocal_rank = 1 / static_cast<double>(1 + (found - shown.begin()))};
  }
  return results;
}

BlendFigures figures_of(std::span<const CaseResult> results) {
  BlendFigures figures{.cases = results.size()};
  for (const CaseResult& result : results) {
    figures.hit_rate += result.hit;
    figures.mrr += result.reciprocal_rank;
  }
  const auto count = static_cast<double>(std::max<size_t>(results.size(), 1));
  figures.hit_rate /= count;
  figures.mrr /= count;
  return figures;
}

// Of the mean difference of what is compared.
double standard_error(std::span<const CaseResult> a, std::span<const CaseResult> b) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = a[i].hit - b[i].hit + 2 * (a[i].reciprocal_rank - b[i].reciprocal_rank);
    sum += difference;
    squares += difference * difference;
  }
  const auto count = static_cast<double>(std::max<size_t>(a.size(), 1));
  return std::sqrt(std::max(0.0, squares / count - (sum / count) * (sum / count)) / count);
}

BlendWeights learnt_weights(std::span<const Blend::Case> cases, size_t items) {
  const Blend learnt = Blend::learn(cases, items);
  BlendWeights weights{};
  std::ranges::copy(learnt.weights(), weights.begin());
  return weights;
}

// By chance, so that it has nothing to do with which click of a visit it is.
bool is_compared(size_t index) { return mixed64(index) % 2 == 1; }

class ModelTrainer {
 public:
  ModelTrainer(const TrainingData& data, const LearntModel& in_service, const TrainingOptions& options)
      : data_(data),
        in_service_(in_service),
        options_(options),
        begins_(validation_begins(data)),
        trial_(in_service),
        final_(std::make_shared<LearntModel>(in_service)) {}

  TrainedModel run() {
    cases_ = {visit_cases(data_, begins_), history_cases(data_, begins_)};
    if (!has_enough()) return std::move(result_);
    learn_visits();
    learn_tastes();
    if (is_stopped()) return stopped();
    const KnownBefore known(data_, begins_, options_.stop);
    for (size_t kind = 0; kind < kQuestionKinds && !is_stopped(); ++kind) weigh(known, kind);
    if (is_stopped()) return stopped();
    describe();
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool is_stopped() const { return options_.stop.stop_requested(); }
  [[nodiscard]] static TrainedModel stopped() {
    return {.outcome = TrainingOutcome::kStopped, .reason = "the server was stopped"};
  }
  [[nodiscard]] bool is_unseen(const ValidationCase& one) const {
    return !in_service_.is_trained() || one.time > in_service_.from.until;
  }
  [[nodiscard]] size_t unseen(size_t kind) const {
    return static_cast<size_t>(std::ranges::count_if(cases_[kind], [&](const auto& one) { return is_unseen(one); }));
  }

  // To weigh and to compare: half of them each.
  bool has_enough() {
    const size_t most = std::max(unseen(0), unseen(1));
    if (most >= 2 * kGuardCasesMin) return true;
    result_.outcome = TrainingOutcome::kTooLittle;
    result_.reason = "in the last part there are " + std::to_string(most) +
                     " things that somebody did next and that the model in service has not learnt from; " +
                     std::to_string(2 * kGuardCasesMin) + " are needed to compare";
    return false;
  }

  void learn_visits() {
    if (data_.visits.times.size() < kVisitsToLearn) return;
    TrainedSessions trained = train_sessions(
        data_.visits,
        {.items = data_.items, .budget_us = options_.budget_us, .threads = options_.threads, .stop = options_.stop});
    trial_.session = std::move(trained.trial);
    final_->session = std::move(trained.model);
    final_->from.session_variant = trained.tried[trained.chosen].variant.name;
  }

  // The family and its parameters are chosen on histories before the validation, the model is learnt from all.
  void learn_tastes() {
    const auto algebra = LinearAlgebra::load();
    if (!algebra || is_stopped()) return;
    const Interactions histories = histories_before(data_, begins_);
    const TasteValidation validation = hold_out(histories);
    if (validation.cases.size() < kHistoriesToLearn) return;
    TasteParameters parameters = choose_taste(validation, *algebra, options_.threads, kEaseItems, options_.stop);
    parameters.ials.dimensions = std::min(parameters.ials.dimensions, kIalsNumbers / std::max<size_t>(data_.items, 1));
    if (parameters.ials.dimensions < kIalsDimensionsMin) parameters.ials.dimensions = 0;
    if (is_stopped()) return;
    const TasteFamily family = choose_family(validation, parameters, *algebra, options_.threads);
    auto trial = TasteModel::train(family, histories, parameters, *algebra, options_.threads);
    if (!trial || is_stopped()) return;
    auto model = TasteModel::train(family, histories_before(data_, UINT32_MAX), parameters, *algebra, options_.threads);
    if (!model) return;
    trial_.taste = *std::move(trial);
    final_->taste = *std::move(model);
  }

  // A kind of question of which too little is known keeps its weights, and is not compared.
  void weigh(const KnownBefore& known, size_t kind) {
    if (cases_[kind].size() < 2 * kGuardCasesMin) return;
    const std::vector<Blend::Case> asked = ask(known, trial_, cases_[kind], options_);
    if (is_stopped()) return;
    final_->weights[kind] = learnt_weights(asked, data_.items);
    std::vector<ValidationCase> compared;
    std::vector<Blend::Case> answered, weighed;
    for (size_t i = 0; i < asked.size(); ++i) {
      if (!is_compared(i)) {
        weighed.push_back(asked[i]);
      } else if (is_unseen(cases_[kind][i])) {
        compared.push_back(cases_[kind][i]);
        answered.push_back(asked[i]);
      }
    }
    const BlendWeights weights = learnt_weights(weighed, data_.items);
    const std::vector<CaseResult> results = results_of(answered, weights);
    result_.figures[kind] = figures_of(results);
    const auto old_results = results_of(ask(known, in_service_, compared, options_), in_service_.weights[kind]);
    result_.figures_in_service[kind] = figures_of(old_results);
    if (compared.size() < kGuardCasesMin / 2) return;
    compare(kind, standard_error(results, old_results));
  }

  void compare(size_t kind, double error) {
    const double value = result_.figures[kind].value(), old = result_.figures_in_service[kind].value();
    is_worse_ = is_worse_ || value < old * (1 - kGuardMargin) - error;
    if (!is_worse_ || !result_.reason.empty()) return;
    const auto percent = [](double share) {
      const int64_t thousandths = std::llround(share * 1'000);
      return std::to_string(thousandths / 10) + "." + std::to_string(thousandths % 10);
    };
    result_.reason = "it is worse than " + in_service_.version + " for a " + std::string(kQuestionKindNames[kind]) +
                     ": of what came next it finds " + percent(result_.figures[kind].hit_rate) + " % among 20, and " +
                     in_service_.version + " " + percent(result_.figures_in_service[kind].hit_rate) + " %";
  }

  void describe() {
    LearntFrom& from = final_->from;
    from.visits = data_.visits.times.size();
    from.clicks = data_.visits.sessions.items.size();
    from.histories = data_.histories.size();
    from.touches = data_.times.size();
    from.until = data_.until();
    from.figures = result_.figures;
    result_.model = std::move(final_);
    result_.outcome = is_worse_ ? TrainingOutcome::kWorse : TrainingOutcome::kBetter;
  }

  const TrainingData& data_;
  const LearntModel& in_service_;
  const TrainingOptions& options_;
  const uint32_t begins_;
  CasesByKind cases_;
  // What can't be learnt from the data stays as it is in service.
  LearntModel trial_;
  std::shared_ptr<LearntModel> final_;
  TrainedModel result_;
  bool is_worse_ = false;
};

}  // namespace

uint32_t TrainingData::until() const {
  uint32_t newest = visits.times.empty() ? 0 : visits.times.back();
  for (const uint32_t time : times) newest = std::max(newest, time);
  return newest;
}

TrainedModel train_model(const TrainingData& data, const LearntModel& in_service, const TrainingOptions& options) {
  return ModelTrainer(data, in_service, options).run();
}

}  // namespace doorbuster::recs
