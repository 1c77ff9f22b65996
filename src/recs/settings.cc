#include "recs/settings.h"

#include "recs/machine/event_names.h"
#include "recs/views/own_kinds.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs {

void add_settings(ops::SettingsTable& table, RecsSettings& settings) {
  Capacity& capacity = settings.capacity;
  constexpr int64_t kVisitorsLeast = RecsMachine::kVisitorsMin;
  table.integer("recs.items", capacity.items, {.min = 1, .max = 100'000'000},
                "How many items there may be. An event of one more is refused.");
  table.integer("recs.users", capacity.users, {.min = kVisitorsLeast, .max = 1'000'000'000},
                "How many users are known at once. Who was seen least recently makes room for others, and nothing is "
                "kept of them.");
  table.integer("recs.sessions", capacity.sessions, {.min = kVisitorsLeast, .max = 1'000'000'000},
                "The same of sessions, which are anonymous.");
  table.integer("recs.event_ids", capacity.event_ids, {.min = 1'000, .max = 100'000'000},
                "How many ids of the newest events are remembered: an event whose id is among them came before, and "
                "does not count again.");
  table.integer("recs.history", settings.history, {.min = 5, .max = RecsTables::kHistoryMax},
                "How many of the newest interactions of each user and session are kept. Nothing else is counted.");
  table.integer("recs.answers", settings.answers, {.min = 100, .max = 10'000'000},
                "How many of the newest answers are known: what is seen and clicked of them counts where it was shown, "
                "and they can be explained. About a kibibyte each.");
  table.text_list(
      "recs.weights", settings.weights, OwnKinds::check,
      "What kinds of event of your own count in what is popular and goes together, as wishlist=2, from 0 to "
      "100; a view counts 1, a cart 3, a purchase 10. Others of your own count as nothing. Changed, all is "
      "counted anew at the next start.");
  table.text_list(
      "recs.event_names", settings.event_names, EventNames::check,
      "What clients of Gorse and of Amazon Personalize call events, in any case: pairs such as "
      "\"star=purchase\" of their word and one of view, cart, purchase, cancel, impression, click and other. "
      "Those seven are known by their own names; any other word is a kind of your own (recs.weights).");
  table.integer("recs.training_every_seconds", settings.training_every_seconds, {.min = 0, .max = 31'536'000},
                "How often models learn from what visitors did, if 1,000 things happened since. 0: only when "
                "POST /api/v1/recs/models/train asks for it.");
  table.integer("recs.training_threads", settings.training_threads, {.min = 1, .max = 256},
                "On how many threads they learn, at a low priority: no more cores are taken.");
}

}  // namespace doorbuster::recs
