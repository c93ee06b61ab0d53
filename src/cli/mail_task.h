/* cli/mail_task.h - mail that waits goes out, every so often while the program serves. */
#pragma once
#include "base/job.h"

struct mail_task { const char *home, *url; };
/* arg is a struct mail_task; opens the database itself. */
job_fn mail_task;
