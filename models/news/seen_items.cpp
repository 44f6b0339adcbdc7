#include "models/news/seen_items.hpp"

#include "messages/ids.hpp"

#include <cassert>

namespace banksia {

seen_items::seen_items(std::size_t capacity) : capacity_(capacity) {
  assert(capacity_ > 0);
}

bool seen_items::add(std::string_view identity) {
  auto key = content_hash(identity);
  if (!keys_.insert(key).second)
    return false;
  order_.push_back(key);
  if (order_.size() > capacity_) {
    keys_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

bool seen_items::contains(std::string_view identity) const {
  return keys_.contains(content_hash(identity));
}

} // namespace banksia
