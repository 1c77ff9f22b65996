// A projection is a read model: it hears of every event in order, with its place, and can be thrown away and made anew
// from the log.
//
// What it knows is saved, so that a start need not hear all history: a projection describes its state once
// (state_archive.h), and SavedProjection makes the rest of it.
#pragma once

#include <map>
#include <string_view>

#include "platform/views/follower.h"
#include "sale/machine/events.h"
#include "sale/views/state_archive.h"

namespace doorbuster::sale {

using platform::EventPlace;

// One function a kind of event; what a projection does not care for, it does not override.
class Projection {
 public:
  virtual ~Projection() = default;
#define DOORBUSTER_HEARS_OF(Name, number) \
  virtual void on(const Name&, const EventPlace&) {}
  DOORBUSTER_SALE_EVENTS(DOORBUSTER_HEARS_OF)
#undef DOORBUSTER_HEARS_OF
  // Once: what was durable at the start has been heard.
  virtual void on_caught_up() {}

  // All that it has heard, for a projection that has heard nothing; and to forget it. Saving changes nothing.
  virtual void save(StateSaver& out) const = 0;
  virtual void load(StateLoader& in) = 0;
  virtual void clear() = 0;

  // Of one sale only: what an archived sale's state holds (archived_sales.h), and to forget that.
  virtual void save_sale(SaleNumber, StateSaver&) const {}
  virtual void load_sale(SaleNumber, StateLoader&) {}
  virtual void forget_sale(SaleNumber) {}
};

// A projection with `template <class Self> static auto& by_sale(Self&)`, the map of what it knows of each sale. One
// that keeps more than that map has saved_fields of its own, which name all that it has heard.
template <class View>
class SavedProjection : public Projection {
 public:
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(View::by_sale(self));
  }
  void save(StateSaver& out) const override { View::saved_fields(static_cast<const View&>(*this), out); }
  void load(StateLoader& in) override { View::saved_fields(static_cast<View&>(*this), in); }
  void clear() override {
    StateEraser eraser;
    View::saved_fields(static_cast<View&>(*this), eraser);
  }
  void save_sale(SaleNumber sale, StateSaver& out) const override {
    const auto& sales = View::by_sale(static_cast<const View&>(*this));
    const auto found = sales.find(sale);
    if (found != sales.end()) return out(found->second);
    out(typename std::remove_cvref_t<decltype(sales)>::mapped_type());
  }
  void load_sale(SaleNumber sale, StateLoader& in) override { in(View::by_sale(static_cast<View&>(*this))[sale]); }
  void forget_sale(SaleNumber sale) override { View::by_sale(static_cast<View&>(*this)).erase(sale); }
};

}  // namespace doorbuster::sale
