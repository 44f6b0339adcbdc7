#include "runtime/http/problem_type.hpp"

namespace banksia::http {

namespace {

constexpr const problem_type* known[]{
  &problems::bad_request,
  &problems::invalid_json,
  &problems::invalid_parameter_name,
  &problems::missing_body,
  &problems::invalid_header,
  &problems::unauthorized,
  &problems::forbidden,
  &problems::insufficient_scope,
  &problems::foreign_origin,
  &problems::proxy_only,
  &problems::not_found,
  &problems::no_such_path,
  &problems::method_not_allowed,
  &problems::not_acceptable,
  &problems::request_timeout,
  &problems::conflict,
  &problems::length_required,
  &problems::body_too_long,
  &problems::target_too_long,
  &problems::not_json,
  &problems::wrong_host,
  &problems::invalid_value,
  &problems::too_many_requests,
  &problems::too_many_wrong_tokens,
  &problems::headers_too_long,
  &problems::internal_error,
  &problems::unavailable,
  &problems::no_answer,
  &problems::too_many_bodies,
  &problems::deadline_passed,
  &problems::http_version,
  &problems::insufficient_storage,
};

} // namespace

std::string type_reference(const problem_type& of) {
  return std::string{problem_path} + std::string{of.name};
}

std::span<const problem_type* const> server_problems() {
  return known;
}

const problem_type* problem_of_status(int status) {
  for (auto x : known)
    if (x->status == status)
      return x;
  return nullptr;
}

} // namespace banksia::http
