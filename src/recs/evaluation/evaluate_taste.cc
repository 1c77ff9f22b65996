// --task taste: the held-out items of users, looked for among all items that are not in their training.
#include <algorithm>
#include <cmath>

#include "recs/evaluation/evaluation.h"
#include "recs/evaluation/taste_format.h"
#include "recs/models/taste_choice.h"

namespace doorbuster::recs {
namespace {

double to_digits(float value) { return std::round(static_cast<double>(value) * 1e4) / 1e4; }

void write_taste_parameters(JsonWriter& json, const TasteParameters& chosen) {
  json.key("parameters").begin_object();
  if (chosen.ease) {
    json.key("ease").begin_object().member("l2", to_digits(chosen.ease->l2));
    json.member("dropout", to_digits(chosen.ease->dropout)).member("user_power", to_digits(chosen.ease->user_power));
    json.member("column_power", to_digits(chosen.ease->column_power)).end_object();
  }
  json.key("neighbours").begin_object().member("user_power", to_digits(chosen.neighbours.user_power));
  json.member("source_power", to_digits(chosen.neighbours.source_power));
  json.member("target_power", to_digits(chosen.neighbours.target_power));
  json.member("sharpness", to_digits(chosen.neighbours.sharpness)).end_object();
  json.key("ials").begin_object().member("dimensions", chosen.ials.dimensions);
  json.member("iterations", chosen.ials.iterations).member("unobserved", to_digits(chosen.ials.unobserved));
  json.member("l2", to_digits(chosen.ials.l2)).end_object();
  json.end_object();
}

// By line of the test: what the user has in training is given, and not looked for.
std::vector<RecommendationCase> taste_cases(const TasteLists& train, const TasteLists& test, size_t users) {
  std::vector<size_t> lines(users, SIZE_MAX);
  for (size_t line = 0; line < train.users.size(); ++line) lines[train.users[line]] = line;
  std::vector<RecommendationCase> cases;
  for (size_t line = 0; line < test.users.size(); ++line) {
    RecommendationCase one;
    if (const size_t known = lines[test.users[line]]; known != SIZE_MAX) {
      one.given.assign(train.lists[known].begin(), train.lists[known].end());
    }
    std::ranges::copy_if(test.lists[line], std::back_inserter(one.wanted),
                         [&](ItemNumber item) { return std::ranges::find(one.given, item) == one.given.end(); });
    if (!one.wanted.empty()) cases.push_back(std::move(one));
  }
  return cases;
}

}  // namespace

Result<std::string> evaluate_taste(const EvaluationOptions& options) {
  const Stopwatch watch;
  const LinearAlgebra algebra = TRY(LinearAlgebra::load());
  ItemNames users, items;
  const TasteLists train = TRY(read_taste(options.train, users, items));
  const TasteLists test = TRY(read_taste(options.test, users, items));
  const size_t catalogue = train.lists.items();
  const auto cases = taste_cases(train, test, users.size());
  if (cases.empty()) return fail(ErrorCode::kInvalid, "the test holds nothing that its users do not have in training");
  TasteParameters chosen;
  Blend blend;
  {
    const TasteValidation validation = hold_out(train.lists);
    if (validation.cases.empty())
      return fail(ErrorCode::kInvalid, "no user of the training has enough items to validate");
    chosen = choose_taste(validation, algebra, options.threads);
    const std::vector<ScoreSource> fitted = TRY(taste_sources(validation.users, chosen, algebra, options.threads));
    const RunOptions run{.items = catalogue, .threads = options.threads};
    blend = Blend::learn(run_sources(fitted, validation.cases, run).cases, catalogue);
  }
  const double seconds_to_choose = watch.seconds();
  const std::vector<ScoreSource> sources = TRY(taste_sources(train.lists, chosen, algebra, options.threads));
  const std::vector<uint32_t> popularity = train.lists.popularity();
  RunReport report(sources, blend, popularity);
  report.run(cases, {.items = catalogue, .threads = options.threads});
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("task", "taste");
  json.key("data").begin_object().member("users", train.lists.users()).member("items", catalogue);
  json.member("interactions", train.lists.count()).end_object();
  json.member("cases", cases.size());
  write_taste_parameters(json, chosen);
  json.member("seconds_to_choose", std::round(seconds_to_choose * 100) / 100);
  report.write(json, watch.seconds());
  json.end_object();
  return out;
}

}  // namespace doorbuster::recs
