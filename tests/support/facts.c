#include "support/facts.h"

enum { HOUR = 3600, SECOND = 1000000 };

int32_t
day(int32_t year, int32_t month, int32_t d)
{
    return date_from_ymd(year, month, d);
}

struct facts
facts_begin(struct job *j)
{
    return (struct facts){.j = j, .clock = SUPPORT_NOW - (int64_t)1000 * HOUR * SECOND,
                          .next_id = 1};
}

static void
run(struct facts *f, const char *sql, struct args a)
{
    assert_ok(f->j, db_run(f->j, sql, a, NULL));
}

static struct arg
known(int64_t v)
{
    return v ? INT(v) : NUL;
}

/* ---- batches ---- */

static const char sql_batch[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
    "loaded_by, school_year, term, rows_read, rows_loaded, rows_refused) "
    "VALUES ($1, $2, 'census', 'facts', $3, 'published', $4, $4, 'test', $5, $6, 0, 0, 0)";

int64_t
facts_batch(struct facts *f, int32_t school_year, enum term term)
{
    f->batch = f->next_id++;
    f->line = 0;
    f->year = school_year;
    f->term = term;
    run(f, sql_batch,
        ARGS(INT(f->j->area), INT(f->batch),
             TEXT(job_format(f->j, "digest of %lld", (long long)f->batch)), INT(f->clock),
             INT(school_year), INT(term)));
    f->clock += (int64_t)HOUR * SECOND;
    return f->batch;
}

static const char sql_withdraw[] =
    "UPDATE batch SET state = 'withdrawn', withdrawn = $3 "
    "WHERE area_id = $1 AND batch_id = $2";

void
facts_withdraw(struct facts *f, int64_t batch)
{
    run(f, sql_withdraw, ARGS(INT(f->j->area), INT(batch), INT(f->clock)));
    f->clock += (int64_t)HOUR * SECOND;
}

/* ---- the same everywhere ---- */

static const char sql_school[] =
    "INSERT INTO establishment_row (edition, urn, la, estab, name, type_code, type_name, phase, "
    "status, opened, closed, low_age, high_age, district) "
    "VALUES (0, $1, $2, 4000, 'A school', $3, 'A type', $4, 1, $5, $6, $7, $8, $9)";

void
facts_school(struct facts *f, struct facts_school s)
{
    run(f, sql_school,
        ARGS(INT(s.urn), INT(s.la ? s.la : f->j->area), INT(s.type ? s.type : 34),
             TEXT(s.phase ? s.phase : "secondary"), known(s.opened), known(s.closed),
             INT(s.low ? s.low : 11), INT(s.high ? s.high : 16), TEXT(s.district)));
}

static const char sql_successor[] =
    "INSERT INTO establishment_link_row (edition, urn, link_urn, kind) "
    "VALUES (0, $1, $2, 'Successor')";

void
facts_successor(struct facts *f, int64_t urn, int64_t successor)
{
    run(f, sql_successor, ARGS(INT(urn), INT(successor)));
}

static const char sql_postcode[] =
    "INSERT INTO postcode_row (edition, postcode, lsoa11, lsoa21, district) "
    "VALUES (0, $1, $2, $3, 'E07000001')";
static const char sql_lsoa[] =
    "INSERT INTO deprivation_row (edition, lsoa, iod, idaci_rank, idaci_decile, district) "
    "VALUES (0, $1, $2, 100, $3, 'North') ON CONFLICT DO NOTHING";

void
facts_postcode(struct facts *f, const char *postcode, const char *lsoa, int decile)
{
    const char *newer = job_format(f->j, "%sn", lsoa);

    run(f, sql_postcode, ARGS(TEXT(postcode), TEXT(lsoa), TEXT(newer)));
    run(f, sql_lsoa, ARGS(TEXT(lsoa), INT(2019), INT(decile)));
    run(f, sql_lsoa, ARGS(TEXT(newer), INT(2025), INT(decile == 10 ? 10 : decile + 1)));
}

/* ---- who ---- */

static const char sql_person[] =
    "INSERT INTO person (area_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
static const char sql_identity[] =
    "INSERT INTO identity (area_id, identity_id, person_id, digest, source, upn, born, sex, "
    "batch_id) VALUES ($1, $2, $3, $4, $5, $6, $7, 'F', $8) ON CONFLICT DO NOTHING";

void
facts_identity(struct facts *f, struct facts_identity i)
{
    if (i.person)
        run(f, sql_person, ARGS(INT(f->j->area), INT(i.person)));
    run(f, sql_identity,
        ARGS(INT(f->j->area), INT(i.identity), known(i.person),
             TEXT(job_format(f->j, "identity %lld", (long long)i.identity)),
             TEXT(i.source ? i.source : "school"), TEXT(i.upn),
             INT(i.born ? i.born : day(2010, 1, 1)), INT(f->batch)));
}

static int64_t
identity_of(struct facts *f, int64_t person, int64_t identity)
{
    if (!identity) {
        identity = person * 10;
        facts_identity(f, (struct facts_identity){.identity = identity, .person = person});
    }
    return identity;
}

/* ---- facts ---- */

static struct arg
pack(struct facts *f, const char *marks)
{
    struct attendance_totals t = {0};
    uint8_t *buf = job_alloc(f->j, ATTENDANCE_PACKED);
    struct span code;
    int n;

    if (!marks)
        return NUL;
    while (*marks) {
        code.s = marks;
        code.n = strcspn(marks, " ");
        marks += code.n;
        n = (int)strtol(marks, NULL, 10);
        assert_true(attendance_code(code) >= 0);
        t.by_code[attendance_code(code)] = (uint16_t)n;
        marks += strspn(marks, " ");
        marks += strcspn(marks, " ");
        marks += strspn(marks, " ");
    }
    return BLOB(buf, attendance_pack(&t, buf));
}

static const char sql_pupil[] =
    "INSERT INTO census_pupil (area_id, batch_id, file_id, line, identity_id, urn, school_year, "
    "term, on_roll, entered, left_on, status, year_group, part_time, boarder, sen, ethnicity, "
    "postcode, sessions_possible, marks, marks_summer2, summer2_possible) "
    "VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
    "$18, $19, $20, $21)";

int64_t
facts_pupil(struct facts *f, struct facts_pupil p)
{
    const char *status = p.status ? p.status : p.left_roll ? NULL : "C";
    int32_t entered = p.entered ? p.entered : day(f->year, 9, 1);
    int group = p.year_group ? p.year_group : 9;

    run(f, sql_pupil,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line),
             INT(identity_of(f, p.person, p.identity)), INT(p.urn), INT(f->year), INT(f->term),
             INT(!p.left_roll), p.no_entry ? NUL : INT(entered), known(p.left), TEXT(status),
             group == -2 ? NUL : INT(group), INT(p.part_time), TEXT(p.boarder), TEXT(p.sen),
             TEXT(p.ethnicity), TEXT(p.postcode), known(p.possible), pack(f, p.marks),
             pack(f, p.marks_summer2), known(p.possible_summer2)));
    return f->line;
}

static const char sql_suspension[] =
    "INSERT INTO suspension (area_id, batch_id, file_id, line, identity_id, urn, source, "
    "school_year, term, on_roll, category, started, ended, sessions, reason1, review_result, "
    "notified, status, amends_batch, amends_file, amends_line) "
    "VALUES ($1, $2, 2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
    "$18, $19, $20)";

int64_t
facts_suspension(struct facts *f, struct facts_suspension s)
{
    int sessions = s.sessions ? s.sessions : 2;

    run(f, sql_suspension,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line),
             INT(identity_of(f, s.person, 0)), INT(s.urn),
             TEXT(s.notice ? "notification" : "census"), s.notice ? NUL : INT(f->year),
             s.notice ? NUL : INT(f->term), s.notice ? NUL : INT(!s.left_roll),
             TEXT(s.category ? s.category : "SUSP"), INT(s.started), known(s.ended),
             sessions < 0 ? NUL : INT(sessions), TEXT(s.reason), TEXT(s.result),
             known(s.notified), TEXT(s.notice ? s.notice : "new"),
             s.amends ? INT(s.amends) : NUL, s.amends ? INT(2) : NUL, s.amends ? INT(1) : NUL));
    return f->line;
}

static const char sql_need[] =
    "INSERT INTO sen_need (area_id, batch_id, file_id, line, identity_id, urn, school_year, "
    "need_rank, need) VALUES ($1, $2, 3, $3, $4, 900001, $5, $6, $7)";

void
facts_need(struct facts *f, int64_t person, const char *need, int rank)
{
    run(f, sql_need,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line), INT(identity_of(f, person, 0)),
             INT(f->year), INT(rank), TEXT(need)));
}

static const char sql_meals[] =
    "INSERT INTO fsm_period (area_id, batch_id, file_id, line, identity_id, urn, started, "
    "ended, country) VALUES ($1, $2, 4, $3, $4, 900001, $5, $6, 'ENG')";

void
facts_meals(struct facts *f, int64_t person, int32_t started, int32_t ended)
{
    run(f, sql_meals,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line), INT(identity_of(f, person, 0)),
             INT(started), known(ended)));
}

static const char sql_care[] =
    "INSERT INTO care_episode (area_id, batch_id, file_id, line, part, identity_id, "
    "return_year, kind, started, ended, no_further_action, source_kind, told_to, score, "
    "placement) VALUES ($1, $2, 1, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

void
facts_care(struct facts *f, struct facts_care c)
{
    run(f, sql_care,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line),
             INT(identity_of(f, c.person, c.identity)), INT(c.return_year),
             TEXT(c.kind ? c.kind : "referral"), INT(c.started), known(c.ended),
             INT(c.no_action), TEXT(c.source_kind ? c.source_kind : "cin"), known(c.told_to),
             INT(c.score), TEXT(c.placement)));
}

static const char sql_placement[] =
    "INSERT INTO ap_placement (area_id, batch_id, file_id, line, identity_id, urn, school_year, "
    "term, kind, provider_urn, reason, entered, left_on) "
    "VALUES ($1, $2, 5, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

void
facts_placement(struct facts *f, struct facts_placement p)
{
    run(f, sql_placement,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line), INT(identity_of(f, p.person, 0)),
             INT(p.urn), INT(f->year), INT(f->term), TEXT(p.kind ? p.kind : "school"),
             known(p.provider), TEXT(p.reason), known(p.entered), known(p.left)));
}

static const char sql_entry[] =
    "INSERT INTO register_entry (area_id, batch_id, file_id, line, identity_id, register, "
    "started, ended, reason, urn, provider_urn, minutes_a_week, review_on, outcome) "
    "VALUES ($1, $2, 6, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

void
facts_entry(struct facts *f, struct facts_entry e)
{
    run(f, sql_entry,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line), INT(identity_of(f, e.person, 0)),
             TEXT(e.kind ? e.kind : "EHE"), INT(e.started), known(e.ended), TEXT(e.reason),
             known(e.urn), known(e.provider), known(e.minutes), known(e.review),
             TEXT(e.outcome)));
}

static const char sql_leaver[] =
    "INSERT INTO leaver (area_id, batch_id, file_id, line, identity_id, urn, left_on, ground, "
    "destination_urn, notified) VALUES ($1, $2, 7, $3, $4, $5, $6, $7, $8, $9)";

void
facts_leaver(struct facts *f, struct facts_leaver l)
{
    run(f, sql_leaver,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line), INT(identity_of(f, l.person, 0)),
             INT(l.urn), INT(l.left), TEXT(l.ground), known(l.destination),
             known(l.notified)));
}

static const char sql_outcome[] =
    "INSERT INTO exclusion_outcome (area_id, batch_id, file_id, line, identity_id, urn, "
    "started, stage, decided, result) VALUES ($1, $2, 8, $3, $4, $5, $6, $7, $8, $9)";

void
facts_outcome(struct facts *f, struct facts_outcome o)
{
    run(f, sql_outcome,
        ARGS(INT(f->j->area), INT(f->batch), INT(++f->line), INT(identity_of(f, o.person, 0)),
             INT(o.urn), INT(o.started), TEXT(o.stage ? o.stage : "governors"), INT(o.decided),
             TEXT(o.result)));
}
