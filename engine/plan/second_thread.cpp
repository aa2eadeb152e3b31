// One thread beside the caller's.
#include "engine/plan/second_thread.h"

namespace backstep {

SecondThread::~SecondThread() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SecondThread::start(Task task, const void* what) {
  {
    const std::lock_guard lock(mutex_);
    task_ = task;
    what_ = what;
  }
  changed_.notify_all();
}

void SecondThread::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return task_ == nullptr; });
}

void SecondThread::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return task_ != nullptr || ends_; });
    if (ends_) return;
    const Task task = task_;
    const void* what = what_;
    lock.unlock();
    task(what);
    lock.lock();
    task_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace backstep
