#include "runtime/http/message.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <utility>

namespace banksia::http {

namespace {

/// Whether nothing in the target has to be decoded, told apart or refused:
/// segments of letters, digits and `_-~.`, none of them empty.
bool is_simple(std::string_view target) {
  if (!target.starts_with('/') || target.ends_with('/'))
    return false;
  auto before = 'x';
  return std::all_of(target.begin(), target.end(), [&before](char c) {
    auto is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '_' || c == '-'
                     || c == '~' || c == '.';
    auto last = std::exchange(before, c);
    return is_letter || (c == '/' && last != '/');
  });
}

void split(std::string_view path, std::vector<std::string>& into) {
  while (!path.empty()) {
    path.remove_prefix(1);
    auto end = std::min(path.find('/'), path.size());
    into.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
}

} // namespace

bool parse_target(std::string_view target, request& into) {
  // As nearly all are. A full parser's time is a good part of a short answer's.
  if (is_simple(target)) {
    into.path = target;
    into.segments.clear();
    split(target, into.segments);
    into.query.clear();
    return true;
  }
  namespace urls = boost::urls;
  auto parsed = target.starts_with('/') ? urls::parse_origin_form(target)
                                        : urls::parse_absolute_uri(target);
  if (!parsed)
    return false;
  auto path = parsed->encoded_path();
  into.path.assign(path.data(), path.size());
  into.segments.clear();
  for (auto segment : parsed->segments())
    into.segments.push_back(segment);
  if (into.segments.empty())
    into.segments.emplace_back(); // "/": one segment, which is empty
  into.query.clear();
  urls::encoding_opts form;
  form.space_as_plus = true;
  for (auto param : parsed->params(form))
    into.query.emplace_back(param.key, param.value);
  return true;
}

} // namespace banksia::http
