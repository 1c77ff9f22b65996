#include "recs/training/model_store.h"

#include <gtest/gtest.h>

#include "platform/views/memory_store.h"
#include "recs/training/train_model.h"
#include "recs/training/training_test_helpers.h"

namespace doorbuster::recs {
namespace {

struct Kept {
  explicit Kept(platform::MemoryStore& states)
      : store(&states, [this](const std::string& trouble) { troubles.push_back(trouble); }) {
    store.open();
  }
  std::vector<std::string> troubles;
  ModelStore store;
};

std::vector<std::byte> saved(const LearntModel& model) {
  std::vector<std::byte> bytes;
  ByteWriter out(bytes);
  model.save(out);
  return bytes;
}

LearntModel named(std::string version) {
  LearntModel model;
  model.version = std::move(version);
  model.weights[0] = {0.25F, 1, 2, 0};
  return model;
}

TEST(ModelStore, keeps_a_model_to_the_last_digit) {
  MadeUpVisits visits(1);
  visits.users(800, 8);
  visits.people(1'500);
  const TrainedModel trained = train_model(visits.data(), LearntModel(), {.threads = 2});
  ASSERT_TRUE(trained.model) << trained.reason;
  trained.model->version = "learnt-1";
  platform::MemoryStore states;
  {
    Kept kept(states);
    ASSERT_TRUE(kept.store.save(*trained.model));
    ASSERT_TRUE(kept.store.activate("learnt-1"));
  }
  Kept again(states);
  EXPECT_EQ(again.store.active(), "learnt-1");
  ASSERT_EQ(again.store.kept().size(), 1U);
  EXPECT_EQ(again.store.kept()[0].from.visits, 1'500U);
  const auto loaded = again.store.load("learnt-1");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(saved(*loaded), saved(*trained.model));
  EXPECT_TRUE(again.troubles.empty());
}

TEST(ModelStore, keeps_every_family_of_tastes) {
  MadeUpVisits visits(2);
  visits.users(400, 8);
  Interactions users;
  for (size_t i = 0; i < visits.data().histories.size(); ++i) users.add_user(visits.data().histories[i]);
  const auto algebra = LinearAlgebra::load();
  ASSERT_TRUE(algebra);
  TasteParameters parameters;
  parameters.ease = EaseOptions();
  parameters.ials.dimensions = 8;
  for (const TasteFamily family : {TasteFamily::kNeighbours, TasteFamily::kEase, TasteFamily::kIals}) {
    const auto trained = TasteModel::train(family, users, parameters, *algebra, 1);
    ASSERT_TRUE(trained);
    std::vector<std::byte> bytes;
    ByteWriter out(bytes);
    trained->save(out);
    ByteReader in(bytes);
    const auto loaded = TasteModel::load(in);
    ASSERT_TRUE(loaded && in.finished());
    EXPECT_EQ(loaded->family(), family);
    std::vector<float> scores(users.items()), of_loaded(users.items());
    trained->add_scores(std::vector<ItemNumber>{3, 9}, scores);
    loaded->add_scores(std::vector<ItemNumber>{3, 9}, of_loaded);
    EXPECT_EQ(scores, of_loaded);
    for (size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 50) {
      ByteReader cut(Bytes(bytes).first(length));
      EXPECT_FALSE(TasteModel::load(cut) && cut.finished()) << length;
    }
  }
}

TEST(ModelStore, gives_the_place_of_the_oldest_that_does_not_serve) {
  platform::MemoryStore states;
  Kept kept(states);
  for (int number = 1; number <= 6; ++number) {
    const std::string version = kept.store.next_version();
    EXPECT_EQ(version, "learnt-" + std::to_string(number));
    ASSERT_TRUE(kept.store.save(named(version)));
    if (number == 2) ASSERT_TRUE(kept.store.activate(version));
  }
  Kept again(states);
  std::vector<std::string> versions;
  for (const KeptModel& each : again.store.kept()) versions.push_back(each.version);
  EXPECT_EQ(versions, (std::vector<std::string>{"learnt-6", "learnt-5", "learnt-2"}));
  EXPECT_EQ(again.store.kept()[0].weights[0][2], 2);
  EXPECT_EQ(again.store.next_version(), "learnt-7");
  EXPECT_FALSE(again.store.load("learnt-4"));
}

TEST(ModelStore, tells_of_a_damaged_model_and_goes_on_without_it) {
  platform::MemoryStore states;
  {
    Kept kept(states);
    ASSERT_TRUE(kept.store.save(named("learnt-1")));
    ASSERT_TRUE(kept.store.save(named("learnt-2")));
    ASSERT_TRUE(kept.store.activate("learnt-2"));
  }
  for (auto& [name, parts] : states.states()) {
    if (name == "recs-model-1") parts.back().pop_back();
  }
  Kept kept(states);
  EXPECT_EQ(kept.store.kept().size(), 2U);
  EXPECT_FALSE(kept.store.load("learnt-2"));
  ASSERT_EQ(kept.troubles.size(), 1U);
  EXPECT_NE(kept.troubles[0].find("learnt anew"), std::string::npos);
  EXPECT_EQ(kept.store.kept().size(), 1U);
  EXPECT_TRUE(kept.store.load("learnt-1"));
}

}  // namespace
}  // namespace doorbuster::recs
