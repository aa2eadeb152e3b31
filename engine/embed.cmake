# Writes the C++ source of a function that holds files:
# cmake -D ROOT=... -D LIST=... -D OUT=... -D FUNCTION=read::builtin_files -D HEADER=... -P embed.cmake
# LIST holds one file name a line, relative to ROOT; HEADER declares the function. Bytes are written
# as hexadecimal escapes, so that no text can break the source, in pieces of 32 bytes, so that no
# line is long.
cmake_minimum_required(VERSION 3.25)

# A file's bytes, or a name's, as adjacent string literals.
function(to_literal hex result)
  string(REGEX REPLACE "(................................................................)" "\\1\n"
         hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" hex "${hex}")
  string(REPLACE "\n" "\"\n    \"" hex "${hex}")
  set(${result} "\"${hex}\"" PARENT_SCOPE)
endfunction()

file(STRINGS ${LIST} names ENCODING UTF-8)
list(SORT names)

set(entries "")
foreach(name IN LISTS names)
  file(READ "${ROOT}/${name}" text_hex HEX)
  string(LENGTH "${text_hex}" size)
  math(EXPR size "${size} / 2")
  string(HEX "${name}" name_hex)
  to_literal("${name_hex}" name_literal)
  to_literal("${text_hex}" text_literal)
  string(APPEND entries "    // ${name}\n    {${name_literal}, {${text_literal}, ${size}}},\n")
endforeach()

list(LENGTH names count)
file(WRITE ${OUT} "// Written by engine/embed.cmake.
#include \"${HEADER}\"

#include <array>

namespace backstep {

std::span<const EmbeddedFile> ${FUNCTION}() {
  static constexpr std::array<EmbeddedFile, ${count}> files{{
${entries}  }};
  return files;
}

}  // namespace backstep
")
