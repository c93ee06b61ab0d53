#include "support/children.h"
#include "access/actor.h"
#include "base/date.h"
#include "base/text.h"
#include "intake/counted.h"

const struct actor children_analyst = {.account = 1, .login = "priya", .name = "Priya Nair",
                                       .role = ROLE_ANALYST, .area = 1, .csrf = "t"};
const struct actor children_senco = {.account = 2, .login = "dana", .name = "Dana Marsh",
                                     .role = ROLE_SENCO, .area = 1, .urn = 100002, .csrf = "t"};
const struct actor children_admin = {.account = 3, .login = "root", .name = "Ada Root",
                                     .role = ROLE_ADMINISTRATOR, .csrf = "t"};

static void
run(struct job *j, const char *sql, struct args a)
{
    assert_ok(j, db_run(j, sql, a, NULL));
}

static void
batch(struct job *j, int id, const char *kind, const char *title, int64_t when)
{
    run(j, "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
           "loaded_by, school_year, term, rows_read, rows_loaded, rows_refused) "
           "VALUES (1, $1, $2, $3, $4, $5, 0, $6, 'priya', $7, $8, 3, 3, 0)",
        ARGS(INT(id), TEXT(kind), TEXT(title), TEXT(title), TEXT(when ? "published" : "loading"),
             when ? INT(when) : NUL, INT(2024), INT(id - 9)));
}

static void
identity(struct job *j, int id, int person, const char *upn, const char *surname,
         const char *forename)
{
    struct span s = span_of(surname), f = span_of(forename);

    run(j, "INSERT INTO identity (area_id, identity_id, person_id, digest, source, upn, surname, "
           "forename, born, sex, batch_id, surname_key, forename_key) "
           "VALUES (1, $1, $2, $3, 'school', $4, $5, $6, $7, 'M', $8, $9, $10)",
        ARGS(INT(id), INT(person), TEXT(job_format(j, "%d", id)), TEXT(upn), TEXT(surname),
             TEXT(forename), INT(date_from_ymd(2014, 3, 14)), INT(id == 4 ? 12 : 10),
             TEXT(text_name_key(j, s)), TEXT(text_name_key(j, f))));
}

static void
census(struct job *j, int b, int line, int identity_id, int urn, int year_group)
{
    run(j, "INSERT INTO census_pupil (area_id, batch_id, file_id, line, identity_id, urn, "
           "school_year, term, on_roll, entered, status, year_group, sen, ethnicity) "
           "VALUES (1, $1, 1, $2, $3, $4, 2024, $5, 1, $6, 'C', $7, 'K', 'WBRI')",
        ARGS(INT(b), INT(line), INT(identity_id), INT(urn), INT(b - 9),
             INT(date_from_ymd(2020, 9, 3)), INT(year_group)));
}

static void
school_return(struct job *j, int b, int line, int urn, int on_roll)
{
    run(j, "INSERT INTO census_return (area_id, batch_id, file_id, line, urn, school_year, term, "
           "on_roll, no_longer, with_sessions) VALUES (1, $1, 9, $2, $3, 2024, $4, $5, 0, 0)",
        ARGS(INT(b), INT(line), INT(urn), INT(b - 9), INT(on_roll)));
}

static void
schools(struct job *j)
{
    run(j, "INSERT INTO establishment_row (edition, urn, la, estab, name, type_code, type_name, "
           "phase, status) VALUES (1, 100001, 1, 2001, 'Oakleaf Primary', 1, 'Community school', "
           "'primary', 1), (1, 100002, 1, 4001, 'Fernhill Academy', 34, 'Academy converter', "
           "'secondary', 1)", NO_ARGS);
    run(j, "UPDATE edition SET edition = 1 WHERE name = 'gias'", NO_ARGS);
}

void
children_make(struct job *j)
{
    support_db(j);
    support_area(j);
    schools(j);
    batch(j, 10, "census", "School census, autumn 2024", 1);
    batch(j, 11, "census", "School census, spring 2025", 2);
    batch(j, 12, "census", "School census, summer 2025", 0);
    batch(j, 13, "cin", "Children in need census 2025", 3);
    identity(j, 1, 1, "A123456789012", "Whitlock", "Kai");
    identity(j, 2, 2, "B123456789012", "van Berg", "Mary Jane");
    identity(j, 3, 3, "C123456789012", "O'Neil", "Zoë");
    identity(j, 4, 4, "D123456789012", "Child", "Hidden");
    school_return(j, 10, 2, 100001, 2);
    school_return(j, 10, 3, 100002, 1);
    school_return(j, 11, 2, 100001, 1);
    school_return(j, 11, 3, 100002, 2);
    school_return(j, 12, 2, 100002, 1);
    census(j, 10, 2, 1, 100001, 7);
    census(j, 10, 3, 3, 100001, 6);
    census(j, 10, 4, 2, 100002, 9);
    census(j, 11, 2, 1, 100002, 7);
    census(j, 11, 3, 3, 100001, 6);
    census(j, 11, 4, 2, 100002, 9);
    census(j, 12, 2, 4, 100002, 9);
    run(j, "INSERT INTO suspension (area_id, batch_id, file_id, line, identity_id, urn, source, "
           "school_year, term, category, started, ended, sessions, reason1, status) VALUES "
           "(1, 10, 2, 2, 1, 100001, 'census', 2024, 1, 'SUSP', 20000, 20001, 4, 'PP', 'new'), "
           "(1, 11, 2, 9, 1, 100002, 'census', 2024, 2, 'SUSP', 20100, 20100, 2, 'DB', 'new')",
        NO_ARGS);
    run(j, "INSERT INTO care_episode (area_id, batch_id, file_id, line, part, identity_id, "
           "return_year, kind, started, ended, need) VALUES "
           "(1, 13, 1, 40, 1, 1, 2025, 'referral', 19900, NULL, 'N1')", NO_ARGS);
    assert_ok(j, db_begin(j));
    assert_ok(j, counted_derive(j)); /* as whoever publishes does */
    assert_ok(j, db_commit(j));
}
