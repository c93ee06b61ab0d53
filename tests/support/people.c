#include "support/people.h"
#include "access/agency.h"

static const char sql_account[] =
    "INSERT INTO account (account_id, login, name, passphrase, created, failures) "
    "VALUES ($1, $2, $3, 'x', 1, 0)";
static const char sql_role[] =
    "INSERT INTO account_role (account_id, role_no, role, area, agency_id, urn, since, until, why) "
    "SELECT $1, (SELECT COALESCE(MAX(role_no), 0) + 1 FROM account_role WHERE account_id = $1), "
    "$2, $3, $4, $5, $6, $7, 'A test'";

void
support_role(struct job *j, const struct actor *a, int64_t since, int64_t until)
{
    bool school = role_scope(a->role) == SCOPE_SCHOOL, none = role_scope(a->role) == SCOPE_NONE;
    enum agency_kind kind = role_agency(a->role);
    const struct agency like = {.area = a->area, .urn = a->urn,
                                .kind = kind == AGENCY_INCLUSION ? a->kind : kind};
    int64_t agency = 0;

    if (!none)
        assert_ok(j, agency_for(j, &like, &agency));
    assert_ok(j, db_run(j, sql_role,
                        ARGS(INT(a->account), TEXT(role_name(a->role)), none ? NUL : INT(a->area),
                             none ? NUL : INT(agency), school ? INT(a->urn) : NUL, INT(since),
                             until ? INT(until) : NUL), NULL));
}

void
support_account(struct job *j, const struct actor *a)
{
    assert_ok(j, db_run(j, sql_account,
                        ARGS(INT(a->account), TEXT(a->login), TEXT(a->name ? a->name : a->login)),
                        NULL));
    support_role(j, a, 0, 0);
}

static const char sql_move_agency[] =
    "UPDATE agency SET area_id = $1, urn = CASE WHEN kind = 'school' THEN CAST($2 AS BIGINT) END "
    "WHERE area_id = 1";
static const char sql_move_role[] =
    "UPDATE account_role SET area = $1, urn = CASE WHEN role IN ('senco', 'attendance-lead') "
    "THEN CAST($2 AS BIGINT) END WHERE area = 1";

void
support_move(struct job *j, int64_t area, int64_t urn)
{
    assert_ok(j, db_run(j, sql_move_agency, ARGS(INT(area), INT(urn)), NULL));
    assert_ok(j, db_run(j, sql_move_role, ARGS(INT(area), INT(urn)), NULL));
}
