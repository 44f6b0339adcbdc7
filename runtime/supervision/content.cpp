#include "runtime/supervision/content.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <string>
#include <typeindex>
#include <vector>

namespace banksia {

namespace {

/// Whether it asks for no particular work: an order like `sweep`, or a message
/// of CAF. Two deaths years apart must not make an actor deaf to those.
bool is_without_identity(const caf::type_erased_tuple& content) {
  if (content.match_elements<caf::exit_msg>()
      || content.match_elements<caf::down_msg>()
      || content.match_elements<caf::error>())
    return true;
  for (std::size_t i = 0; i < content.size(); ++i)
    if (!content.match_element<caf::atom_value>(i))
      return false;
  return true;
}

/// False for a type that stays in its process: asked to save one, CAF prints an
/// error to stderr and throws.
bool has_wire_form(const caf::actor_system& system,
                   const caf::rtti_pair& type) {
  return type.first != 0
         || system.config().type_names_by_rtti.contains(
           std::type_index{*type.second});
}

std::string readable(const std::type_info& x) {
  int status = 0;
  std::unique_ptr<char, decltype(&std::free)> name{
    abi::__cxa_demangle(x.name(), nullptr, nullptr, &status), std::free};
  std::string text = status == 0 ? name.get() : x.name();
  constexpr std::string_view ours = "banksia::";
  for (auto at = text.find(ours); at != std::string::npos; at = text.find(ours))
    text.erase(at, ours.size());
  return text;
}

} // namespace

std::string type_text(caf::actor_system& system, std::uint16_t number,
                      const std::type_info* info) {
  if (info != nullptr)
    return readable(*info);
  return system.types().portable_name(number, info);
}

caf::error error_from(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return caf::make_error(caf::sec::runtime_error, readable(typeid(e)),
                           std::string{e.what()});
  } catch (...) {
    const auto* type = abi::__cxa_current_exception_type();
    return caf::make_error(caf::sec::runtime_error,
                           type != nullptr ? readable(*type) : "unknown",
                           std::string{"thrown, but no std::exception"});
  }
}

std::uint64_t content_key(caf::actor_system& system,
                          const caf::type_erased_tuple& content) {
  if (is_without_identity(content))
    return 0;
  for (std::size_t i = 0; i < content.size(); ++i)
    if (!has_wire_form(system, content.type(i)))
      return 0;
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  if (content.save(sink))
    return 0;
  // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
  std::uint64_t hash = 14695981039346656037ULL ^ content.type_token();
  for (auto x : bytes)
    hash = (hash ^ static_cast<unsigned char>(x)) * 1099511628211ULL;
  return hash == 0 ? 1 : hash;
}

std::string content_type(caf::actor_system& system,
                         const caf::type_erased_tuple& content) {
  std::string result;
  for (std::size_t i = 0; i < content.size(); ++i) {
    auto [number, info] = content.type(i);
    result += (i == 0 ? "" : ", ") + type_text(system, number, info);
  }
  return result;
}

dead_letter describe(caf::actor_system& system,
                     const caf::type_erased_tuple& content, const probe& of) {
  dead_letter letter;
  letter.key = content_key(system, content);
  letter.type = content_type(system, content);
  if (of.trace_of != nullptr)
    letter.trace = of.trace_of(content);
  return letter;
}

std::string last_message_of(const probe& x) {
  const auto* content = x.last_content.load(std::memory_order_relaxed);
  if (content == nullptr)
    return {};
  // "caf::mailbox_element_vals<A, B>", "caf::detail::tuple_vals<A, B>"
  auto name = readable(*content);
  auto from = name.find('<');
  auto to = name.rfind('>');
  if (from == std::string::npos || to == std::string::npos || to <= from)
    return name;
  return name.substr(from + 1, to - from - 1);
}

} // namespace banksia
