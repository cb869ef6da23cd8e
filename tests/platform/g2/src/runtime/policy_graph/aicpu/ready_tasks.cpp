// ready_tasks.cpp - see ready_tasks.h.
#include "ready_tasks.h"

#include <deque>
#include <mutex>

namespace
{

class Locked : public ReadyTasks
{
  public:
    void put(int task_id) override
    {
        std::lock_guard<std::mutex> lock(mutex_);
        tasks_.push_back(task_id);
    }

    int take() override
    {
        std::lock_guard<std::mutex> lock(mutex_);
        return tasks_.empty() ? -1 : take_one();
    }

  protected:
    virtual int take_one() = 0;
    std::deque<int> tasks_;

  private:
    std::mutex mutex_;
};

class OldestFirst : public Locked
{
  public:
    const char *name() const override { return "oldest first"; }

  protected:
    int take_one() override
    {
        const int task_id = tasks_.front();
        tasks_.pop_front();
        return task_id;
    }
};

class NewestFirst : public Locked
{
  public:
    const char *name() const override { return "newest first"; }

  protected:
    int take_one() override
    {
        const int task_id = tasks_.back();
        tasks_.pop_back();
        return task_id;
    }
};

} // namespace

std::unique_ptr<ReadyTasks> ReadyTasks::make(Policy policy)
{
    if (policy == Policy::NEWEST_FIRST)
        return std::make_unique<NewestFirst>();
    return std::make_unique<OldestFirst>();
}
