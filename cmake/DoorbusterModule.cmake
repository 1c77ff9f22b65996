# doorbuster_module(NAME [FOLDERS . api views] [DEPENDS base log] [LINKS OpenSSL::Crypto] [TEST_LINKS ...]
#   [TEST_HEADER testing/fixture.h] [THREADS] [COMPUTES])
#
# A module is a folder. Its files say by their names what they are:
#   x.cc        part of the library doorbuster_NAME
#   x_test.cc   part of the test binary NAME_test (GoogleTest, registered with CTest case by case)
#   x_fuzz.cc   a fuzzer NAME_x_fuzz; without DOORBUSTER_FUZZ the same file is run over its corpus as a test
#   x_bench.cc  a Google Benchmark binary NAME_x_bench
#   testing/x.cc  part of the library, where tests are configured
#
# Tests of a module whose files include <thread> run under ThreadSanitizer too (label `threads`); THREADS says so for a
# module that starts its threads through another one. TEST_HEADER is what most of its tests include and what takes long
# to read: it is read once for all of them.
#
# With AddressSanitizer a module is not optimized, which halves the time that it takes to compile; one that COMPUTES, so
# that its tests would take the minutes that this saves, is.
#
# With DOORBUSTER_UNITY a dozen files are compiled as one: a name in an anonymous namespace has to be the only one of
# its kind in its module (tests/style/check_unity.py). DOORBUSTER_TESTS=OFF leaves the library and nothing else.
include(GoogleTest)

add_custom_target(threaded_tests COMMENT "Tests that use threads")
add_custom_target(fuzzers COMMENT "Fuzzers")
set(doorbuster_fuzzer_list "${CMAKE_BINARY_DIR}/fuzzers.txt")  # for ./dev fuzz: name, binary, corpus
file(WRITE "${doorbuster_fuzzer_list}" "")

set(doorbuster_is_checked OFF)
if(DOORBUSTER_SANITIZE MATCHES address AND NOT DOORBUSTER_FUZZ)
  set(doorbuster_is_checked ON)
endif()

# What nearly every test includes is read once (ccache keeps what uses such a header only with these options, and with
# what CMakePresets.json asks of it). Where sanitizers are on, tests are not optimized: what they test is, and that
# saves two fifths of the time that it takes to compile them.
if(DOORBUSTER_TESTS)
  set(doorbuster_test_options $<IF:$<CXX_COMPILER_ID:Clang>,SHELL:-Xclang -fno-pch-timestamp,-fpch-preprocess>)
  if(DOORBUSTER_SANITIZE)
    list(APPEND doorbuster_test_options -O0)
  endif()
  set(doorbuster_test_includes <gmock/gmock.h> <gtest/gtest.h> <algorithm> <chrono> <functional> <map> <memory>
    <optional> <string> <thread> <vector>)
  add_library(doorbuster_test_headers OBJECT "${CMAKE_CURRENT_LIST_DIR}/test_headers.cc")
  target_link_libraries(doorbuster_test_headers PRIVATE doorbuster_options GTest::gmock)
  target_precompile_headers(doorbuster_test_headers PRIVATE ${doorbuster_test_includes})
  target_compile_options(doorbuster_test_headers PRIVATE ${doorbuster_test_options})
endif()

function(doorbuster_module name)
  cmake_parse_arguments(ARG "THREADS;COMPUTES" "TEST_HEADER" "FOLDERS;DEPENDS;LINKS;TEST_LINKS" ${ARGN})
  if(NOT ARG_FOLDERS)
    set(ARG_FOLDERS .)
  endif()
  set(files "")
  foreach(folder IN LISTS ARG_FOLDERS)
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cc")
    list(APPEND files ${found})
  endforeach()
  list(TRANSFORM ARG_DEPENDS PREPEND doorbuster_)

  set(sources ${files})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cc$")
  if(NOT DOORBUSTER_TESTS)
    list(FILTER sources EXCLUDE REGEX "/testing/")
  endif()
  # A module of templates has headers only.
  if(sources)
    add_library(doorbuster_${name} STATIC ${sources})
    set_target_properties(doorbuster_${name} PROPERTIES
      UNITY_BUILD ${DOORBUSTER_UNITY} UNITY_BUILD_BATCH_SIZE ${doorbuster_unity_batch})
    # So that the batches of what is shipped are the same with and without the tests.
    set(helpers ${sources})
    list(FILTER helpers INCLUDE REGEX "/testing/")
    if(helpers)
      set_source_files_properties(${helpers} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
    if(doorbuster_is_checked AND NOT ARG_COMPUTES)
      target_compile_options(doorbuster_${name} PRIVATE -O0)
    endif()
    set(visibility PUBLIC)
  else()
    add_library(doorbuster_${name} INTERFACE)
    set(visibility INTERFACE)
  endif()
  target_link_libraries(doorbuster_${name} ${visibility}
    doorbuster_options ${ARG_DEPENDS} ${ARG_LINKS} Threads::Threads)
  if(NOT DOORBUSTER_TESTS)
    return()
  endif()

  set(tests ${files})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE doorbuster_${name} ${ARG_TEST_LINKS} GTest::gmock_main)
    if(ARG_TEST_HEADER)
      target_precompile_headers(${name}_test PRIVATE ${doorbuster_test_includes}
        "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_TEST_HEADER}")
    else()
      target_precompile_headers(${name}_test REUSE_FROM doorbuster_test_headers)
    endif()
    target_compile_options(${name}_test PRIVATE ${doorbuster_test_options})
    set(label unit)
    doorbuster_uses_threads(uses_threads ${files})
    if(ARG_THREADS OR uses_threads)
      set(label threads)
      add_dependencies(threaded_tests ${name}_test)
    endif()
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
      PROPERTIES TIMEOUT 300 LABELS ${label})
  endif()

  foreach(file IN LISTS files)
    get_filename_component(stem "${file}" NAME_WE)
    get_filename_component(folder "${file}" DIRECTORY)
    if(stem MATCHES "_fuzz$")
      doorbuster_fuzzer("${name}_${stem}" "${file}" "${folder}/corpus/${stem}" doorbuster_${name} ${ARG_TEST_LINKS})
    elseif(stem MATCHES "_bench$")
      add_executable(${name}_${stem} "${file}")
      target_link_libraries(${name}_${stem} PRIVATE doorbuster_${name} ${ARG_TEST_LINKS} benchmark::benchmark_main)
    endif()
  endforeach()
endfunction()

# Sets `result` to whether one of the files, or a header beside it, includes <thread>.
function(doorbuster_uses_threads result)
  foreach(file IN LISTS ARGN)
    string(REGEX REPLACE "\\.cc$" ".h" header "${file}")
    foreach(candidate "${file}" "${header}")
      if(EXISTS "${candidate}")
        file(STRINGS "${candidate}" found REGEX "^#include <thread>" LIMIT_COUNT 1)
        if(found)
          set(${result} TRUE PARENT_SCOPE)
          return()
        endif()
      endif()
    endforeach()
  endforeach()
  set(${result} FALSE PARENT_SCOPE)
endfunction()

# A fuzzer runs for as long as `./dev fuzz` says; everywhere else its corpus is replayed once, as a test.
function(doorbuster_fuzzer target file corpus)
  add_executable(${target} "${file}")
  target_link_libraries(${target} PRIVATE ${ARGN})
  add_dependencies(fuzzers ${target})
  file(APPEND "${doorbuster_fuzzer_list}" "${target} ${CMAKE_CURRENT_BINARY_DIR}/${target} ${corpus}\n")
  if(DOORBUSTER_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE "${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cc")
    add_test(NAME "fuzz.${target}" COMMAND ${target} "${corpus}")
  endif()
endfunction()
