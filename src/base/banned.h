/* base/banned.h - functions that do not compile here, and what to use instead.
 * Included by job.h, so everywhere.  System headers come first. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat /* job_copy, snprintf */
#pragma GCC poison sprintf vsprintf              /* snprintf, job_format */
#pragma GCC poison strtok asctime ctime          /* text.h, date.h */
#pragma GCC poison localtime mktime              /* the clock comes with the job */
#pragma GCC poison gets alloca
#pragma GCC poison rand srand random             /* base/random.h */
#pragma GCC poison atoi atol atof                /* text_to_int() */
