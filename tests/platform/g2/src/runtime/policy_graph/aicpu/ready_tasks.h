// ready_tasks.h - which of the tasks that are ready comes next: a policy that the graph chooses, known at run time
// only.
#ifndef READY_TASKS_H
#define READY_TASKS_H

#include <memory>

#include "runtime.h"

class ReadyTasks
{
  public:
    virtual ~ReadyTasks() = default;
    virtual void put(int task_id) = 0;
    virtual int take() = 0; // -1: none is ready
    virtual const char *name() const = 0;

    static std::unique_ptr<ReadyTasks> make(Policy policy);
};

#endif
