#include "runtime/http/router.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace banksia::http {

namespace {

using segment_list = std::vector<std::string>;

bool is_param(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

bool is_tail(std::string_view segment) {
  return is_param(segment) && segment.ends_with("*}");
}

/// How specific a pattern's segment is; smaller is more specific.
char rank(std::string_view segment) {
  return is_tail(segment) ? 'c' : is_param(segment) ? 'b' : 'a';
}

std::string ranks(const segment_list& pattern) {
  std::string result;
  for (const auto& segment : pattern)
    result += rank(segment);
  return result;
}

segment_list split(std::string_view pattern) {
  segment_list result;
  for (auto rest = pattern.substr(1);;) {
    auto end = std::min(rest.find('/'), rest.size());
    result.emplace_back(rest.substr(0, end));
    if (end == rest.size())
      return result;
    rest.remove_prefix(end + 1);
  }
}

std::string param_name(std::string_view segment) {
  return std::string{segment.substr(1, segment.size()
                                         - (is_tail(segment) ? 3 : 2))};
}

std::string joined(const segment_list& segments, std::size_t from) {
  std::string result;
  for (auto i = from; i < segments.size(); ++i)
    result += (i > from ? "/" : "") + segments[i];
  return result;
}

/// The values of the pattern's names; nothing when the path does not fit.
std::optional<name_values> fit(const segment_list& pattern,
                               const segment_list& path) {
  name_values params;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i >= path.size())
      return std::nullopt;
    if (is_tail(pattern[i])) {
      params.emplace_back(param_name(pattern[i]), joined(path, i));
      return params;
    }
    if (is_param(pattern[i])) {
      if (path[i].empty())
        return std::nullopt;
      params.emplace_back(param_name(pattern[i]), path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  if (pattern.size() != path.size())
    return std::nullopt;
  return params;
}

void check_pattern(const route& what, const segment_list& segments) {
  auto refuse = [&](const char* why) {
    throw std::invalid_argument("route " + what.pattern + ": " + why);
  };
  if (!what.handler)
    refuse("has no handler");
  if (what.method == method::other || what.method == method::head
      || what.method == method::options)
    refuse("HEAD comes with GET, OPTIONS with any, other methods are not "
           "served");
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto& segment = segments[i];
    auto bare = is_param(segment) ? param_name(segment) : segment;
    if (bare.find_first_of("{}*") != std::string::npos
        || (is_param(segment) && bare.empty()))
      refuse("a segment must be text, {name} or {name*}");
    if (is_tail(segment) && i + 1 < segments.size())
      refuse("{name*} must come last");
  }
}

/// Whether two patterns fit the same paths.
bool same_shape(const segment_list& a, const segment_list& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) {
                      return rank(x) == rank(y) && (is_param(x) || x == y);
                    });
}

/// Stands for OPTIONS of any path; the server answers it itself.
const route& options_route() {
  static const route result{method::options, "*",
                            [](const request&, const responder&) {},
                            route_access::open, "options"};
  return result;
}

} // namespace

std::string_view to_string(route_access of) noexcept {
  constexpr std::string_view names[]{"by_method", "open", "read", "operate",
                                     "admin"};
  return names[static_cast<std::size_t>(of)];
}

router& router::add(route what) {
  if (!what.pattern.starts_with('/'))
    throw std::invalid_argument("route " + what.pattern
                                + ": a pattern starts with /");
  auto segments = split(what.pattern);
  check_pattern(what, segments);
  for (std::size_t i = 0; i < routes_.size(); ++i)
    if (routes_[i].method == what.method && same_shape(patterns_[i], segments))
      throw std::invalid_argument("route " + what.pattern
                                  + ": is already there as "
                                  + routes_[i].pattern);
  if (what.name.empty())
    what.name = what.pattern;
  if (what.access == route_access::by_method)
    what.access = default_access(what.method);
  patterns_.push_back(std::move(segments));
  routes_.push_back(std::move(what));
  return *this;
}

router& router::get(std::string pattern, http::handler handler,
                    operation description) {
  route what{method::get, std::move(pattern), std::move(handler)};
  what.description = std::move(description);
  return add(std::move(what));
}

router& router::post(std::string pattern, http::handler handler,
                     operation description) {
  route what{method::post, std::move(pattern), std::move(handler)};
  what.description = std::move(description);
  return add(std::move(what));
}

router& router::require(http::method method, std::string_view pattern,
                        route_access access) {
  for (auto& known : routes_)
    if (known.method == method && known.pattern == pattern)
      known.access = access == route_access::by_method ? default_access(method)
                                                       : access;
  return *this;
}

router& router::with(std::shared_ptr<const schema_book> book) {
  book_ = std::move(book);
  return *this;
}

match router::find(http::method method, const segment_list& segments) const {
  auto wanted = method == http::method::head ? http::method::get : method;
  match result;
  std::string best; // ranks of the best pattern so far
  std::vector<std::string_view> allowed;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    auto params = fit(patterns_[i], segments);
    if (!params)
      continue;
    auto specific = ranks(patterns_[i]);
    if (!best.empty() && specific > best)
      continue;
    if (best.empty() || specific < best) {
      best = specific;
      result = {};
      allowed.clear();
    }
    if (routes_[i].method == wanted) {
      result.found = &routes_[i];
      result.params = std::move(*params);
    }
    allowed.push_back(to_string(routes_[i].method));
    if (routes_[i].method == http::method::get)
      allowed.push_back(to_string(http::method::head));
  }
  if (result.found || allowed.empty())
    return result;
  allowed.push_back(to_string(http::method::options));
  for (auto name : allowed)
    result.allow.append(result.allow.empty() ? "" : ", ").append(name);
  if (method == http::method::options)
    result.found = &options_route();
  return result;
}

} // namespace banksia::http
