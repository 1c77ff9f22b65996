// Models that were learnt: which there are, how they did, and which one serves.
#include <cmath>

#include "base/json.h"
#include "platform/api/problems.h"
#include "recs/api/recs_calls.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

double rounded(double number) { return std::round(number * 1e4) / 1e4; }

// By kind of question; of a kind that was not compared, null.
void write_figures(JsonWriter& json, std::string_view name, const FiguresByKind& figures) {
  json.dynamic_key(name).begin_object();
  for (size_t kind = 0; kind < kQuestionKinds; ++kind) {
    json.dynamic_key(kQuestionKindNames[kind]).begin_object().member("cases", figures[kind].cases);
    json.member("hit_rate_at_20", rounded(figures[kind].hit_rate)).member("mrr_at_20", rounded(figures[kind].mrr));
    json.end_object();
  }
  json.end_object();
}

void write_weights(JsonWriter& json, const std::array<BlendWeights, kQuestionKinds>& weights) {
  json.key("weights").begin_object();
  for (size_t kind = 0; kind < kQuestionKinds; ++kind) {
    json.dynamic_key(kQuestionKindNames[kind]).begin_object();
    for (size_t source = 0; source < kBlendSources; ++source)
      json.dynamic_key(kBlendSourceNames[source]).value(rounded(static_cast<double>(weights[kind][source])));
    json.end_object();
  }
  json.end_object();
}

void write_kept(JsonWriter& json, const KeptModel& kept, std::string_view in_service) {
  const LearntFrom& from = kept.from;
  json.begin_object().member("version", kept.version).member("in_service", kept.version == in_service);
  json.member("trained_at", from.trained_at).member("seconds", rounded(from.seconds)).member("bytes", kept.bytes);
  json.key("learnt_from").begin_object().member("visits", from.visits).member("clicks", from.clicks);
  json.member("histories", from.histories).member("interactions", from.touches);
  json.member("until", Timestamp::from_micros(int64_t{from.until} * 1'000'000)).end_object();
  json.member("session_model", from.session_variant.empty() ? "by hand" : std::string_view(from.session_variant));
  json.member("taste_model", kTasteFamilyNames[static_cast<size_t>(kept.taste)]);
  write_weights(json, kept.weights);
  write_figures(json, "validation", from.figures);
  json.end_object();
}

void write_attempt(JsonWriter& json, const TrainingAttempt& attempt) {
  json.begin_object().member("at", attempt.at);
  json.member("outcome", kAttemptOutcomeNames[static_cast<size_t>(attempt.outcome)]);
  json.member("version", attempt.version.empty() ? std::optional<std::string>() : std::optional(attempt.version));
  json.member("reason", attempt.reason.empty() ? std::optional<std::string>() : std::optional(attempt.reason));
  json.member("seconds", rounded(attempt.seconds));
  write_figures(json, "validation", attempt.figures);
  write_figures(json, "validation_in_service", attempt.figures_in_service);
  json.end_object();
}

void respond_accepted(net::Exchange& exchange, std::string_view what) {
  std::string& body = exchange.scratch();
  JsonWriter(body).begin_object().member("accepted", what).end_object();
  platform::respond_json(exchange, net::Status::kAccepted, body);
}

}  // namespace

void list_models(const Call& call, RecsCallers& callers, const Trainer& trainer) {
  if (!callers.operator_of(call)) return;
  const ModelsReport report = trainer.report();
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("in_service", report.in_service).member("is_training", report.is_training);
  json.key("models").begin_array();
  for (const KeptModel& kept : report.kept) write_kept(json, kept, report.in_service);
  json.end_array().key("trainings").begin_array();
  for (const TrainingAttempt& attempt : report.attempts) write_attempt(json, attempt);
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void train_models(const Call& call, RecsCallers& callers, Trainer& trainer) {
  if (!callers.operator_of(call)) return;
  trainer.train_soon();
  respond_accepted(call.exchange, "train");
}

void activate_model(const Call& call, RecsCallers& callers, Trainer& trainer) {
  if (!callers.operator_of(call)) return;
  const auto version = name_in_path(call, 0);
  if (!version) return;
  if (trainer.activate(*version)) return respond_accepted(call.exchange, "activate");
  platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "model-not-found",
                            "No such model", "GET /api/v1/recs/models names those that are kept.");
}

}  // namespace doorbuster::recs
