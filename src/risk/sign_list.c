/* Reading the children whom signs list. */
#include "risk/sign_list.h"
#include "access/audit.h"
#include "access/guard.h"
#include "people/establishment.h"
#include "risk/sign_packs.h"
#include "store/query.h"

/* ---- the run ---------------------------------------------------------------------- */

static const char sql_run[] =
    "SELECT run_id, known_at, made, day, compared_day, registers_to, pack_id, looked_at, "
    "pack_version, no_data FROM sign_run WHERE area_id = $1 AND state = 'current'";

static void
run_from_row(struct rows *q, struct sign_run *r)
{
    *r = (struct sign_run){
        .id = row_int(q, 0), .known_at = row_int(q, 1), .made = row_int(q, 2),
        .day = (int32_t)row_int(q, 3), .compared_day = (int32_t)row_int_or(q, 4, DATE_NONE),
        .registers_to = (int32_t)row_int_or(q, 5, DATE_NONE), .pack_id = row_int(q, 6),
        .looked_at = row_int(q, 7), .pack_version = row_text(q, 8),
        .no_data = (uint32_t)row_int(q, 9)};
}

enum err
sign_run_current(struct job *j, struct sign_run *out)
{
    struct rows q;
    enum err e = permit(j, ACT_SIGNS, (struct subject){.urn = permit_school(j->who)});

    *out = (struct sign_run){0};
    if (e)
        return e;
    db_ask(j, &q, sql_run, ARGS(INT(j->area)));
    if (db_next(&q))
        run_from_row(&q, out);
    e = db_done(&q);
    if (!e && !out->id) {
        err_set(j, ERR_NOT_FOUND, "no signs have been looked for yet");
        return err_hint(j, "They follow by themselves when files are loaded.");
    }
    return e ? e : sign_pack_load(j, out->pack_id, &out->pack);
}

/* ---- whom the viewer may see ------------------------------------------------------ */

struct viewer {
    bool school;
    int64_t urn;      /* the only school; 0 all */
    uint32_t visible; /* bit per rule */
};

static enum err
viewer_of(struct job *j, const struct sign_run *run, int64_t asked_urn, struct viewer *v)
{
    int64_t own = permit_school(j->who);
    enum err e = permit(j, ACT_SIGNS, (struct subject){.urn = own ? own : asked_urn});

    *v = (struct viewer){.school = own != 0, .urn = own ? own : asked_urn};
    for (size_t i = 0; i < run->pack.n; i++)
        if (!own || run->pack.rule[i].schools)
            v->visible |= 1u << i;
    if (!e && own && asked_urn && asked_urn != own)
        return err_set(j, ERR_NOT_FOUND, "there is no such school here");
    return e;
}

/* ---- rows ------------------------------------------------------------------------- */

#define COLUMNS(tier, before, met, domains)                                                    \
    "SELECT c.person_id, c.urn, c.year_group, c." tier ", c." before ", c." met                \
    ", c.met_before, c." domains ", c.context, i.forename, i.surname, "                        \
    "(SELECT s.name FROM establishment s WHERE s.urn = c.urn) FROM sign_child c "              \
    "JOIN identity i ON i.area_id = c.area_id AND i.identity_id = c.identity_id "
#define LISTED(tier) "WHERE c.area_id = $1 AND c.run_id = $2 AND c." tier " > 0 "
#define OF_AUTHORITY COLUMNS("tier", "tier_before", "met", "domains")
#define OF_SCHOOL COLUMNS("tier_school", "tier_before_school", "met_school", "domains_school")

#define LEFT(tier, before)                                                                     \
    "WHERE c.area_id = $1 AND c.run_id = $2 AND c." tier " = 0 AND c." before " > 0 "
static const char sql_listed[] = OF_AUTHORITY LISTED("tier");
static const char sql_listed_school[] = OF_SCHOOL LISTED("tier_school");
static const char sql_left[] = OF_AUTHORITY LEFT("tier", "tier_before");
static const char sql_left_school[] = OF_SCHOOL LEFT("tier_school", "tier_before_school");
static const char sql_person[] =
    OF_AUTHORITY "WHERE c.area_id = $1 AND c.run_id = $2 AND c.person_id = $3";
static const char sql_person_school[] =
    OF_SCHOOL "WHERE c.area_id = $1 AND c.run_id = $2 AND c.person_id = $3";

static void
listed_from_row(struct rows *q, const struct viewer *v, struct sign_listed *out)
{
    const char *forename = row_text(q, 9), *surname = row_text(q, 10), *school = row_text(q, 11);
    uint32_t met = (uint32_t)row_int(q, 5) & v->visible;
    uint32_t before = (uint32_t)row_int(q, 6) & v->visible;

    *out = (struct sign_listed){
        .person = row_int(q, 0), .urn = row_int(q, 1), .year_group = (int)row_int(q, 2),
        .tier = (int)row_int(q, 3), .tier_before = (int)row_int(q, 4), .met = met,
        .is_new = met & ~before, .gone = before & ~met, .domains = (unsigned)row_int(q, 7),
        .context = (unsigned)row_int(q, 8) & ~(v->school ? (unsigned)CONTEXT_CARE : 0u),
        .name = job_format(q->j, "%s %s", forename ? forename : "", surname ? surname : ""),
    };
    out->school = school ? school : job_format(q->j, "School %lld", (long long)out->urn);
}

static const char sql_reasons[] =
    "SELECT rule, variant, value_1, value_2, value_3, value_4, on_day, data_day FROM sign_reason "
    "WHERE area_id = $1 AND run_id = $2 AND person_id = $3 ORDER BY rule";

static void
reason_from_row(struct rows *q, const struct sign_run *run, struct sign_reason *out)
{
    struct sign_found *f = &out->found;

    *f = (struct sign_found){.rule = (uint8_t)row_int(q, 0), .variant = (uint8_t)row_int(q, 1),
                             .on = (int32_t)row_int_or(q, 6, DATE_NONE),
                             .data_day = (int32_t)row_int_or(q, 7, DATE_NONE)};
    for (int i = 0; i < SIGN_VALUES; i++)
        f->value[i] = (int16_t)row_int(q, 2 + i);
    out->rule = &run->pack.rule[f->rule];
    out->words = sign_words(q->j, out->rule, f);
    out->on = f->on;
    out->data_day = f->data_day;
}

static enum err
add_reasons(struct job *j, const struct sign_run *run, struct sign_listed *child)
{
    size_t room = (size_t)__builtin_popcount(child->met);
    struct sign_reason *r = job_array(j, room + 1, sizeof *r);
    struct rows q;

    child->reason = r;
    db_ask(j, &q, sql_reasons, ARGS(INT(j->area), INT(run->id), INT(child->person)));
    while (child->n < room && db_next(&q)) {
        uint64_t rule = (uint64_t)row_int(&q, 0);
        if (rule >= run->pack.n || !(child->met >> rule & 1))
            continue;
        reason_from_row(&q, run, &r[child->n]);
        r[child->n++].is_new = child->is_new >> rule & 1;
    }
    return db_done(&q);
}

/* ---- filters ---------------------------------------------------------------------- */

static void
filter_school(struct query *q, const struct sign_filter *f)
{
    if (f->domains)
        query_and(q, "(c.domains_school & $1) <> 0", ARGS(INT(f->domains)));
    if (f->rule >= 0)
        query_and(q, "(c.met_school & $1) <> 0", ARGS(INT(1u << (f->rule & 31))));
    if (f->tier > 1)
        query_and(q, "c.tier_school >= $1", ARGS(INT(f->tier)));
    if (f->changed)
        query_and(q, "c.tier_before_school = 0 OR (c.met_school & ~c.met_before) <> 0", NO_ARGS);
}

static void
filter_authority(struct query *q, const struct sign_filter *f)
{
    if (f->domains)
        query_and(q, "(c.domains & $1) <> 0", ARGS(INT(f->domains)));
    if (f->rule >= 0)
        query_and(q, "(c.met & $1) <> 0", ARGS(INT(1u << (f->rule & 31))));
    if (f->tier > 1)
        query_and(q, "c.tier >= $1", ARGS(INT(f->tier)));
    if (f->changed)
        query_and(q, "c.tier_before = 0 OR (c.met & ~c.met_before) <> 0", NO_ARGS);
}

static void
filter(struct query *q, const struct viewer *v, const struct sign_filter *f)
{
    if (v->urn)
        query_and(q, "c.urn = $1", ARGS(INT(v->urn)));
    if (f->year_group != SIGN_ANY)
        query_and(q, "c.year_group = $1", ARGS(INT(f->year_group)));
    if (v->school)
        filter_school(q, f);
    else
        filter_authority(q, f);
}

/* ---- counts that are there already ------------------------------------------------- */

static const char sql_count[] =
    "SELECT COALESCE(SUM(children), 0) FROM sign_count WHERE area_id = $1 AND run_id = $2 AND "
    "school = $3 AND urn = $4 AND what = $5 AND member >= $6 AND member <= $7";

static const char sql_some[] =
    "SELECT c.place FROM sign_child c WHERE c.area_id = $1 AND c.run_id = $2 AND c.tier > 0 ";
static const char sql_some_school[] =
    "SELECT c.place FROM sign_child c WHERE c.area_id = $1 AND c.run_id = $2 AND "
    "c.tier_school > 0 ";

/* With one filter at most the run knows the number. */
static bool
is_counted(const struct sign_filter *f, const char **what, int64_t *from, int64_t *to)
{
    bool one_domain = f->domains && !(f->domains & (f->domains - 1));
    int n = (f->domains != 0) + (f->rule >= 0) + (f->tier > 1) + f->changed +
            (f->year_group != SIGN_ANY);

    *what = "listed";
    *from = *to = 0;
    if (n != 1)
        return n == 0;
    if (f->changed) {
        *what = "changed";
    } else if (f->tier > 1) {
        *what = "tier";
        *from = f->tier;
        *to = 3;
    } else if (f->domains) {
        *what = "domain";
        *from = *to = __builtin_ctz(f->domains);
    } else {
        *what = f->rule >= 0 ? "rule" : "year";
        *from = *to = f->rule >= 0 ? f->rule : f->year_group;
    }
    return !f->domains || one_domain;
}

/* Who is no longer listed is told by school and year group alone; few as they are. */
static const char *
sql_of(const struct viewer *v, const struct sign_filter *f)
{
    if (f->left)
        return v->school ? sql_left_school : sql_left;
    return v->school ? sql_listed_school : sql_listed;
}

static enum err
count_listed(struct job *j, const struct sign_run *run, const struct viewer *v,
             const struct sign_filter *f, int64_t *total)
{
    const char *what;
    int64_t from, to;
    struct query q;

    if (f->left) {
        query_begin(&q, j, sql_of(v, f), ARGS(INT(j->area), INT(run->id)));
        filter(&q, v, f);
        return query_count(&q, total);
    }
    if (is_counted(f, &what, &from, &to))
        return db_int(j, sql_count,
                      ARGS(INT(j->area), INT(run->id), INT(v->school), INT(v->urn), TEXT(what),
                           INT(from), INT(to)),
                      0, total);
    query_begin(&q, j, v->school ? sql_some_school : sql_some,
                ARGS(INT(j->area), INT(run->id)));
    filter(&q, v, f);
    return query_count(&q, total);
}

/* ---- lists ------------------------------------------------------------------------ */

static const struct query_order orders[] = {
    {"kinds", "c.kinds_place"},
    {"name", "c.place"},
    {"kinds-one", "c.tier DESC, c.place"}, /* of one school: its rows, then sorted */
    {"kinds-school", "c.tier_school DESC, c.place"},
    {NULL, NULL},
};

static const char *
order_name(const struct viewer *v, enum sign_sort sort)
{
    if (sort == SIGN_SORT_NAME)
        return "name";
    if (v->school)
        return "kinds-school";
    return v->urn ? "kinds-one" : "kinds";
}

static enum err
read_listed(struct query *q, const struct viewer *v, size_t room, struct sign_page *out)
{
    struct rows rows;

    query_ask(q, &rows);
    while (out->n < room && db_next(&rows))
        listed_from_row(&rows, v, &out->row[out->n++]);
    return db_done(&rows);
}

/* The list keeps its length; of this child it says nothing. */
static void
hide(const struct guard_set *s, struct sign_listed *c)
{
    *c = (struct sign_listed){.person = c->person, .hidden = true, .school = "",
                              .year_group = -2, .name = guard_set_words(s, c->person)};
}

enum err
sign_list(struct job *j, const struct sign_run *run, const struct sign_asked *ask,
          struct sign_page *out)
{
    size_t room = ask->limit > 0 ? (size_t)ask->limit : 0;
    struct guard_set hidden;
    struct viewer v;
    struct query q;
    enum err e = viewer_of(j, run, ask->of.urn, &v);

    *out = (struct sign_page){.row = job_array(j, room + 1, sizeof *out->row)};
    if (!e)
        e = count_listed(j, run, &v, &ask->of, &out->total);
    if (e)
        return e;
    query_begin(&q, j, sql_of(&v, &ask->of), ARGS(INT(j->area), INT(run->id)));
    filter(&q, &v, &ask->of);
    query_order(&q, orders, order_name(&v, ask->of.sort));
    query_page(&q, (int64_t)room, ask->offset);
    if ((e = guard_set_load(j, &hidden)))
        return e;
    e = read_listed(&q, &v, room, out);
    for (size_t i = 0; i < out->n && !e; i++)
        if (guard_set_hides(&hidden, out->row[i].person))
            hide(&hidden, &out->row[i]);
        else
            e = add_reasons(j, run, &out->row[i]);
    audit_shown(j, ACT_SIGNS, &(struct audit_list){&out->row->person, sizeof *out->row, out->n,
                                                   (int64_t)out->total});
    return e;
}

enum err
sign_of_child(struct job *j, const struct sign_run *run, int64_t person, struct sign_listed *out)
{
    struct viewer v;
    struct rows q;
    enum err e = viewer_of(j, run, 0, &v);

    *out = (struct sign_listed){.person = person};
    if (!e)
        e = permit(j, ACT_SIGNS, (struct subject){.person = person, .urn = v.urn});
    if (e)
        return e;
    db_ask(j, &q, v.school ? sql_person_school : sql_person,
           ARGS(INT(j->area), INT(run->id), INT(person)));
    /* a school is not told of a pupil that has left it */
    if (db_next(&q) && (!v.urn || row_int(&q, 1) == v.urn))
        listed_from_row(&q, &v, out);
    e = db_done(&q);
    return e ? e : add_reasons(j, run, out);
}

/* ---- facets ----------------------------------------------------------------------- */

static int64_t *
facet_at(struct sign_facets *f, const char *what, int64_t member)
{
    if (!strcmp(what, "listed"))
        return &f->listed;
    if (!strcmp(what, "changed"))
        return &f->changed;
    if (!strcmp(what, "left"))
        return &f->left;
    if (!strcmp(what, "tier") && member >= 0 && member < 4)
        return &f->tier[member];
    if (!strcmp(what, "domain") && member >= 0 && member < SIGN_DOMAINS)
        return &f->domain[member];
    if (!strcmp(what, "rule") && member >= 0 && member < SIGNS_MOST)
        return &f->rule[member];
    return !strcmp(what, "year") && member >= -1 && member < 15 ? &f->year[member + 1] : NULL;
}

static const char sql_facets[] =
    "SELECT what, member, children FROM sign_count WHERE area_id = $1 AND run_id = $2 AND "
    "school = $3 AND urn = $4";

static enum err
read_facets(struct job *j, const struct sign_run *run, const struct viewer *v,
            struct sign_facets *out)
{
    struct rows q;

    db_ask_kept(j, &q, &(struct db_kept){sql_facets, "tii", 0},
                ARGS(INT(j->area), INT(run->id), INT(v->school), INT(v->urn)));
    while (db_next(&q)) {
        int64_t *at = facet_at(out, row_text(&q, 0), row_int(&q, 1));
        if (at)
            *at = row_int(&q, 2);
    }
    return db_done(&q);
}

/* What a row is by each of the filters: a facet counts it when all the others let it in. */
struct facet_row {
    uint32_t met, is_new;
    unsigned domains;
    int tier, before, year;
};
enum { F_DOMAIN = 1, F_RULE = 2, F_TIER = 4, F_CHANGED = 8, F_YEAR = 16 };

static unsigned
fails(const struct sign_filter *f, const struct facet_row *r)
{
    unsigned out = 0;

    if (f->domains && !(f->domains & r->domains))
        out |= F_DOMAIN;
    if (f->rule >= 0 && !(r->met >> (f->rule & 31) & 1))
        out |= F_RULE;
    if (r->tier < f->tier)
        out |= F_TIER;
    if (f->changed && r->before && !r->is_new)
        out |= F_CHANGED;
    if (f->year_group != SIGN_ANY && f->year_group != r->year)
        out |= F_YEAR;
    return out;
}

static void
add_facets(struct sign_facets *out, const struct sign_filter *f, const struct facet_row *r)
{
    unsigned no = fails(f, r);

    out->listed += !no;
    if (!(no & ~(unsigned)F_CHANGED))
        out->changed += !r->before || r->is_new;
    if (!(no & ~(unsigned)F_TIER))
        out->tier[r->tier & 3]++;
    for (int d = 0; d < SIGN_DOMAINS && !(no & ~(unsigned)F_DOMAIN); d++)
        out->domain[d] += r->domains >> d & 1;
    for (int i = 0; i < SIGNS_MOST && !(no & ~(unsigned)F_RULE); i++)
        out->rule[i] += r->met >> i & 1;
    if (!(no & ~(unsigned)F_YEAR) && r->year >= -1 && r->year < 15)
        out->year[r->year + 1]++;
}

#define FACET_ROWS(tier, before, met, domains)                                                 \
    "SELECT c." tier ", c." before ", c." met ", c.met_before, c." domains ", c.year_group "   \
    "FROM sign_child c WHERE c.area_id = $1 AND c.run_id = $2 AND c." tier " > 0 "
static const char sql_facet_rows[] = FACET_ROWS("tier", "tier_before", "met", "domains");
static const char sql_facet_rows_school[] =
    FACET_ROWS("tier_school", "tier_before_school", "met_school", "domains_school");

static enum err
count_facets(struct job *j, const struct sign_run *run, const struct viewer *v,
             const struct sign_filter *f, struct sign_facets *out)
{
    struct query q;
    struct rows rows;

    query_begin(&q, j, v->school ? sql_facet_rows_school : sql_facet_rows,
                ARGS(INT(j->area), INT(run->id)));
    if (v->urn)
        query_and(&q, "c.urn = $1", ARGS(INT(v->urn)));
    query_ask(&q, &rows);
    while (db_next(&rows)) {
        uint32_t met = (uint32_t)row_int(&rows, 2) & v->visible;
        const struct facet_row r = {
            met, met & ~(uint32_t)row_int(&rows, 3), (unsigned)row_int(&rows, 4),
            (int)row_int(&rows, 0), (int)row_int(&rows, 1), (int)row_int(&rows, 5)};
        add_facets(out, f, &r);
    }
    return db_done(&rows);
}

enum err
sign_facets(struct job *j, const struct sign_run *run, const struct sign_filter *f,
            struct sign_facets *out)
{
    bool any = f->domains || f->rule >= 0 || f->tier > 1 || f->changed ||
               f->year_group != SIGN_ANY;
    struct viewer v;
    enum err e = viewer_of(j, run, f->urn, &v);

    *out = (struct sign_facets){0};
    if (!e)
        e = read_facets(j, run, &v, out);
    if (e || !any)
        return e;
    *out = (struct sign_facets){.left = out->left};
    return count_facets(j, run, &v, f, out);
}

/* ---- schools ---------------------------------------------------------------------- */

static const char sql_schools[] =
    "SELECT n.urn, s.name, n.what, n.member, n.children FROM sign_count n "
    "LEFT JOIN establishment s ON s.urn = n.urn WHERE n.area_id = $1 AND n.run_id = $2 AND "
    "n.what IN ('listed', 'changed', 'tier') AND n.school = $3 AND n.urn <> 0 AND "
    "($4 = 0 OR n.urn = $4) ORDER BY s.name, n.urn";

static const char sql_schools_count[] =
    "SELECT COUNT(*) FROM sign_count n WHERE n.area_id = $1 AND n.run_id = $2 AND "
    "n.what = 'listed' AND n.school = $3 AND n.urn <> 0";

static void
school_from_row(struct rows *q, struct sign_school *s)
{
    const char *what = row_text(q, 2), *name = row_text(q, 1);
    int64_t member = row_int(q, 3);

    s->urn = row_int(q, 0);
    s->name = name ? name : job_format(q->j, "School %lld", (long long)s->urn);
    if (!strcmp(what, "listed"))
        s->listed = row_int(q, 4);
    else if (!strcmp(what, "changed"))
        s->changed = row_int(q, 4);
    else if (member >= 0 && member < 4)
        s->tier[member] = row_int(q, 4);
}

enum err
sign_schools(struct job *j, const struct sign_run *run, struct sign_school **out, size_t *n)
{
    struct viewer v;
    int64_t room = 0, edition;
    struct rows q;
    enum err e = viewer_of(j, run, 0, &v);

    *n = 0;
    if (!e)
        e = db_int_kept(j, &(struct db_kept){sql_schools_count, "i", 0},
                        ARGS(INT(j->area), INT(run->id), INT(v.school)), 0, &room);
    if (!e)
        e = establishment_edition(j, &edition);
    if (e)
        return e;
    *out = job_array(j, (size_t)room + 1, sizeof **out);
    db_ask_kept(j, &q, &(struct db_kept){sql_schools, "ittii", edition},
                ARGS(INT(j->area), INT(run->id), INT(v.school), INT(v.urn)));
    while (db_next(&q)) {
        bool next = !*n || (*out)[*n - 1].urn != row_int(&q, 0);
        if (next && (int64_t)*n == room)
            break;
        *n += next;
        school_from_row(&q, &(*out)[*n - 1]);
    }
    return db_done(&q);
}
