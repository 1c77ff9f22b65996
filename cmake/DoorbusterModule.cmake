# doorbuster_module(NAME [FOLDERS . api views] [DEPENDS base log] [LINKS OpenSSL::Crypto] [TEST_LINKS ...])
#
# A module is a folder. Its files say by their names what they are:
#   x.cc        part of the library doorbuster_NAME
#   x_test.cc   part of the test binary NAME_test (GoogleTest, registered with CTest case by case)
#   x_fuzz.cc   a fuzzer NAME_x_fuzz; without DOORBUSTER_FUZZ the same file is run over its corpus as a test
#   x_bench.cc  a Google Benchmark binary NAME_x_bench
include(GoogleTest)

function(doorbuster_module name)
  cmake_parse_arguments(ARG "" "" "FOLDERS;DEPENDS;LINKS;TEST_LINKS" ${ARGN})
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
  add_library(doorbuster_${name} STATIC ${sources})
  target_link_libraries(doorbuster_${name} PUBLIC doorbuster_options ${ARG_DEPENDS} ${ARG_LINKS} Threads::Threads)

  set(tests ${files})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE doorbuster_${name} ${ARG_TEST_LINKS} GTest::gmock_main)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
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

# A fuzzer runs for as long as `./dev fuzz` says; everywhere else its corpus is replayed once, as a test.
function(doorbuster_fuzzer target file corpus)
  add_executable(${target} "${file}")
  target_link_libraries(${target} PRIVATE ${ARGN})
  if(DOORBUSTER_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE "${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cc")
    add_test(NAME "fuzz.${target}" COMMAND ${target} "${corpus}")
  endif()
endfunction()
