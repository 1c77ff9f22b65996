#include "recs/training/model_store.h"

#include <algorithm>
#include <charconv>

namespace doorbuster::recs {
namespace {

constexpr std::string_view kIndexName = "recs-models";
constexpr uint32_t kIndexFormat = 1, kHeadFormat = 1;
constexpr size_t kModelPartBytes = size_t{4} << 20;
static_assert(kModelPartBytes <= platform::kStatePartBytesMax);

std::string slot_name(size_t slot) { return "recs-model-" + std::to_string(slot); }

// 0 for what is no version of a model that was learnt.
uint64_t number_of(std::string_view version) {
  constexpr std::string_view kBegin = "learnt-";
  uint64_t number = 0;
  if (!version.starts_with(kBegin)) return 0;
  const std::string_view digits = version.substr(kBegin.size());
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? number : 0;
}

std::vector<std::byte> head_of(const KeptModel& kept) {
  std::vector<std::byte> head;
  ByteWriter out(head);
  out.integer(kHeadFormat);
  out.text(kept.version);
  save_from(out, kept.from);
  out.integer(static_cast<uint8_t>(kept.taste));
  for (const BlendWeights& of_kind : kept.weights)
    for (const float weight : of_kind) out.integer(std::bit_cast<uint32_t>(weight));
  out.integer(kept.bytes);
  return head;
}

Result<KeptModel> read_head_of(Bytes head) {
  ByteReader in(head);
  KeptModel kept;
  if (in.integer<uint32_t>() != kHeadFormat) return fail(ErrorCode::kCorrupt, "it is of another release");
  kept.version = in.text();
  kept.from = load_from(in);
  const auto taste = in.integer<uint8_t>();
  kept.taste = static_cast<TasteFamily>(taste);
  for (BlendWeights& of_kind : kept.weights)
    for (float& weight : of_kind) weight = std::bit_cast<float>(in.integer<uint32_t>());
  kept.bytes = in.integer<uint64_t>();
  if (!in.finished() || taste >= kTasteFamilyNames.size() || number_of(kept.version) == 0)
    return fail(ErrorCode::kCorrupt, "its head can't be read");
  return kept;
}

}  // namespace

KeptModel KeptModel::of(const LearntModel& model) {
  return {.version = model.version,
          .from = model.from,
          .taste = model.taste.family(),
          .weights = model.weights,
          .bytes = model.bytes()};
}

ModelStore::ModelStore(platform::StateStore* store, OnTrouble on_trouble)
    : store_(store), on_trouble_(std::move(on_trouble)) {}

void ModelStore::set_aside(const std::string& name, const Error& error) {
  on_trouble_("a model of recommendations can't be used, and is learnt anew: " + error.message + "; it is kept as " +
              store_->set_aside(name));
}

void ModelStore::open() {
  if (store_ == nullptr) return;
  for (size_t slot = 0; slot < kModelsKept; ++slot) read_head(slot);
  std::ranges::sort(kept_, std::ranges::greater(), [](const KeptModel& kept) { return number_of(kept.version); });
  read_index();
  for (const KeptModel& kept : kept_) next_ = std::max(next_, number_of(kept.version) + 1);
}

void ModelStore::read_head(size_t slot) {
  const auto read = [&]() -> Result<void> {
    const auto reader = TRY(store_->read(slot_name(slot)));
    if (reader == nullptr) return {};
    std::vector<std::byte> head;
    if (!TRY(reader->next(head))) return fail(ErrorCode::kCorrupt, "there is nothing in it");
    KeptModel kept = TRY(read_head_of(head));
    versions_[slot] = kept.version;
    kept_.push_back(std::move(kept));
    return {};
  };
  if (const auto done = read(); !done) set_aside(slot_name(slot), done.error());
}

void ModelStore::read_index() {
  const auto read = [&]() -> Result<void> {
    const auto reader = TRY(store_->read(kIndexName));
    if (reader == nullptr) return {};
    std::vector<std::byte> part;
    if (!TRY(reader->next(part))) return fail(ErrorCode::kCorrupt, "there is nothing in it");
    ByteReader in(part);
    const auto format = in.integer<uint32_t>();
    const auto next = in.integer<uint64_t>();
    const std::string_view active = in.text();
    if (format != kIndexFormat || !in.finished()) return fail(ErrorCode::kCorrupt, "the list of models can't be read");
    next_ = next;
    active_ = active;
    return {};
  };
  if (const auto done = read(); !done) set_aside(std::string(kIndexName), done.error());
}

Result<void> ModelStore::write_index() {
  if (store_ == nullptr) return {};
  std::vector<std::byte> part;
  ByteWriter out(part);
  out.integer(kIndexFormat);
  out.integer(next_);
  out.text(active_);
  const auto writer = TRY(store_->write(kIndexName));
  TRY(writer->add(part));
  return writer->commit();
}

Result<void> ModelStore::save(const LearntModel& model) {
  next_ = std::max(next_, number_of(model.version) + 1);
  if (store_ == nullptr) return {};
  size_t slot = 0;
  for (size_t other = 0; other < kModelsKept; ++other) {
    const bool is_older = number_of(versions_[other]) < number_of(versions_[slot]);
    if (versions_[slot] == active_ || (versions_[other] != active_ && is_older)) slot = other;
  }
  std::vector<std::byte> bytes;
  ByteWriter out(bytes);
  model.save(out);
  const auto writer = TRY(store_->write(slot_name(slot)));
  TRY(writer->add(head_of(KeptModel::of(model))));
  for (Bytes left = bytes; !left.empty();) {
    const Bytes part = left.first(std::min(left.size(), kModelPartBytes));
    TRY(writer->add(part));
    left = left.subspan(part.size());
  }
  TRY(writer->commit());
  std::erase_if(kept_, [&](const KeptModel& kept) { return kept.version == versions_[slot]; });
  versions_[slot] = model.version;
  kept_.insert(kept_.begin(), KeptModel::of(model));
  return {};
}

Result<LearntModel> ModelStore::load(std::string_view version) {
  const auto slot = static_cast<size_t>(std::ranges::find(versions_, version) - versions_.begin());
  if (store_ == nullptr || slot == kModelsKept) return fail(ErrorCode::kNotFound, "no model of this version is kept");
  const auto read = [&]() -> Result<LearntModel> {
    const auto reader = TRY(store_->read(slot_name(slot)));
    if (reader == nullptr) return fail(ErrorCode::kNotFound, "its file is gone");
    std::vector<std::byte> part, bytes;
    for (bool is_head = true; TRY(reader->next(part)); is_head = false) {
      if (!is_head) bytes.insert(bytes.end(), part.begin(), part.end());
    }
    ByteReader in(bytes);
    return LearntModel::load(in);
  };
  auto loaded = read();
  if (loaded) return loaded;
  set_aside(slot_name(slot), loaded.error());
  std::erase_if(kept_, [&](const KeptModel& kept) { return kept.version == versions_[slot]; });
  versions_[slot].clear();
  return loaded;
}

Result<void> ModelStore::activate(std::string_view version) {
  active_ = version;
  return write_index();
}

}  // namespace doorbuster::recs
