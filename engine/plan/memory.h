// The memory of a plan: zeros, at the start of a cache line; what is large lies on large pages, as
// a processor remembers the places of few pages.
#pragma once

#include <cstddef>
#include <memory>

namespace backstep {

class Memory {
 public:
  Memory() = default;
  explicit Memory(std::size_t doubles);

  double* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(double* data) const;
  };
  std::unique_ptr<double, Free> data_;
};

}  // namespace backstep
