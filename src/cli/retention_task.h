/* cli/retention_task.h - what is due by the rules of retention, removed once a day. */
#pragma once
#include "work/task.h"

/* Put it into the queue of each authority where it is time, and not there already. */
MUST_CHECK enum err retention_ask(struct job *j);
/* The work itself; arg is the home folder. */
task_fn retention_task;
