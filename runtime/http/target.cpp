#include "runtime/http/message.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace banksia::http {

bool parse_target(std::string_view target, request& into) {
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
