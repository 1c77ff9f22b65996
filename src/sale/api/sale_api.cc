#include "sale/api/sale_api.h"

#include "sale/api/routes.h"

namespace doorbuster::sale {

SaleApi::SaleApi(SaleContext& context, net::Loop& loop, SaleClient& cell, platform::Operators operators)
    : catalog_(context.directory, context.views),
      reader_(context, catalog_, operators),
      pages_(catalog_, context.ids),
      stalled_(context, catalog_),
      verifier_(context.keys.admission_keys()),
      texts_(loop),
      watch_(catalog_, context.ids, context.clock, loop, cell),
      admissions_(context, catalog_, loop, cell),
      payments_(catalog_, context.ids, context.payments, loop),
      parts_(catalog_, reader_, calls_, pages_, context.refusals.add_reactor(), watch_, admissions_, payments_, texts_,
             verifier_, stalled_, context.clock, context.keys, context.gate, context.customers, context.ids,
             context.cookies, context.entry_tokens, context.report_tokens, context.admissions, context.views,
             context.uniformities, context.payments, context.refusals, context.sample_load),
      calls_(cell, catalog_, context.ids, context.cookies, parts_.get<RefusalTally>(), parts_) {
  cell.on_drained([this] { watch_.go_on(); });
  add_ticks(loop);
}

void SaleApi::add_ticks(net::Loop& loop) {
  const auto every = [&](Duration interval, auto act) {
    loop.every(interval, [this, act] {
      catalog_.refresh();
      act();
    });
  };
  every(Duration::millis(10), [this] { watch_.note_changes(); });
  every(Duration::millis(100), [this] { watch_.tick(); });
  every(Duration::millis(10), [this] { payments_.tick(); });
  loop.every(Duration::millis(10), [this] { texts_.tick(); });
}

void SaleApi::add_to(platform::Routes& routes) {
  routes.add(sale_routes(), parts_, [this] { catalog_.refresh(); });
}

}  // namespace doorbuster::sale
