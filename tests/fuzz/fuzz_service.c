/* Whatever a feed holds: what comes out of repair keeps to the table, is small enough to be read
 * again, and is the same when it is repaired again. */
#include "directory/feed_in.h"
#include "directory/oruk1.h"
#include "directory/repair.h"
#include "directory/uuid.h"
#include "fuzz/fuzz.h"
#include <string.h>

static void
repaired_again(struct job *j, const struct repair *how, struct span text)
{
    struct repaired r;
    struct span again;
    json_t *v = NULL;

    if (text.n > DOCUMENT_BYTES)
        return;
    fuzz_check(document_parse(j, text, &v) == OK);
    repair_record(j, how, v, &r);
    fuzz_check(r.doc);
    again = document_text(j, r.doc);
    fuzz_check(again.n == text.n && !memcmp(again.s, text.s, text.n));
}

static void
one_record(struct job *j, struct span text)
{
    const struct repair how = {uuid_rooted, true, 20000};
    struct document_problem *wrong;
    struct repaired r;
    json_t *v = NULL;
    size_t n;

    if (document_parse(j, text, &v)) {
        err_clear(j);
        return;
    }
    if (oruk1_is(v))
        oruk1_convert(j, v);
    repair_record(j, &how, v, &r);
    fuzz_check(!r.doc == !!r.refused);
    (void)repair_report(j, &r);
    if (!r.doc)
        return;
    fuzz_check(document_check(j, r.doc, &wrong, &n) == OK);
    if (n)
        fprintf(stderr, "%s %s\n", wrong[0].path, wrong[0].message);
    fuzz_check(!n);
    (void)document_public(j, r.doc);
    repaired_again(j, &how, document_text(j, r.doc));
}

static enum err
read_feed(struct job *j, void *arg)
{
    struct feed f = {.place = "input"};
    bool more = true;
    enum err e = feed_open_json(j, *(struct span *)arg, &f);

    while (!e && more) {
        struct scope scope = job_scope_begin(j);
        struct feed_record in = {0};

        e = f.next(j, f.arg, &in, &more);
        if (!e && more)
            one_record(j, in.text);
        job_scope_end(j, scope);
    }
    return e;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(read_feed, data, size);
}
