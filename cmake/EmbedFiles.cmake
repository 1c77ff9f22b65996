# Writes OUT, a C++ source that holds the files of FOLDER: cmake -DFOLDER=web -DOUT=x.cc -P EmbedFiles.cmake
file(GLOB files RELATIVE "${FOLDER}" "${FOLDER}/*.html" "${FOLDER}/*.js" "${FOLDER}/*.css" "${FOLDER}/*.svg")
list(SORT files)
set(arrays "")
set(table "")
set(count 0)
foreach(name IN LISTS files)
  file(READ "${FOLDER}/${name}" content HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," content "${content}")
  string(APPEND arrays "constexpr char kFile${count}[] = {${content}};\n")
  string(APPEND table "    EmbeddedFile{\"${name}\", {kFile${count}, sizeof kFile${count}}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE "${OUT}" "#include \"app/embedded.h\"

#include <array>

namespace doorbuster::app {
namespace {

${arrays}
constexpr std::array kFiles = {
${table}};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return kFiles; }

}  // namespace doorbuster::app
")
