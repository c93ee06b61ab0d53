/* cli/load_task.h - work that the Data page asks for, done behind the pages: files loaded;
 * figures made again after a batch was withdrawn; what schools tell by form. */
#pragma once
#include "work/task.h"

/* For work_register(); arg is the installation's home folder. */
task_fn load_task, check_task, figures_task, school_form_task;
enum { LOAD_TASK_MB = 3 * 1024 };
