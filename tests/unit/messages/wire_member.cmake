# Compiles messages/wire.cpp against a copy of messages/wire.hpp with one more
# type at the end of its block. With MEMBER=real that must succeed (so that the
# others fail for the right reason alone), with any other it must be refused by
# our static assertion.
cmake_minimum_required(VERSION 3.25)
set(type "planted")
if(MEMBER STREQUAL "real")
  set(field "banksia::real")
elseif(MEMBER STREQUAL "double")
  set(field "double")
elseif(MEMBER STREQUAL "float")
  set(field "float")
elseif(MEMBER STREQUAL "optional_double")
  set(field "caf::optional<double>")
elseif(MEMBER STREQUAL "vector_of_double")
  set(field "std::vector<double>")
elseif(MEMBER STREQUAL "array_of_double")
  set(field "std::array<double, 2>")
elseif(MEMBER STREQUAL "map_to_double")
  set(field "std::map<std::string, double>")
elseif(MEMBER STREQUAL "pair_with_double")
  set(field "std::pair<std::string, double>")
elseif(MEMBER STREQUAL "seconds_as_double")
  set(field "std::chrono::duration<double>")
elseif(MEMBER STREQUAL "nested_double")
  set(field "inner")
elseif(MEMBER STREQUAL "vector_in_block")
  set(field "banksia::real")
  set(type "wrapped")
else()
  message(FATAL_ERROR "unknown MEMBER: ${MEMBER}")
endif()

file(READ ${SOURCE_DIR}/messages/wire.hpp header)
set(end_of_block "CAF_END_TYPE_ID_BLOCK(banksia)")
string(FIND "${header}" "${end_of_block}" position)
if(position EQUAL -1)
  message(FATAL_ERROR "messages/wire.hpp has no ${end_of_block}")
endif()
string(REPLACE "${end_of_block}"
  "CAF_ADD_TYPE_ID(banksia, (banksia::${type}))\n${end_of_block}"
  header "${header}")
set(planted "
#include <map>
namespace banksia {
struct inner {
  double value = 0;
};
template <class Inspector>
auto inspect(Inspector& f, inner& x) {
  return f(x.value);
}
struct planted {
  std::uint8_t version = 1;
  ${field} value{};
};
template <class Inspector>
auto inspect(Inspector& f, planted& x) {
  return wire::versioned(f, \"planted\", x, x.value);
}
using wrapped = std::vector<double>;
} // namespace banksia

")
string(REPLACE "CAF_BEGIN_TYPE_ID_BLOCK(banksia"
  "${planted}CAF_BEGIN_TYPE_ID_BLOCK(banksia" header "${header}")
file(WRITE ${WORK_DIR}/messages/wire.hpp "${header}")
# Beside the planted header, so that its include finds that one first.
configure_file(${SOURCE_DIR}/messages/wire.cpp ${WORK_DIR}/messages/wire.cpp
  COPYONLY)

execute_process(
  COMMAND ${COMPILER} -std=c++20 -fsyntax-only -w -I ${WORK_DIR}
    -I ${SOURCE_DIR} -idirafter ${CAF_INCLUDE_DIR} ${WORK_DIR}/messages/wire.cpp
  RESULT_VARIABLE code
  ERROR_VARIABLE text)

if(MEMBER STREQUAL "real")
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "a wire type of quantities does not compile:\n${text}")
  endif()
elseif(code EQUAL 0)
  message(FATAL_ERROR "a wire type with ${field} compiles")
elseif(NOT text MATCHES "a raw floating point number in a wire type")
  message(FATAL_ERROR "refused, but not by our assertion:\n${text}")
endif()
