// One thread beside the caller's, which does one piece of work at a time and allocates nothing.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace backstep {

class SecondThread {
 public:
  using Task = void (*)(const void* what);

  SecondThread() : thread_([this] { work(); }) {}
  ~SecondThread();
  SecondThread(const SecondThread&) = delete;
  SecondThread& operator=(const SecondThread&) = delete;

  void start(Task task, const void* what);
  // Until the task is done.
  void wait();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  Task task_ = nullptr;
  const void* what_ = nullptr;
  bool ends_ = false;
  std::thread thread_;  // last, so that all else is there when it begins
};

}  // namespace backstep
