/* Whatever JSON comes, records and findings hold together, and what was kept shows them again. */
#include "fuzz/records.h"

static enum err
read_file(struct job *j, void *arg)
{
    struct span input = *(struct span *)arg;
    struct returns_file *f;
    enum err e = returns_open_bytes(j, "input", input.s, input.n, &f);

    return e ? e : records_read(j, f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(read_file, data, size);
}
