/* cli/index_task.h - the directories' search indexes follow what the public sees, every so often
 * while the program serves. */
#pragma once
#include "base/job.h"

struct shelf;
struct index_task {
    const char *home, *url;
    struct shelf *shelf;
};
/* arg is a struct index_task; opens the database itself. */
job_fn index_task;
