// The JSON shapes of the API (docs/api/openapi.yaml).
#pragma once

#include <string>

#include "auth/sealed_id.h"
#include "base/json_writer.h"
#include "sale/api/estimate.h"
#include "sale/machine/command.h"
#include "sale/views/audit.h"
#include "sale/views/directory.h"
#include "sale/views/draw_book.h"
#include "sale/views/orders.h"

namespace doorbuster::sale {

// Nothing for a moment that has not come yet.
[[nodiscard]] std::optional<Timestamp> unless_zero(Timestamp at);
// Nothing of nothing.
[[nodiscard]] std::optional<double> ratio(uint64_t part, uint64_t whole);

// Public numbers and settings of a sale, as one object.
void write_sale(JsonWriter& json, const Listing& listing, const PublicStatus& status);

void write_hold(JsonWriter& json, const auth::IdSealer& ids, const Listing& listing, const HoldView& hold,
                const Annotations& annotations);

// The members of an entry's object; `id` is its public id. In the answer to a join further ones follow.
void write_entry_members(JsonWriter& json, const auth::IdSealer& ids, const Listing& listing, const EntryView& entry,
                         std::string_view id, const Estimate& estimate, const Annotations& annotations);

// null if there is none. What is known only once it is fixed who takes part is null before that.
void write_receipt(JsonWriter& json, const std::optional<DrawReceipt>& receipt);

// An order as its customer sees it; `redirect_url` is empty while there is nowhere to go.
void write_order(JsonWriter& json, const auth::IdSealer& ids, const Listing& listing, const HoldView& hold,
                 const Annotations& annotations, const std::string& redirect_url);

// An order as the shop's staff see it.
void write_order_line(JsonWriter& json, const auth::IdSealer& ids, const Order& order);

void write_audit_line(JsonWriter& json, const auth::IdSealer& ids, SaleNumber sale, const AuditLine& line);

[[nodiscard]] auth::SealedText hold_id(const auth::IdSealer& ids, SaleNumber sale, HoldNumber number);
[[nodiscard]] auth::SealedText order_id(const auth::IdSealer& ids, SaleNumber sale, HoldNumber number);
[[nodiscard]] auth::SealedText entry_id(const auth::IdSealer& ids, SaleNumber sale, EntryNumber number);

// A customer as the shop's staff see them: 32 hexadecimal digits.
[[nodiscard]] std::string customer_text(const CustomerHash& customer);
// The customer whom a text of that form names.
[[nodiscard]] std::optional<CustomerHash> customer_named(std::string_view text);

}  // namespace doorbuster::sale
