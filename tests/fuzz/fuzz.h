/* tests/fuzz/fuzz.h - what every fuzz target has: a job around one input.
 *
 * A target is tests/fuzz/fuzz_NAME.c with its seeds in tests/fuzz/corpus/NAME/; it aborts
 * (fuzz_check) when a promise of a header is broken. */
#pragma once
#include "base/job.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_check(truth)                                                      \
    do {                                                                       \
        if (!(truth)) {                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #truth);        \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* Runs fn with the input as a span; refusing is an answer, too. */
static inline int
fuzz_run(job_fn *fn, const uint8_t *data, size_t size)
{
    struct span input = {(const char *)data, size};
    struct job j;
    enum err e;

    job_init(&j, 64 * JOB_MB);
    e = job_run(&j, fn, &input);
    fuzz_check(e == OK || j.err.kind == e);
    fuzz_check(e == OK || j.err.message[0]);
    job_end(&j);
    return 0;
}
