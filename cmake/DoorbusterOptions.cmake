# Compiler flags that every target shares, and the sanitizer switch that the presets set.

set(DOORBUSTER_SANITIZE "" CACHE STRING "Value for -fsanitize=, for example address,undefined")
option(DOORBUSTER_TESTS "Configure tests, fuzzers, simulator and benches, too; ./dev run needs none of them" ON)
option(DOORBUSTER_UNITY "Compile a module's files a dozen at a time: quicker from nothing, slower after a change" OFF)
set(doorbuster_unity_batch 12)
option(DOORBUSTER_FUZZ "Build the *_fuzz.cc files as libFuzzer binaries (needs clang)" OFF)
option(DOORBUSTER_COVERAGE "Build for counting branches: no edges for exceptions where none are thrown" OFF)
option(DOORBUSTER_BUG_ZOO "Compile the known bugs in, to see which test catches each" OFF)

add_library(doorbuster_options INTERFACE)
target_include_directories(doorbuster_options INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_options(doorbuster_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Wno-missing-field-initializers
  # Clang counts the first to -Wconversion, which gcc does not, and warns of what libstdc++ itself uses.
  "$<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion;-Wno-deprecated-declarations>"
  -fno-omit-frame-pointer)
target_compile_definitions(doorbuster_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(DOORBUSTER_SANITIZE)
  target_compile_options(doorbuster_options INTERFACE "-fsanitize=${DOORBUSTER_SANITIZE}" -fno-sanitize-recover=all)
  target_link_options(doorbuster_options INTERFACE "-fsanitize=${DOORBUSTER_SANITIZE}")
endif()
# Clang links AddressSanitizer into the program; beside libfaketime, which some tests load before all else, it has to be
# a library, as with gcc.
if(DOORBUSTER_SANITIZE MATCHES address AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT DOORBUSTER_FUZZ)
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-resource-dir
    OUTPUT_VARIABLE clang_resources OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  target_link_options(doorbuster_options INTERFACE -shared-libasan "LINKER:-rpath,${clang_resources}/lib/linux")
endif()
if(DOORBUSTER_FUZZ)
  target_compile_options(doorbuster_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(DOORBUSTER_BUG_ZOO)
  target_compile_definitions(doorbuster_options INTERFACE DOORBUSTER_BUG_ZOO=1)
endif()
