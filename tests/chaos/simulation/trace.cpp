#include "tests/chaos/simulation/trace.hpp"

#include "runtime/supervision/content.hpp"

#include <caf/actor_system.hpp>
#include <caf/atom.hpp>

#include <algorithm>
#include <utility>

namespace banksia::chaos {

// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
void trace::add(std::string_view bytes) noexcept {
  for (auto x : bytes)
    hash_ = (hash_ ^ static_cast<unsigned char>(x)) * 1099511628211ULL;
}

void trace::add(std::uint64_t x) noexcept {
  hash_ = (hash_ ^ x) * 1099511628211ULL;
  hash_ ^= hash_ >> 32;
}

trace::event& trace::next() {
  return ring_[count_++ % kept];
}

void trace::note(std::string_view path, std::uint64_t generation,
                 const caf::type_erased_tuple& content,
                 std::chrono::nanoseconds now) {
  auto known = paths_.find(path);
  if (known == paths_.end())
    known = paths_.emplace(path).first;
  auto& x = next();
  x.path = &*known;
  x.generation = generation;
  x.time = now;
  x.size = content.size();
  x.atom = {};
  add(path);
  add(generation);
  add(static_cast<std::uint64_t>(now.count()));
  for (std::size_t i = 0; i < content.size(); ++i) {
    auto type = content.type(i);
    if (i < x.types.size())
      x.types[i] = type;
    if (type.first != 0)
      add(type.first);
    else
      add(std::string_view{type.second->name()});
  }
  if (content.size() > 0 && content.match_element<caf::atom_value>(0)) {
    x.atom = content.get_as<caf::atom_value>(0);
    add(static_cast<std::uint64_t>(x.atom));
  }
}

void trace::remark(std::string text, std::chrono::nanoseconds now) {
  add(std::string_view{text});
  add(static_cast<std::uint64_t>(now.count()));
  auto& x = next();
  x.path = nullptr;
  x.time = now;
  x.remark = std::move(text);
}

std::string trace::last(caf::actor_system& system) const {
  std::string text;
  auto from = count_ > kept ? count_ - kept : 0;
  for (auto i = from; i < count_; ++i) {
    const auto& x = ring_[i % kept];
    text += "  " + std::to_string(x.time.count() / 1000) + " us  ";
    if (x.path == nullptr) {
      text += "-- " + x.remark + "\n";
      continue;
    }
    text += *x.path + " #" + std::to_string(x.generation) + "  ";
    if (x.atom != caf::atom_value{})
      text += "'" + caf::to_string(x.atom) + "' ";
    for (std::size_t j = 0; j < std::min(x.size, x.types.size()); ++j)
      text += (j == 0 ? "" : ", ")
              + type_text(system, x.types[j].first, x.types[j].second);
    text += "\n";
  }
  return text;
}

} // namespace banksia::chaos
