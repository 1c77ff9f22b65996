// What Amazon Personalize calls events, items and users, as ours: docs/recs/compatibility.md says of each member what
// becomes of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recs/api/names.h"
#include "recs/machine/event_names.h"
#include "recs/machine/recs_machine.h"

namespace doorbuster::recs {

// The name behind the last '/' of an ARN; nothing if it is none, or too long.
[[nodiscard]] std::optional<std::string> name_in_arn(std::string_view arn);

// kInvalid: what is wrong; then nothing is recorded. Events without an item and without an impression are passed over.
[[nodiscard]] Result<std::vector<EventRow>> read_put_events(std::string_view body, const Names& names,
                                                            const EventNames& events);
[[nodiscard]] Result<std::vector<ItemContent>> read_put_items(std::string_view body, const Names& names);
[[nodiscard]] Result<std::vector<UserContent>> read_put_users(std::string_view body, const Names& names);

// A question of GetRecommendations or GetPersonalizedRanking, as it came.
struct PersonalizeRequest {
  std::string surface = {};              // of campaignArn or recommenderArn
  std::optional<std::string> item = {};  // itemId
  std::optional<std::string> user = {};
  size_t n = 0;
  std::optional<std::string> filter = {};  // of filterArn
  std::map<std::string, std::string, std::less<>> values = {};
  std::vector<std::string> columns = {};  // metadataColumns.ITEMS
  std::vector<std::string> ranked = {};   // inputList
};
[[nodiscard]] Result<PersonalizeRequest> read_get_recommendations(std::string_view body);
[[nodiscard]] Result<PersonalizeRequest> read_get_ranking(std::string_view body);

}  // namespace doorbuster::recs
