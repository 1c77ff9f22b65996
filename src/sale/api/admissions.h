// Admissions as the sale service gives them: how long, in whose name, and where to.
#pragma once

#include <optional>
#include <string>

#include "auth/admission.h"
#include "auth/sealed_id.h"
#include "platform/api/redirect_allow_list.h"
#include "sale/machine/command.h"
#include "sale/views/directory.h"

namespace doorbuster::sale {

inline constexpr std::string_view kAdmissionCookie = "doorbuster_admission";

struct AdmissionOptions {
  std::string issuer;  // how customers reach this server: "https://sale.example"
  Duration life_max = Duration::seconds(600);
  platform::RedirectAllowList return_to;
};

// Whether an entry in this state may go in, or, having bought, finish what it does there.
[[nodiscard]] bool may_enter(EntryState state);
[[nodiscard]] bool may_stay(EntryState state);

// Lets the entry in: until its offer lapses, or its hold expires if it has one, and at most for life_max. Nothing if
// that is less than a second away. Its state is one that may_enter.
[[nodiscard]] std::optional<auth::Admission> admit(const AdmissionOptions& options, const auth::AdmissionKeySet& keys,
                                                   const auth::IdSealer& ids, const Listing& listing,
                                                   const EntryView& entry, const std::optional<HoldView>& hold,
                                                   Timestamp now);

// What a visitor asks for must not outgrow what a proxy reads of an answer's head: 4 KiB, where nobody has said
// otherwise (nginx, proxy_buffer_size). It takes an answer that it cannot read for a server that is down.
inline constexpr size_t kDoorAddressBytesMax = 3'000;

// The door of a sale, with the way back if that is listed: "https://sale.example/q/ps5?return=...".
[[nodiscard]] std::string door_address(const AdmissionOptions& options, std::string_view sale,
                                       const std::optional<platform::PlainAddress>& back);

// How often in a row somebody was let in who was in already, within kRoundsLife. More than kRoundsMax, and the site
// that they go to does not see that they are: a browser follows twenty redirects, and a round takes three.
inline constexpr uint8_t kRoundsMax = 3;
inline constexpr Duration kRoundsLife = Duration::seconds(20);
[[nodiscard]] uint8_t rounds_in(std::string_view cookie_header);
// 0 takes the cookie away.
[[nodiscard]] std::string rounds_cookie(uint8_t rounds);

// A Set-Cookie field by which a browser shows the admission with everything it asks for, for as long as it lasts.
enum class SiteTransport { kHttp, kHttps };
[[nodiscard]] std::string admission_cookie(std::string_view token, Duration life, SiteTransport transport);

}  // namespace doorbuster::sale
