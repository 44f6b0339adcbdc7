#include "actors/feeds/delivery.hpp"

namespace banksia {

delivery::delivery(shared_plan plan, feed_wiring& wiring, std::string source)
  : plan_(std::move(plan)),
    wiring_(&wiring),
    source_(std::move(source)),
    listed_(wiring.listed) {
  index_symbols();
  if (!plan_->index_symbol.empty())
    indexes_.emplace(plan_->index_symbol, index_lane);
  follow();
}

void delivery::index_symbols() {
  for (std::uint32_t i = 0; i < plan_->symbols.size(); ++i)
    indexes_.emplace(plan_->symbols[i], i);
}

bool delivery::follow() {
  if (!listed_.changed())
    return false;
  plan_ = listed_.plan();
  const auto& symbols = plan_->symbols;
  for (auto i = wiring_->symbols.size(); i < symbols.size(); ++i)
    wiring_->symbols.push_back(wiring_->name_of(symbols[i]));
  index_symbols();
  return true;
}

std::optional<std::uint32_t>
delivery::index_of(const std::string& symbol) const {
  auto found = indexes_.find(symbol);
  if (found == indexes_.end())
    return std::nullopt;
  return found->second;
}

ref<symbol_actor> delivery::successor_of(const std::string& symbol) const {
  if (!wiring_->listed)
    return {};
  auto listed = wiring_->listed->now();
  if (listed->is_plain())
    return {};
  auto code = listed->code_at(symbol, listed->newest());
  return code == symbol ? ref<symbol_actor>{} : wiring_->name_of(code);
}

timestamp delivery::session_begin(timestamp t) const {
  auto running = plan_->calendar.session_at(t);
  return running ? running->opens_at : t - micros{1};
}

void delivery::add(std::uint32_t index, bar x) {
  collected_.emplace_back(index, std::move(x));
}

void delivery::add(std::uint32_t index, corporate_action x) {
  // The context is made from an index's prices as they are.
  if (index != index_lane)
    actions_[index].actions.push_back(std::move(x));
}

void delivery::add(std::uint32_t index, bar_revision x) {
  revisions_[index].revisions.push_back(std::move(x));
}

} // namespace banksia
