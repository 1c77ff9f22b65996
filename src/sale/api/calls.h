// The calls, by who makes them. Each reads its request, and answers or asks the cell.
#pragma once

#include "sale/api/desk.h"

namespace doorbuster::sale {

// Everybody (calls_public.cc).
void list_sales(Desk& desk, const Call& call);
void show_sale(Desk& desk, const Call& call);

// Customers: units (calls_holds.cc).
void reserve(Desk& desk, const Call& call);
void show_hold(Desk& desk, const Call& call);
void release_hold(Desk& desk, const Call& call);

// Customers: their place in line (calls_queue.cc).
void join_queue(Desk& desk, const Call& call);
void show_entry(Desk& desk, const Call& call);
void leave_queue(Desk& desk, const Call& call);
void watch_entry(Desk& desk, const Call& call);
void show_receipt(Desk& desk, const Call& call);

// Customers and their shop: going in (calls_admissions.cc).
void admit_entry(Desk& desk, const Call& call);
void show_admission_keys(Desk& desk, const Call& call);
void rotate_admission_keys(Desk& desk, const Call& call);

// Whoever comes to a door: the shop's own, or the waiting room's (calls_door.cc).
void check_admission(Desk& desk, const Call& call);
void keep_admission(Desk& desk, const Call& call);
void show_door(Desk& desk, const Call& call);

// Everybody: the public record of the draw (calls_draw.cc).
void show_transcript(Desk& desk, const Call& call);

// Customers and the payment provider: money (calls_payments.cc).
void start_payment(Desk& desk, const Call& call);
void show_order(Desk& desk, const Call& call);
void take_payment_event(Desk& desk, const Call& call);

// Operators: sales (calls_operator.cc).
void create_sale(Desk& desk, const Call& call);
void change_sale(Desk& desk, const Call& call);
void pause_sale(Desk& desk, const Call& call);
void resume_sale(Desk& desk, const Call& call);
void close_sale(Desk& desk, const Call& call);
void give_beacon(Desk& desk, const Call& call);

// Operators, and whoever has the link: what a sale came to (calls_report.cc).
void show_report(Desk& desk, const Call& call);

// Operators: what has happened (calls_reports.cc), as tables, too (calls_export.cc).
void list_orders(Desk& desk, const Call& call);
void show_audit(Desk& desk, const Call& call);
void export_orders(Desk& desk, const Call& call);
void export_audit(Desk& desk, const Call& call);

// Operators: what is going on (calls_board.cc).
void show_board(Desk& desk, const Call& call);
void show_flow(Desk& desk, const Call& call);

// Operators: who stands in line (calls_line.cc).
void list_line(Desk& desk, const Call& call);

}  // namespace doorbuster::sale
