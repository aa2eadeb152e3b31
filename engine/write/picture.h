// Pictures from DOT text, made by Graphviz inside the process.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace backstep::write {

enum class PictureFormat { kDot, kSvg, kPng };

// "dot", "svg" or "png". Throws Error for another name.
PictureFormat picture_format(std::string_view name);

// The same text gives the same bytes, if its graph has a name: Graphviz numbers those without one,
// and writes the number. Both throw Error if Graphviz cannot read the text; its own
// words are in the error, and nothing is printed. Graphviz keeps global state, so these functions
// take turns: they may be called from any thread, but two never run at once.
std::string svg(const std::string& dot);
std::string png(const std::string& dot);

// Where Graphviz put something, in points; y grows upwards.
struct Point {
  double x = 0;
  double y = 0;
};

// A node's centre and its size.
struct PlacedNode {
  Point centre;
  double width = 0;
  double height = 0;
};

// An edge as cubic Bézier curves: first point, then three a curve.
using Spline = std::vector<Point>;

struct Placement {
  std::map<std::string, PlacedNode> nodes;  // by the node's id
  std::map<std::string, Spline> edges;      // by the edge's key; from its tail to its head
  double width = 0;
  double height = 0;
};

// Lays the graph out and says where everything stands. Throws Error as above.
Placement placement(const std::string& dot);

// How many bytes write_pictures() would write.
std::size_t picture_bytes(const std::string& dot, std::span<const PictureFormat> formats);

// Writes dir/stem.dot, .svg, .png: those that are asked for, each whole or not at all.
void write_pictures(const std::filesystem::path& dir, std::string_view stem, const std::string& dot,
                    std::span<const PictureFormat> formats);

}  // namespace backstep::write
