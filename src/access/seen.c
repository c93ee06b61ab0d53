#include "access/seen.h"
#include "access/account_role.h"
#include "store/db.h"

static const char sql_seen[] =
    "SELECT e.audit_id, e.at, e.account_id, e.event, e.act, e.outcome, a.name, "
    "COALESCE(e.role, r.role) "
    "FROM audit e LEFT JOIN account a ON a.account_id = e.account_id "
    "LEFT JOIN account_role r ON r.account_id = e.account_id "
    "AND r.role_no = " ACCOUNT_ROLE_FIRST("e.account_id", "e.at") " "
    "WHERE e.area_id = $1 AND e.person_id = $2 AND ($3 = 0 OR e.audit_id < $3) "
    "ORDER BY e.audit_id DESC LIMIT $4";

static enum act
act_of(const char *name)
{
    int a = 0;

    while (a < ACTS && strcmp(act_name((enum act)a), name))
        a++;
    return (enum act)a;
}

static struct seen
seen_from_row(struct rows *q)
{
    struct seen s = {.id = row_int(q, 0), .at = row_int(q, 1), .account = row_int(q, 2),
                     .act = act_of(row_text(q, 4)), .name = row_text(q, 6)};
    const char *outcome = row_text(q, 5), *role = row_text(q, 7);
    enum role r;

    if (!audit_event_find(row_text(q, 3), &s.event))
        s.event = EVENT_OPENED;
    s.outcome = !strcmp(outcome, "allowed")   ? NOTE_ALLOWED
                : !strcmp(outcome, "refused") ? NOTE_REFUSED
                                              : NOTE_TAKEN_BACK;
    if (role && role_find(role, &r))
        s.role = role_title(r);
    return s;
}

enum err
seen_list(struct job *j, int64_t person, int64_t before, size_t most, struct seen_page *out)
{
    struct rows q;
    enum err e = permit(j, ACT_SEEN, (struct subject){.person = person});

    *out = (struct seen_page){.v = job_array(j, most + 1, sizeof *out->v)};
    if (e)
        return e;
    db_ask(j, &q, sql_seen, ARGS(INT(j->area), INT(person), INT(before), INT(most + 1)));
    while (out->n <= most && db_next(&q))
        out->v[out->n++] = seen_from_row(&q);
    out->more = out->n > most;
    out->n -= out->more;
    return db_done(&q);
}
