// The memory of a plan: zeros, at the start of a cache line, on large pages if there are any.
#include "engine/plan/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace backstep {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kLargePage = std::size_t{1} << 21;

}  // namespace

Memory::Memory(std::size_t doubles) {
  const std::size_t bytes = std::max<std::size_t>(1, doubles) * sizeof(double);
  const std::size_t page = bytes >= kLargePage ? kLargePage : kLine;
  const std::size_t whole = (bytes + page - 1) / page * page;
  void* memory = std::aligned_alloc(page, whole);
  if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  // Before the first touch; a kernel that will not do it leaves all as it is.
  if (page == kLargePage) ::madvise(memory, whole, MADV_HUGEPAGE);
#endif
  data_.reset(static_cast<double*>(memory));
  std::fill_n(data_.get(), doubles, 0.0);
}

void Memory::Free::operator()(double* data) const { std::free(data); }

}  // namespace backstep
