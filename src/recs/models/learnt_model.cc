#include "recs/models/learnt_model.h"

#include "recs/models/model_bytes.h"

namespace doorbuster::recs {
namespace {

constexpr uint32_t kModelFormat = 1;

void save_double(ByteWriter& out, double number) { out.integer(std::bit_cast<uint64_t>(number)); }
double load_double(ByteReader& in) { return std::bit_cast<double>(in.integer<uint64_t>()); }

// In the order of the members.
template <class Number>
void each_number(SessionModelOptions& options, Number&& number) {
  SessionWalkOptions& walk = options.walk;
  for (uint32_t* count : {&walk.items, &walk.sessions_of_last, &walk.sessions_of_earlier, &walk.neighbours, &walk.hops,
                          &walk.sessions_of_hop})
    number(*count);
  for (float* decay : {&walk.next_decay, &walk.earlier_decay, &walk.neighbour_decay, &walk.recency}) number(*decay);
  for (float& prior : options.prior) number(prior);
  number(options.ranked);
}

void save_session(ByteWriter& out, const SessionModel& model) {
  SessionModelOptions options = model.options;
  each_number(options, [&](auto& number) { out.integer(std::bit_cast<uint32_t>(number)); });
  out.integer(static_cast<uint8_t>((model.embeddings ? 1 : 0) + (model.network ? 2 : 0)));
  if (model.embeddings) model.embeddings->save(out);
  if (model.network) model.network->save(out);
}

// A walk of more than that was not made by this program.
constexpr uint32_t kWalkMax = 100'000;

bool load_session(ByteReader& in, SessionModel& model) {
  bool is_sane = true;
  each_number(model.options, [&]<class Number>(Number& number) {
    number = std::bit_cast<Number>(in.integer<uint32_t>());
    if constexpr (std::is_integral_v<Number>) is_sane = is_sane && number > 0 && number <= kWalkMax;
  });
  const auto parts = in.integer<uint8_t>();
  if ((parts & 1) != 0) model.embeddings = std::make_shared<const ItemEmbeddings>(ItemEmbeddings::load(in));
  if ((parts & 2) == 0) return in.ok() && is_sane;
  model.network.emplace(kSessionFeatures, 0);
  return model.network->load(in) && in.ok() && is_sane;
}

}  // namespace

void save_from(ByteWriter& out, const LearntFrom& from) {
  for (const uint64_t count : {from.visits, from.clicks, from.histories, from.touches}) out.integer(count);
  out.integer(from.until);
  out.integer(from.trained_at.micros());
  save_double(out, from.seconds);
  out.text(from.session_variant);
  for (const BlendFigures& figures : from.figures) {
    out.integer(figures.cases);
    save_double(out, figures.hit_rate);
    save_double(out, figures.mrr);
  }
}

LearntFrom load_from(ByteReader& in) {
  LearntFrom from;
  for (uint64_t* count : {&from.visits, &from.clicks, &from.histories, &from.touches}) *count = in.integer<uint64_t>();
  from.until = in.integer<uint32_t>();
  from.trained_at = Timestamp::from_micros(in.integer<int64_t>());
  from.seconds = load_double(in);
  from.session_variant = in.text();
  for (BlendFigures& figures : from.figures) {
    figures.cases = in.integer<uint64_t>();
    figures.hit_rate = load_double(in);
    figures.mrr = load_double(in);
  }
  return from;
}

size_t LearntModel::bytes() const {
  const size_t embeddings = session.embeddings ? session.embeddings->bytes() : 0;
  const size_t network = session.network ? session.network->parameters() * sizeof(float) : 0;
  return sizeof *this + embeddings + network + taste.bytes();
}

void LearntModel::save(ByteWriter& out) const {
  out.integer(kModelFormat);
  out.integer(static_cast<uint32_t>(kSessionFeatures));
  out.text(version);
  save_from(out, from);
  for (const BlendWeights& of_kind : weights)
    for (const float weight : of_kind) write_number(out, weight);
  save_session(out, session);
  taste.save(out);
}

Result<LearntModel> LearntModel::load(ByteReader& in) {
  const auto format = in.integer<uint32_t>();
  if (!in.ok() || format != kModelFormat || in.integer<uint32_t>() != kSessionFeatures)
    return fail(ErrorCode::kCorrupt, "it is of another release");
  LearntModel model;
  model.version = in.text();
  model.from = load_from(in);
  for (BlendWeights& of_kind : model.weights)
    for (float& weight : of_kind) weight = read_number(in);
  if (!load_session(in, model.session)) return fail(ErrorCode::kCorrupt, "its ranking can't be read");
  auto taste = TasteModel::load(in);
  if (!taste) return fail(ErrorCode::kCorrupt, "its tastes can't be read (is OpenBLAS on this machine?)");
  model.taste = *std::move(taste);
  if (!in.finished()) return fail(ErrorCode::kCorrupt, "there is more of it than was written");
  return model;
}

}  // namespace doorbuster::recs
