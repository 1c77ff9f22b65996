// The filter expressions of Amazon Personalize ("Filter expression structure and elements" of its developer guide) as
// filters of ours:
//
//   INCLUDE ItemID WHERE Items.GENRE IN ("a", $GENRES) AND Items.PRICE <= CurrentItem.PRICE IF CurrentUser.AGE > 18
//   | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase")
//
//   conditions   Items.FIELD or Interactions.EVENT_TYPE, not both in one expression; IN, NOT IN with texts in quotes;
//                = != < <= > >= with a number; joined by AND, OR. IN ("*") of EVENT_TYPE: whatever was done
//   values       also $NAME, given with the question, and CurrentItem.FIELD, of the item that is asked about
//   IF           conditions on CurrentUser.FIELD, joined by AND: where they do not hold, the expression says nothing
//   |            the next expression, which has to hold as well
//
// What is not given for a $NAME: INCLUDE is refused, of EXCLUDE the condition says nothing. Keywords, names of datasets
// and types of events may be written in any case, and names of fields as in the schema or as in properties.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "recs/machine/event_names.h"
#include "recs/views/filter.h"

namespace doorbuster::recs {

struct PersonalizeQuestion {
  // As they came: texts in quotes with commas between them, or a number.
  std::map<std::string, std::string, std::less<>> values = {};
  std::string_view user = {};  // properties, in JSON; empty if nothing is known of whoever it is for
  const Item* item = nullptr;  // that is asked about
};

// kInvalid: what is wrong, beginning with "column N: ", from 1.
[[nodiscard]] Result<Filter> parse_personalize(std::string_view expression, const PersonalizeQuestion& question,
                                               const EventNames& events);
// Whether it is one, whatever it is asked with.
[[nodiscard]] Result<void> check_personalize(std::string_view expression, const EventNames& events);

}  // namespace doorbuster::recs
