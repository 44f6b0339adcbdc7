#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace banksia::http {

/// What is known of each client. Bounded: a new one takes the place of the one
/// that was silent for longest. Not thread-safe.
template <class T>
class client_table {
public:
  explicit client_table(std::size_t size_max) : size_max_(size_max) {}

  /// Null when there is nothing. The client counts as heard of.
  T* find(const std::string& key) {
    auto found = index_.find(key);
    if (found == index_.end())
      return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->second;
  }

  /// What is there, or `fresh`.
  T& at(const std::string& key, const T& fresh) {
    if (auto* known = find(key))
      return *known;
    if (order_.size() >= size_max_) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    order_.emplace_front(key, fresh);
    index_[key] = order_.begin();
    return order_.front().second;
  }

  void erase(const std::string& key) {
    auto found = index_.find(key);
    if (found == index_.end())
      return;
    order_.erase(found->second);
    index_.erase(found);
  }

  std::size_t size() const noexcept { return order_.size(); }

private:
  using entries = std::list<std::pair<std::string, T>>;

  std::size_t size_max_;
  entries order_; ///< the last heard of first
  std::unordered_map<std::string, typename entries::iterator> index_;
};

} // namespace banksia::http
