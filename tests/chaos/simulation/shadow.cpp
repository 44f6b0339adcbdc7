#include "tests/chaos/simulation/shadow.hpp"

#include "messages/wire.hpp"

namespace banksia::chaos {

void shadow::asked(asker who, const caf::type_erased_tuple& content) {
  rows x;
  if (content.match_elements<cycle_record>()) {
    x.cycles.push_back(to_string(content.get_as<cycle_record>(0).slot.id));
  } else if (content.match_elements<std::vector<cycle_slot>>()) {
    for (const auto& s : content.get_as<std::vector<cycle_slot>>(0))
      x.owed.push_back(to_string(s.id));
  } else if (content.match_elements<outcome_batch>()) {
    for (const auto& o : content.get_as<outcome_batch>(0).outcomes)
      x.outcomes.emplace_back(to_string(o.prediction),
                              std::int64_t{o.horizon_minutes});
  } else if (content.match_elements<bar_batch>()) {
    for (const auto& b : content.get_as<bar_batch>(0).bars)
      if (b.interval != bar_interval::d1)
        x.bars.emplace_back(b.symbol, to_micros(b.opened_at));
  } else if (content.match_elements<training_record>()) {
    const auto& t = content.get_as<training_record>(0);
    if (t.status == "owed" || t.status == "running")
      return;
    x.trainings.push_back(t.training_id);
  } else if (content.match_elements<clock_mark>()) {
    x.market_time = content.get_as<clock_mark>(0).market_time;
  } else {
    return;
  }
  pending_[who] = std::move(x);
}

void shadow::acknowledged(asker who) {
  auto found = pending_.find(who);
  if (found == pending_.end())
    return;
  auto x = std::move(found->second);
  pending_.erase(found);
  cycles.insert(x.cycles.begin(), x.cycles.end());
  owed.insert(x.owed.begin(), x.owed.end());
  outcomes.insert(x.outcomes.begin(), x.outcomes.end());
  bars.insert(x.bars.begin(), x.bars.end());
  trainings.insert(x.trainings.begin(), x.trainings.end());
  market_time = std::max(market_time, x.market_time);
}

} // namespace banksia::chaos
