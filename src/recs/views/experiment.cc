#include "recs/views/experiment.h"

#include <algorithm>

#include "base/json.h"
#include "base/prng.h"
#include "recs/views/source.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kSurfacesOfExperimentMax = 32;
constexpr double kShareMax = 1e6;
constexpr double kShareMin = 1e-6;
constexpr StringRule kVariantName{.min_bytes = 1, .max_bytes = kNameBytesMax, .needs = "1 to 128 bytes"};
// Without these there would not always be as many items as were asked for.
constexpr std::array kAlwaysOn = {Source::kPopular, Source::kNewest, Source::kAsGiven, Source::kPinned,
                                  Source::kPromoted};

void read_source_off(const JsonValue& value, Variant& variant) {
  const auto source = value.one_of(kSourceNames, Source::kAlsoBought);
  if (std::ranges::find(kAlwaysOn, source) != kAlwaysOn.end())
    value.refuse("popular, newest, as-given, pinned and promoted stay on");
  variant.sources_off |= 1U << static_cast<uint32_t>(source);
}

Variant read_variant(const JsonObject& object, ExperimentKind kind, bool is_first) {
  Variant variant;
  variant.name = object.required("name").string(kVariantName);
  variant.share = object.optional("share").number({.min = kShareMin, .max = kShareMax}, 1);
  const JsonValue lambda = object.optional("lambda");
  if (lambda.present()) variant.lambda = lambda.number({.min = 0, .max = 1}, 1);
  const JsonValue explore = object.optional("explore");
  if (explore.present()) variant.explore = explore.number({.min = 0, .max = 1});
  if (explore.present() && kind == ExperimentKind::kInterleave) explore.refuse("an interleaving draws nothing");
  object.optional("sources_off").array(kSurfacesOfExperimentMax).each([&](const JsonValue& source) {
    read_source_off(source, variant);
  });
  const JsonValue rules = object.optional("rules");
  if (rules.present()) variant.rules = rules.string(kVariantName);
  const JsonValue shows = object.optional("shows");
  if (!shows.present()) return variant;
  variant.shows = shows.one_of(kShowsNames, Shows::kRecommendations);
  if (kind != ExperimentKind::kHoldout || is_first) shows.refuse("only the second variant of a holdout shows less");
  return variant;
}

void check_variants(const JsonValue& value, Experiment& experiment) {
  const size_t count = experiment.variants.size();
  if (count < 2) value.refuse("there are 2 variants at least");
  if (experiment.kind != ExperimentKind::kAb && count != 2) value.refuse("of this kind there are 2 variants");
  double all = 0;
  for (const Variant& variant : experiment.variants) all += variant.share;
  for (size_t index = 0; index < count; ++index) {
    experiment.variants[index].share /= all;
    if (experiment.find(experiment.variants[index].name) != index) value.refuse("two variants have one name");
  }
  const bool is_holdout = experiment.kind == ExperimentKind::kHoldout;
  if (is_holdout && count == 2 && experiment.variants[1].shows == Shows::kRecommendations)
    value.refuse("the second variant of a holdout says what it shows: popular or nothing");
}

}  // namespace

bool Experiment::holds_on(std::string_view surface) const {
  return surfaces.empty() || std::ranges::find(surfaces, surface) != surfaces.end();
}

ExperimentState Experiment::state(Timestamp now) const {
  if (ends_at && now >= *ends_at) return ExperimentState::kEnded;
  return starts_at && now < *starts_at ? ExperimentState::kPlanned : ExperimentState::kRunning;
}

std::optional<size_t> Experiment::find(std::string_view variant) const {
  const auto found = std::ranges::find(variants, variant, &Variant::name);
  return found == variants.end() ? std::nullopt : std::optional(static_cast<size_t>(found - variants.begin()));
}

// The visitor's hash is keyed; the experiment's name spreads it anew.
size_t Experiment::variant_of(std::string_view name, const NameHash& visitor) const {
  uint64_t mixed = visitor.low;
  for (const char c : name) mixed = mixed64(mixed ^ static_cast<unsigned char>(c)) + visitor.high;
  double place = static_cast<double>(mixed64(mixed) >> 11) * 0x1p-53;
  for (size_t index = 0; index + 1 < variants.size(); ++index) {
    if (place < variants[index].share) return index;
    place -= variants[index].share;
  }
  return variants.size() - 1;
}

Result<Experiment> parse_experiment(std::string_view json) {
  JsonDocument document(json);
  const JsonObject object = document.root();
  Experiment experiment;
  const JsonValue kind = object.required("kind", "ab, interleave or holdout");
  experiment.kind = kind.one_of(kExperimentKindNames, ExperimentKind::kAb);
  object.optional("surfaces").array(kSurfacesOfExperimentMax).each([&](const JsonValue& surface) {
    experiment.surfaces.emplace_back(surface.string(kVariantName));
  });
  const JsonValue metric = object.optional("metric");
  experiment.metric = metric.one_of(kMetricNames, Metric::kClicks);
  if (metric.present() && (experiment.kind != ExperimentKind::kAb || experiment.metric == Metric::kPreferences))
    metric.refuse("clicks or purchases, of an experiment of kind ab");
  if (experiment.kind == ExperimentKind::kInterleave) experiment.metric = Metric::kPreferences;
  if (experiment.kind == ExperimentKind::kHoldout) experiment.metric = Metric::kPurchases;
  const JsonValue starts = object.optional("starts_at");
  if (starts.present()) experiment.starts_at = starts.time();
  const JsonValue ends = object.optional("ends_at");
  if (ends.present()) experiment.ends_at = ends.time();
  const JsonValue variants = object.required("variants", "2 to 8, each with a name");
  variants.array(kVariantsMax).each([&](const JsonValue& variant) {
    experiment.variants.push_back(read_variant(variant.object(), experiment.kind, experiment.variants.empty()));
  });
  check_variants(variants, experiment);
  TRY(document.finish());
  return experiment;
}

}  // namespace doorbuster::recs
