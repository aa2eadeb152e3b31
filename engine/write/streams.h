// Standard output and standard error: results that must not be lost, and words that may be.
#pragma once

#include <string_view>

namespace backstep::write {

// To be called first of all. A file that the program opens must not become its standard output or
// error because the caller has closed them: what is written there then fails, as it should. And a
// file that grows past a limit (ulimit -f) is an error like any other, not the end of the program.
void prepare_streams();

// A line of words on standard error, of which nothing can garble a terminal. Where nobody can take
// them (a full disk, a closed stream) the run goes on without them.
void say(std::string_view line);

// The same without the end of the line, at once: for a line that is written over.
void say_now(std::string_view text);

// Throws Error unless all that was printed has reached standard output: a table that a full disk
// cut short is not done.
void flush_output();

}  // namespace backstep::write
