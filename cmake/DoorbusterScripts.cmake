# doorbuster_script(NAME SCRIPT TIMEOUT SECONDS [ARGUMENTS ...] [LABEL e2e] [ALONE] [MAY_SKIP])
#
# A test that is a Python script beside the CMakeLists.txt which names it. ARGUMENTS are $<TARGET_FILE:doorbuster> where
# nothing else is said. ALONE: nothing runs beside it, because it measures time or needs both cores. MAY_SKIP: a script
# that ends with 77 has found nothing to run with.
#
# Scripts run by the system's Python, which sees Debian's python3-* packages.
find_program(SYSTEM_PYTHON3 python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

function(doorbuster_script name script)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "ALONE;MAY_SKIP" "LABEL;TIMEOUT" "ARGUMENTS")
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_TIMEOUT)
    message(FATAL_ERROR "doorbuster_script(${name}): TIMEOUT is missing, or not known: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_LABEL)
    set(ARG_LABEL e2e)
  endif()
  if(NOT DEFINED ARG_ARGUMENTS)
    set(ARG_ARGUMENTS "$<TARGET_FILE:doorbuster>")
  endif()
  add_test(NAME "${name}" COMMAND "${SYSTEM_PYTHON3}" -B "${CMAKE_CURRENT_SOURCE_DIR}/${script}" ${ARG_ARGUMENTS})
  set_tests_properties("${name}" PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT "${ARG_TIMEOUT}")
  if(ARG_ALONE)
    set_tests_properties("${name}" PROPERTIES RUN_SERIAL TRUE)
  endif()
  if(ARG_MAY_SKIP)
    set_tests_properties("${name}" PROPERTIES SKIP_RETURN_CODE 77)
  endif()
endfunction()
