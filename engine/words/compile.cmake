# Compiles what is said in one language: cmake -D ROOT=... -D CODE=ko -D OUT=... -P compile.cmake
# The catalogue engine/words/CODE.po, with the labels of each lesson (the comment that ends its
# lesson.CODE.md), becomes OUT/CODE.mo. A text that two of them translate differently is an error,
# and so are places such as {0} that do not agree: msgfmt sees to that.
cmake_minimum_required(VERSION 3.25)

foreach(tool msgcat msgfmt)
  find_program(${tool} ${tool})
  if(NOT ${tool})
    message(FATAL_ERROR "${tool} is missing: install Debian's package gettext")
  endif()
endforeach()

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status ERROR_VARIABLE words)
  if(status OR words MATCHES "error")
    message(FATAL_ERROR "${words}")
  endif()
endfunction()

set(catalogue ${ROOT}/engine/words/${CODE}.po)
file(READ ${catalogue} text)
string(FIND "${text}" "\n\n" end) # of its header, which every file that msgcat joins must have
string(SUBSTRING "${text}" 0 ${end} header)

set(parts ${catalogue})
file(GLOB lessons ${ROOT}/lessons/*/lesson.${CODE}.md)
foreach(lesson IN LISTS lessons)
  file(READ ${lesson} text)
  string(FIND "${text}" "\n<!-- labels\n" begin)
  if(begin EQUAL -1)
    continue()
  endif()
  string(SUBSTRING "${text}" ${begin} -1 labels)
  string(REGEX REPLACE "\n<!-- labels\n(.*)-->\n*$" "\\1" labels "${labels}")
  cmake_path(GET lesson PARENT_PATH folder)
  cmake_path(GET folder FILENAME folder)
  set(part ${OUT}/${folder}.${CODE}.po)
  file(WRITE ${part} "${header}\n\n${labels}")
  list(APPEND parts ${part})
endforeach()

set(all ${OUT}/${CODE}.po)
run(${msgcat} --no-wrap --output-file=${all} ${parts})
file(READ ${all} text)
if(text MATCHES "#-#-#-#-#[^\"]*[^\n]*\n[^\n]*\n")
  message(FATAL_ERROR "One text is translated in two ways; see ${all}:\n${CMAKE_MATCH_0}")
endif()
run(${msgfmt} --check-format --output-file=${OUT}/${CODE}.mo ${all})
