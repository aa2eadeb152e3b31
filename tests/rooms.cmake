# A room includes only the rooms above it: cmake -D ROOT=... -P tests/rooms.cmake
cmake_minimum_required(VERSION 3.25)

# From the top down; rooms of one line may include each other. Below engine/, a room is a folder or
# the stem of a file.
set(order
    "tensor number_text text held_signals place_map embedded say"
    "primitive"
    "graph"
    "primitives"
    "differentiate reads look picks"
    "evaluate trace"
    "expression"
    "describe plan read structure"
    "walk"
    "draw"
    "write check train"
    "page step"
    "program")

# Rooms that show a run: they read its record, and never start the evaluator.
set(views walk draw write page step)

# The core also builds for WebAssembly, whose library lacks these headers.
set(missing_in_wasm format ranges source_location)
set(free_of_wasm write program)

set(rank 0)
foreach(line IN LISTS order)
  string(REPLACE " " ";" rooms "${line}")
  foreach(room IN LISTS rooms)
    set(rank_${room} ${rank})
  endforeach()
  math(EXPR rank "${rank} + 1")
endforeach()

set(faults "")

# The room of "engine/read/npz.h" is read, that of "engine/graph.h" is graph.
function(room_of path result)
  string(REGEX REPLACE "^engine/([^/.]+).*$" "\\1" room "${path}")
  set(${result} ${room} PARENT_SCOPE)
endfunction()

macro(fault text)
  string(APPEND faults "${text}\n")
endmacro()

file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/engine/*.h ${ROOT}/engine/*.cpp)
set(graphviz_users "")
foreach(file IN LISTS files)
  room_of(${file} room)
  if(NOT DEFINED rank_${room})
    fault("${file}: the room '${room}' has no place in the order in tests/rooms.cmake")
    continue()
  endif()
  file(STRINGS ${ROOT}/${file} lines REGEX "^ *# *include")
  foreach(line IN LISTS lines)
    if(line MATCHES "\"(lessons|tests)/")
      fault("${file}: the engine includes neither lessons nor tests: ${line}")
    elseif(line MATCHES "\"(engine/[^\"]+)\"")
      set(included ${CMAKE_MATCH_1})
      room_of(${included} other)
      if(NOT DEFINED rank_${other})
        fault("${file}: ${included} has no place in the order in tests/rooms.cmake")
      elseif(rank_${other} GREATER rank_${room})
        fault("${file}: ${room} includes ${included}, which stands below it")
      elseif(other STREQUAL "evaluate" AND room IN_LIST views)
        fault("${file}: a view includes the evaluator")
      endif()
    elseif(line MATCHES "<(graphviz/)?(gvc|cgraph)[.]h>")
      list(APPEND graphviz_users ${file})
    elseif(line MATCHES "<([a-z_]+)>")
      if(CMAKE_MATCH_1 IN_LIST missing_in_wasm AND NOT room IN_LIST free_of_wasm)
        fault("${file}: <${CMAKE_MATCH_1}> is missing in the library for WebAssembly")
      endif()
    endif()
  endforeach()
endforeach()

list(REMOVE_DUPLICATES graphviz_users)
list(LENGTH graphviz_users count)
if(count GREATER 1)
  fault("Graphviz is included by more than one file: ${graphviz_users}")
endif()

if(faults)
  message(FATAL_ERROR "${faults}")
endif()
