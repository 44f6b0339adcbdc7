# Compiles the dashboard page into the program.
#
# Included, it defines banksia_embed_dashboard(VARIABLE): VARIABLE becomes the
# path of a generated .cpp that defines what assets.hpp declares; add it to a
# library's sources. It is made anew whenever a page source changes.
#
# Run as a script (cmake -D OUTPUT=F.cpp -P embed.cmake), it writes that file.

set(BANKSIA_DASHBOARD_DIR ${CMAKE_CURRENT_LIST_DIR})
set(BANKSIA_DASHBOARD_SOURCES page.html page.css text.js summary.js day.js
    levels.js page.js ml.html ml.js)

function(banksia_embed_dashboard variable)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/dashboard_assets.cpp)
  set(script ${BANKSIA_DASHBOARD_DIR}/embed.cmake)
  list(TRANSFORM BANKSIA_DASHBOARD_SOURCES PREPEND ${BANKSIA_DASHBOARD_DIR}/
       OUTPUT_VARIABLE sources)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -P ${script}
    DEPENDS ${script} ${sources}
    COMMENT "Embedding the dashboard page"
    VERBATIM)
  set(${variable} ${output} PARENT_SCOPE)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  return()
endif()
if(NOT OUTPUT)
  message(FATAL_ERROR "embed.cmake: no output file: pass -D OUTPUT=FILE.cpp")
endif()

# Everything between the delimiters is taken as it is; a source that holds the
# closing one would end its string early.
set(delimiter banksia_asset)

function(read_sources variable)
  set(text "")
  foreach(name ${ARGN})
    file(READ "${BANKSIA_DASHBOARD_DIR}/${name}" part)
    string(FIND "${part}" ")${delimiter}\"" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "embed.cmake: ${name} holds )${delimiter}\": "
                          "choose another delimiter")
    endif()
    string(APPEND text "${part}")
  endforeach()
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

read_sources(html page.html)
read_sources(css page.css)
read_sources(js text.js summary.js day.js levels.js page.js)
read_sources(ml_html ml.html)
read_sources(ml_js text.js ml.js)
string(SHA256 digest "${html}${css}${js}${ml_html}${ml_js}")

set(code "// Made by embed.cmake from the dashboard's page sources.\n\n")
string(APPEND code "#include \"actors/services/dashboard/assets.hpp\"\n\n")
string(APPEND code "namespace banksia {\n\n")
foreach(name html css js ml_html ml_js)
  string(APPEND code
         "std::string_view dashboard_page_${name}() noexcept {\n"
         "  return R\"${delimiter}(${${name}})${delimiter}\";\n}\n\n")
endforeach()
string(APPEND code
       "std::string_view dashboard_page_digest() noexcept {\n"
       "  return \"${digest}\";\n}\n\n} // namespace banksia\n")
file(WRITE "${OUTPUT}" "${code}")
