// Decisions of people and bots whom a model can tell apart where the card can not: the bots have accounts and browsers,
// and move a pointer by a program. Made up, with a seed.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/prng.h"
#include "guard/training.h"

namespace doorbuster::guard {

inline Features features_of(bool is_bot, Prng& random) {
  Features features;
  SignalSet signals;
  if (random.chance(3)) signals.add(Signal::kNoAccount);
  features.set(signals);
  features.set(Fact::kAccountAgeDays, static_cast<float>(random.below(is_bot ? 60 : 2'000)));
  features.set(Fact::kPageMoves, static_cast<float>(is_bot ? 40 + random.below(5) : random.below(180)));
  features.set(Fact::kPageFirstMs, static_cast<float>(500 + random.below(5'000)));
  features.set(NetworkClass::kResidential);
  features.set(DeviceClass::kDesktop);
  return features;
}

inline std::vector<Sample> made_up_samples(uint64_t people, uint64_t bots) {
  Prng random(11);
  std::vector<Sample> samples;
  for (uint64_t who = 1; who <= people + bots; ++who) {
    const bool is_bot = who > people;
    for (uint64_t times = 0; times <= random.below(3); ++times)
      samples.push_back({.who = mixed64(who), .is_bot = is_bot, .features = features_of(is_bot, random)});
  }
  return samples;
}

inline constexpr TrainingOptions kQuickTraining{.rounds = 30, .depth = 3};

// A model of those, trained once for all tests.
inline const Training& quick_training() {
  static const Training training = train(made_up_samples(300, 300), usual_scorecard(), kQuickTraining).value();
  return training;
}

// In the tests' folder, until it is gone.
class ModelFile {
 public:
  explicit ModelFile(const std::string& name, const std::string& content = quick_training().model)
      : path_(std::filesystem::path(::testing::TempDir()) / name) {
    std::ofstream(path_) << content;
  }
  ~ModelFile() { std::filesystem::remove(path_); }
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  const std::filesystem::path path_;
};

}  // namespace doorbuster::guard
