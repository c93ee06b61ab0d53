/* synth/synth.h - the files of an invented authority, in the real formats.
 *
 * Ashmere (001) has children, schools, social care and mistakes as analytics.md §4 says.
 * The same size and seed give the same bytes on any machine.  OUT has a folder an export;
 * OUT.truth has what was planted (synth/truth.h), OUT.directory a feed of services. */
#pragma once
#include "base/job.h"

struct synth_plan {
    const char *size; /* small, town, la, region */
    uint64_t seed;
    const char *out;  /* a folder that is empty or not there */
    bool quiet;
    const char *registers; /* none, recent, year, daily; NULL: recent (mark.h) */
    int32_t today; /* services of the directory were checked up to that day; 0: LAST_DAY */
};
struct synth_done {
    int64_t children, on_roll; /* on roll at the last census */
    int schools;
};
/* ERR_USAGE: no such size or registers; ERR_INPUT: the folder has files; ERR_ENV: cannot be
 * written. */
MUST_CHECK enum err synth_write(struct job *j, const struct synth_plan *p,
                                struct synth_done *done);
