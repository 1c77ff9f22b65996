// Prints what the API's document has to know: every call and every problem type by which the machine says no.
//
//   call GET /api/v1/sales
//   problem 409 sold-out
#include <cstdio>

#include "links/api/link_calls.h"
#include "platform/operators/operator_calls.h"
#include "platform/webhooks/webhook_calls.h"
#include "recs/api/recs_calls.h"
#include "sale/api/refusals.h"
#include "sale/api/routes.h"

int main() {
  using namespace doorbuster;
  const auto print = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };
  const auto print_call = [&](const auto& route) {
    print("call ");
    print(net::name_of(route.method));
    print(" ");
    print(route.pattern);
    print("\n");
  };
  for (const sale::SaleRoute& route : sale::sale_routes()) print_call(route);
  for (const links::LinkRoute& route : links::link_routes()) print_call(route);
  for (const recs::RecsRoute& route : recs::recs_routes()) print_call(route);
  for (const std::string_view call : links::kBesideCodes) print("call " + std::string(call) + "\n");
  for (const platform::OperatorRoute& route : platform::operator_routes()) print_call(route);
  for (const platform::WebhookRoute& route : platform::webhook_routes()) print_call(route);
  for (const sale::RefusalType& type : sale::refusal_types()) {
    print("problem " + std::to_string(net::code_of(type.status)) + " ");
    print(type.slug);
    print("\n");
  }
}
