#include "intake/notice.h"
#include "people/establishment.h"
#include <ctype.h>

enum { URN_DIGITS = 6, NUMBER_DIGITS = 7, ESTAB = 10000 };

enum err
notice_write(struct job *j, struct loading *l, const struct record *r, const struct notice *n)
{
    struct place at = loading_place(l, r, n->urn);

    if (n->last.type != ARG_NULL && n->last.i < n->from)
        return loading_find(j, l, &at, FOUND_END_BEFORE_START, NULL);
    return loading_row(j, l, &fact_suspension,
                       ARGS(INT(j->area), INT(l->batch_id), INT(l->file_id), INT(r->line),
                            INT(n->identity_id), INT(n->urn), TEXT("notification"), NUL, NUL,
                            NUL, n->category, INT(n->from), n->last, n->sessions, n->reason[0],
                            n->reason[1], n->reason[2], NUL, NUL, NUL, NUL, n->notified,
                            TEXT("new"), NUL, NUL, NUL));
}

struct arg
notice_sessions(const struct value *days)
{
    return days->given ? INT(days->i * 2 / 100) : NUL;
}

static const char sql_is_school[] = "SELECT urn FROM establishment WHERE urn = $1";

static enum err
school_of_digits(struct job *j, const char *s, size_t n, int64_t *urn)
{
    int64_t number;

    *urn = 0;
    if (!text_to_int(s, n, &number))
        return OK;
    if (n == URN_DIGITS)
        return db_int(j, sql_is_school, ARGS(INT(number)), 0, urn);
    if (n == NUMBER_DIGITS)
        return establishment_by_number(j, number / ESTAB, number % ESTAB, DATE_NONE, urn);
    return OK;
}

enum err
notice_school_of(struct job *j, const struct returns_file *f, int64_t *urn)
{
    const char *s = f->path, *end = s + strlen(s);
    int slashes = 0;
    enum err e = OK;

    for (const char *p = end; p > s; p--) /* the name and its folder */
        if (*p == '/' && ++slashes == 2) {
            s = p;
            break;
        }
    *urn = 0;
    while (!e && !*urn && s < end) {
        size_t n = strspn(s, "0123456789");
        if (n)
            e = school_of_digits(j, s, n, urn);
        s += n ? n : 1;
    }
    return e;
}
