#include "guard/xgboost_library.h"

#include <dlfcn.h>

#include <array>
#include <thread>

namespace doorbuster::guard {
namespace {

// Debian's name for it, and everybody else's.
constexpr std::array<const char*, 2> kLibraryNames = {"libxgboost.so.0", "libxgboost.so"};

template <class Function>
bool resolve(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

// "[16:47:59] ./src/learner.cc:1017: Check failed: ...\nStack trace:...": what of it is for an operator.
std::string words_of(std::string_view error) {
  error = error.substr(0, error.find('\n'));
  if (error.starts_with('[')) {
    const size_t place = error.find(": ");
    if (place != std::string_view::npos) error.remove_prefix(place + 2);
  }
  return std::string(error);
}

}  // namespace

Result<XgboostLibrary> XgboostLibrary::load() {
  void* opened = nullptr;
  for (const char* name : kLibraryNames) {
    // It stays once it is there: what it keeps of each thread can't be taken back.
    if (opened == nullptr) opened = ::dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  }
  if (opened == nullptr) {
    return fail(ErrorCode::kUnavailable,
                "models need libxgboost, which is not installed (Debian: apt-get install libxgboost0): " +
                    std::string(::dlerror()));
  }
  XgboostLibrary library;
  const bool is_whole = resolve(opened, "XGBGetLastError", library.last_error) &&
                        resolve(opened, "XGBoostVersion", library.tell_version) &&
                        resolve(opened, "XGDMatrixCreateFromMat_omp", library.matrix_create) &&
                        resolve(opened, "XGDMatrixSetFloatInfo", library.matrix_set_floats) &&
                        resolve(opened, "XGDMatrixFree", library.matrix_free) &&
                        resolve(opened, "XGBoosterCreate", library.booster_create) &&
                        resolve(opened, "XGBoosterFree", library.booster_free) &&
                        resolve(opened, "XGBoosterSetParam", library.booster_set) &&
                        resolve(opened, "XGBoosterSetStrFeatureInfo", library.booster_set_texts) &&
                        resolve(opened, "XGBoosterGetStrFeatureInfo", library.booster_texts) &&
                        resolve(opened, "XGBoosterSaveJsonConfig", library.booster_config) &&
                        resolve(opened, "XGBoosterUpdateOneIter", library.booster_update) &&
                        resolve(opened, "XGBoosterPredictFromDMatrix", library.booster_predict) &&
                        resolve(opened, "XGBoosterPredictFromDense", library.booster_predict_in_place) &&
                        resolve(opened, "XGBoosterFeatureScore", library.booster_feature_score) &&
                        resolve(opened, "XGBoosterLoadModelFromBuffer", library.booster_load) &&
                        resolve(opened, "XGBoosterSaveModelToBuffer", library.booster_save);
  int major = 0, minor = 0, patch = 0;
  if (library.tell_version != nullptr) library.tell_version(&major, &minor, &patch);
  library.version_ = std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  if (is_whole && major == XGBOOST_VER_MAJOR && minor >= XGBOOST_VER_MINOR) return library;
  return fail(ErrorCode::kUnavailable, "libxgboost " + library.version_ + " is installed, and this build needs " +
                                           std::to_string(XGBOOST_VER_MAJOR) + "." + std::to_string(XGBOOST_VER_MINOR) +
                                           " or a later one of that number");
}

Result<void> XgboostLibrary::check(int returned) const {
  if (returned == 0) return {};
  return fail(ErrorCode::kInvalid, "libxgboost says: " + words_of(last_error()));
}

Result<Booster> make_booster(const XgboostLibrary& library, DMatrixHandle training) {
  BoosterHandle handle = nullptr;
  TRY(library.check(library.booster_create(&training, training == nullptr ? 0 : 1, &handle)));
  Booster booster(handle, library.booster_free);
  TRY(library.check(library.booster_set(handle, "nthread", "1")));
  TRY(library.check(library.booster_set(handle, "verbosity", "0")));
  return booster;
}

void on_own_thread(const std::function<void()>& work) {
  std::jthread([&] { work(); }).join();
}

}  // namespace doorbuster::guard
