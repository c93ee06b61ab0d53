/* cli/index_task.h - of the directories, every so often while the program serves: search indexes
 * follow what the public sees; searches that found little are written down, and old ones go. */
#pragma once
#include "base/job.h"

struct shelf;
struct index_task {
    const char *home, *url;
    struct shelf *shelf;
};
/* arg is a struct index_task; they open the database themselves. */
job_fn index_task, searched_task;
