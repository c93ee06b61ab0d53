/* web/error.h - the page that says what went wrong and what to do. */
#pragma once
#include "web/page.h"

struct error_page {
    int status;
    const char *heading, *message, *hint;
};
/* The words of a status (errors.def); of 500 for one that is not there. */
struct error_page error_of_status(int status);
/* The page for a job's error: its own words where they are for the reader. */
struct error_page error_of_job(const struct job *j);
