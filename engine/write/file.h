// The one place that writes files: whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace backstep::write {

// Makes `bytes` the content of the file at `path`, and the folders above it where they are missing.
// The bytes go to a new file beside it, which then takes its name: whoever looks sees the old file
// or the new one, never a part. On an error nothing is left behind and the old file is whole. A
// link is followed, the permissions of an old file are kept, and what is no plain file (a pipe,
// /dev/stdout) is written in place; a pipe that nobody reads from is given up after five seconds.
//
// Throws Error with the path, what failed and its usual cause: "cannot write out/x.svg: Permission
// denied; is out a folder that you may write to?". After a power cut a file that was just written
// may be lost: there is no fsync, which would slow down a run that writes a hundred pictures.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// Throws as write_file() would, as far as that can be known before, and leaves everything as it is
// but for the folders above: for work that takes long before it has something to write.
void check_writable(const std::filesystem::path& path);

}  // namespace backstep::write
