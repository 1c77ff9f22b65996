// The calls, by who makes them. Each reads its request, and answers or asks the cell; what else it needs stands in its
// signature (platform/api/parts.h).
#pragma once

#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "sale/api/catalog.h"
#include "sale/api/parts.h"
#include "sale/api/request_reader.h"
#include "sale/api/sale_pages.h"

namespace doorbuster::sale {

using platform::respond_busy;
using platform::respond_invalid;
using platform::respond_problem;

// Everybody (public_calls.cc).
void list_sales(const Call& call, RequestReader& reader, const SaleCatalog& catalog, SalePages& pages);
void show_sale(const Call& call, RequestReader& reader, SalePages& pages);

// Customers: units (hold_calls.cc).
void reserve(const Call& call, RequestReader& reader, SalePages& pages, RefusalTally& refusals, DeferredCalls& calls,
             platform::Gate& gate);
void show_hold(const Call& call, RequestReader& reader, DeferredCalls& calls);
void release_hold(const Call& call, RequestReader& reader, DeferredCalls& calls);

// Customers: their place in line (queue_calls.cc).
void join_queue(const Call& call, RequestReader& reader, DeferredCalls& calls, const StalledLine& stalled);
void show_entry(const Call& call, RequestReader& reader, DeferredCalls& calls, const StalledLine& stalled);
void leave_queue(const Call& call, RequestReader& reader, DeferredCalls& calls, const StalledLine& stalled);
void watch_entry(const Call& call, RequestReader& reader, DeferredCalls& calls);
void show_receipt(const Call& call, RequestReader& reader, DeferredCalls& calls);

// Customers and their shop: going in (admission_calls.cc).
void admit_entry(const Call& call, RequestReader& reader, const EntryTokens& tokens, const AdmissionOptions& options,
                 AdmissionFlow& admissions);
void show_admission_keys(const Call& call, auth::KeyStore& keys);
void rotate_admission_keys(const Call& call, RequestReader& reader, auth::KeyStore& store,
                           const AdmissionOptions& options);

// Whoever comes to a door: the shop's own, or the waiting room's (door_calls.cc).
void check_admission(const Call& call, const SaleCatalog& catalog, const AllViews& views,
                     auth::AdmissionVerifier& verifier, const auth::IdSealer& ids, const AdmissionOptions& options,
                     AdmissionFlow& admissions);
void keep_admission(const Call& call, const SaleCatalog& catalog, const AllViews& views,
                    auth::AdmissionVerifier& verifier, const AdmissionOptions& options);
void show_door(const Call& call, RequestReader& reader, const SaleCatalog& catalog, const auth::GuestCookies& cookies,
               const auth::CustomerHasher& customers, const AdmissionOptions& options, AdmissionFlow& admissions);

// Everybody: the public record of the draw (draw_calls.cc).
void show_transcript(const Call& call, RequestReader& reader, const AllViews& views, platform::TextStream& texts);

// Customers and the payment provider: money (payment_calls.cc).
void start_payment(const Call& call, RequestReader& reader, DeferredCalls& calls);
void show_order(const Call& call, RequestReader& reader, DeferredCalls& calls);
void take_payment_event(const Call& call, PaymentGateway& payments, const SaleCatalog& catalog, const AllViews& views,
                        DeferredCalls& calls);

// Operators: sales (operator_calls.cc).
void create_sale(const Call& call, RequestReader& reader, const SaleCatalog& catalog, DeferredCalls& calls);
void change_sale(const Call& call, RequestReader& reader, DeferredCalls& calls);
void pause_sale(const Call& call, RequestReader& reader, DeferredCalls& calls);
void resume_sale(const Call& call, RequestReader& reader, DeferredCalls& calls);
void close_sale(const Call& call, RequestReader& reader, DeferredCalls& calls);
void give_beacon(const Call& call, RequestReader& reader, DeferredCalls& calls);

// Operators, and whoever has the link: what a sale came to (report_calls.cc).
void show_report(const Call& call, RequestReader& reader, const ReportTokens& tokens, const AllViews& views,
                 Uniformities& uniformities);

// Operators: what has happened (record_calls.cc), as tables, too (export_calls.cc).
void list_archived_sales(const Call& call, RequestReader& reader, const AllViews& views);
void list_orders(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids);
void show_audit(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids);
void export_orders(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids,
                   platform::TextStream& texts);
void export_audit(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids,
                  platform::TextStream& texts);

// Operators: what is going on (board_calls.cc).
void show_board(const Call& call, RequestReader& reader, const AllViews& views, const RefusalCounts& refusals,
                const SampleLoad& sample_load);
void show_flow(const Call& call, RequestReader& reader, const ReportTokens& tokens, const AllViews& views);

// Operators: who stands in line (line_calls.cc).
void list_line(const Call& call, RequestReader& reader, const AllViews& views, const auth::CustomerHasher& customers,
               const auth::IdSealer& ids);

}  // namespace doorbuster::sale
