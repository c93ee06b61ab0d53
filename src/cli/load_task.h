/* cli/load_task.h - files that came through the Data page, loaded behind the pages. */
#pragma once
#include "work/task.h"

/* For work_register(); arg is the installation's home folder. */
task_fn load_task;
enum { LOAD_TASK_MB = 3 * 1024 };
