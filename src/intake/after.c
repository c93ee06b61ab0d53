#include "intake/after.h"
#include "base/log.h"

unsigned
after_changes(const char *kind)
{
    static const struct {
        const char *kind;
        unsigned what;
    } rows[] = {
#define CHANGES(kind, what) {kind, what},
#include "intake/after.def"
#undef CHANGES
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!strncmp(kind, rows[i].kind, strlen(rows[i].kind)))
            return rows[i].what;
    return CHANGES_FACTS;
}

enum err
after_load(struct job *j, const struct after *a)
{
    for (size_t i = 0; a && i < a->n; i++) {
        struct scope s = job_scope_begin(j);
        enum err e = a->step[i].run(j, a->step[i].arg);

        job_scope_end(j, s);
        if (e) {
            log_event(LOG_ERROR, "after-load", "step=%s area=%lld", a->step[i].name,
                      (long long)j->area);
            return e;
        }
    }
    return OK;
}
