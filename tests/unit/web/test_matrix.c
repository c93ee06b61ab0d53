/* The access matrix: every role, each relationship, level and standing to a child, each audience
 * of a note and each act, against permit() and against every page over HTTP. What is expected is
 * the tables below and nothing of the program. */
#include "access/guard.h"
#include "base/date.h"
#include "intake/sealing.h"
#include "people/note.h"
#include "people/school_child.h"
#include "support/loads.h"
#include "support/people.h"
#include "support/served.h"
#include "synth/synth.h"
#include "web/page.h"
#include <string.h>

/* ---- what is expected, in words ---------------------------------------------------------- */

enum { A = 1, L = 2, S = 4, M = 8, G = 16, D = 32, P = 64, E = 128,
       ALL = A | L | S | M | G | D | P | E }; /* sets of roles */
static const struct { const char *role; unsigned bit; bool school, area; } roles[] = {
    {"analyst", A, false, true},        {"inclusion-lead", L, false, true},
    {"senco", S, true, false},          {"attendance-lead", S, true, false},
    {"administrator", M, false, false}, {"governance-officer", G, false, false},
    {"directory-manager", D, false, false}, {"provider", P, false, false},
    {"evaluator", E, false, false},
};
enum { N_ROLES = sizeof roles / sizeof *roles };

/* An act that is new wants a line here: who may at all; of a child: when it is open, also when it
 * was opened in an emergency (to read), also before (to open it so), also when nobody answers for
 * it (to take it over). */
enum about { NOBODY, CHILD, READ, BEFORE, TAKE_OVER };
static const struct { const char *act; unsigned may; enum about about; } acts[] = {
    {"public", ALL, NOBODY},      {"sign-in", ALL, NOBODY},     {"self", ALL, NOBODY},
    {"figures", A | L, CHILD},    {"children", A | L | S, CHILD}, {"child", A | L | S, READ},
    {"seen", A | L, CHILD},       {"original", A, READ},        {"signs", A | L | S, READ},
    {"sign-pack", A | L, CHILD},  {"schools", A | L | S, CHILD}, {"data", A | L, CHILD},
    {"quality", A | L | S, CHILD}, {"tell", A | L | S, CHILD},  {"correct", A, CHILD},
    {"load", A, CHILD},           {"export", A | L, CHILD},     {"accounts", M, NOBODY},
    {"agencies", M, NOBODY},      {"setup", M, NOBODY},         {"level", L, TAKE_OVER},
    {"break-glass", A | L, BEFORE}, {"glass-review", G, NOBODY}, {"note", A | L | S, CHILD},
    {"seal", L, CHILD},           {"address", L, CHILD},
    {"agreement", ALL, NOBODY},   {"agreement-write", G, NOBODY},
    {"governance", M | G, NOBODY}, {"retention", M | G, NOBODY}, {"retention-write", G, NOBODY},
    {"directory", D, NOBODY}, {"offer", D | P, NOBODY}, {"evidence", D | E, NOBODY},
};
enum { N_ACTS = sizeof acts / sizeof *acts };

/* What the child is to the person's school; who works for the area sees all the same. */
static const struct { const char *name; bool of_school; } relations[] = {
    {"on roll now", true}, {"on roll before", true}, {"of another school", false},
    {"only in a batch that is still loading", false},
};
enum { N_RELATIONS = sizeof relations / sizeof *relations, UNPUBLISHED = 3 };

enum open { CLOSED, EMERGENCY, LEFT, TO_READ, OPEN }; /* nothing; may be opened so; and be
                                                       * taken over; was opened so; all */
enum level { NORMAL, RESTRICTED, SEALED };
enum standing { NONE, OWNER, NAMED, NAMED_BEFORE, BARRED, BARRED_BEFORE, GLASS, GLASS_OVER,
                NAMED_AND_BARRED, OWNER_AND_BARRED, OWNER_GONE };
static const struct { enum level level; enum standing standing; enum open open; } rules[] = {
    {NORMAL, NONE, OPEN},                {RESTRICTED, NONE, EMERGENCY},
    {NORMAL, OWNER, OPEN},               {RESTRICTED, OWNER, OPEN},
    {NORMAL, NAMED, OPEN},               {RESTRICTED, NAMED, OPEN},
    {NORMAL, NAMED_BEFORE, OPEN},        {RESTRICTED, NAMED_BEFORE, EMERGENCY},
    {NORMAL, BARRED, CLOSED},            {RESTRICTED, BARRED, CLOSED},
    {NORMAL, BARRED_BEFORE, OPEN},       {RESTRICTED, BARRED_BEFORE, EMERGENCY},
    {NORMAL, GLASS, OPEN},               {RESTRICTED, GLASS, TO_READ},
    {NORMAL, GLASS_OVER, OPEN},          {RESTRICTED, GLASS_OVER, EMERGENCY},
    {NORMAL, NAMED_AND_BARRED, CLOSED},  {RESTRICTED, NAMED_AND_BARRED, CLOSED},
    {RESTRICTED, OWNER_GONE, LEFT},
    /* its owner is who keeps a sealed record, and must be one who may seal */
    {SEALED, NONE, CLOSED},              {SEALED, OWNER, OPEN},
    {SEALED, NAMED, CLOSED},             {SEALED, GLASS, CLOSED},
    {SEALED, BARRED, CLOSED},            {SEALED, OWNER_AND_BARRED, CLOSED},
};
enum { N_RULES = sizeof rules / sizeof *rules };

/* Notes, by whom and for whom, and who reads them besides who may open the record. */
static const struct audience {
    const char *kind;
    int64_t urn;
    const char *also;
    bool area, school;
} audiences[] = {
    {"inclusion-team", 0, NULL, true, false},      {"inclusion-team", 0, "school", true, true},
    {"school", 100001, NULL, false, true},         {"school", 100001, "inclusion-team", true, true},
    {"school", 100002, NULL, false, false},
    {"school", 100002, "inclusion-team", true, false},
    {"inclusion-team", 0, "police", true, false},  {"police", 0, NULL, false, false},
    {"police", 0, "inclusion-team", true, false},
};
enum { N_AUDIENCES = sizeof audiences / sizeof *audiences };

/* ---- one cell ---------------------------------------------------------------------------- */

struct cell { int role, relation, rule; };

static int64_t
person_of(struct cell c)
{
    return 1000 + ((int64_t)c.role * N_RELATIONS + c.relation) * N_RULES + c.rule;
}

static enum open
open_of(struct cell c)
{
    if (rules[c.rule].level == SEALED)
        return roles[c.role].bit == L ? rules[c.rule].open : CLOSED;
    if (roles[c.role].school && !relations[c.relation].of_school)
        return CLOSED;
    return rules[c.rule].open;
}

static bool
may(struct cell c, int act)
{
    enum open open = open_of(c);

    if (!(acts[act].may & roles[c.role].bit))
        return false;
    switch (acts[act].about) {
    case NOBODY:
    case CHILD:
        return open == OPEN;
    case READ:
        return open == OPEN || open == TO_READ;
    case TAKE_OVER:
        return open == OPEN || open == LEFT;
    case BEFORE:
        break;
    }
    return open != CLOSED;
}

static int
act_of(enum act act)
{
    for (int i = 0; i < N_ACTS; i++)
        if (!strcmp(acts[i].act, act_name(act)))
            return i;
    fail_msg("who may \"%s\"?", act_name(act));
    return 0;
}

static const char *
words_of(struct job *j, struct cell c)
{
    static const char *const levels[] = {"normal", "restricted", "sealed"};
    static const char *const standings[] = {"nothing to it", "its owner", "named", "named before",
                                            "barred", "barred before", "opened it in an emergency",
                                            "opened it before", "named and barred",
                                            "its owner and barred",
                                            "nothing to it, as its owner has gone"};

    return job_format(j, "%s, child %lld, %s, %s, %s", roles[c.role].role,
                      (long long)person_of(c), relations[c.relation].name,
                      levels[rules[c.rule].level], standings[rules[c.rule].standing]);
}

/* fn for each cell of a role, or of all (-1). */
static void
each_cell(int role, void (*fn)(void *, struct cell), void *arg)
{
    for (int r = 0; r < N_ROLES; r++)
        for (int i = 0; (role < 0 || role == r) && i < N_RELATIONS; i++)
            for (int k = 0; k < N_RULES; k++)
                fn(arg, (struct cell){r, i, k});
}

/* ---- the children ------------------------------------------------------------------------ */

enum { OURS = 100001, THEIRS = 100002, OTHERS = 99, GONE = 98 }; /* schools; accounts of others */
static const char sql_schools[] =
    "INSERT INTO establishment_row (edition, urn, la, estab, name, type_code, type_name, phase, "
    "status) VALUES (1, 100001, 1, 2001, 'Ours', 1, 'Community school', 'primary', 1), "
    "(1, 100002, 1, 4001, 'Theirs', 34, 'Academy converter', 'secondary', 1)";
static const char sql_edition[] = "UPDATE edition SET edition = 1 WHERE name = 'gias'";
static const char sql_batch[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
    "loaded_by, school_year, term, rows_read, rows_loaded, rows_refused) "
    "VALUES (1, $1, 'census', 'School census', $2, 'published', 0, $1, 'x', 2024, $1, 1, 1, 0)";
static const char sql_person[] = "INSERT INTO person (area_id, person_id) VALUES (1, $1)";
static const char sql_identity[] =
    "INSERT INTO identity (area_id, identity_id, person_id, digest, source, surname, forename, "
    "surname_key, forename_key, born, sex, batch_id) "
    "VALUES (1, $1, $1, $2, 'school', $2, 'Zzcanary', $2, 'ZZCANARY', 16000, 'F', $3)";
static const char sql_pupil[] =
    "INSERT INTO census_pupil (area_id, batch_id, file_id, line, identity_id, urn, school_year, "
    "term, on_roll) VALUES (1, $1, 1, $2, $2, $3, 2024, $1, 1)";
static const char sql_return[] =
    "INSERT INTO census_return (area_id, batch_id, file_id, line, urn, school_year, term, on_roll, "
    "no_longer, with_sessions) VALUES (1, $1, 9, $2, $2, 2024, $1, 9, 0, 0)";
static const char sql_guard[] =
    "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
    "VALUES (1, $1, $2, 'w', 1, 1)";
static const char sql_named[] =
    "INSERT INTO child_named (area_id, person_id, account_id, since, until, given_by) "
    "VALUES (1, $1, $2, 1, $3, 1)";
static const char sql_bar[] =
    "INSERT INTO child_bar (area_id, person_id, account_id, since, until, why, set_by) "
    "VALUES (1, $1, $2, 1, $3, 'w', 1)";
static const char sql_glass[] =
    "INSERT INTO break_glass (area_id, glass_id, person_id, account_id, category, why, begun, "
    "until, owner_id) VALUES (1, $1, $1, $2, 'harm', 'w', 1, $3, 99)";
static const char sql_note[] =
    "INSERT INTO note (area_id, note_id, person_id, account_id, agency_kind, urn, content, "
    "written) "
    "VALUES (1, $1, $2, 99, $3, $4, $5, 1)";
static const char sql_audience[] =
    "INSERT INTO note_audience (area_id, note_id, agency_kind) VALUES (1, $1, $2)";
static const char sql_custodian[] =
    "INSERT INTO sealed_custodian (area_id, account_id, person_id, since, seen) "
    "VALUES (-1, $2, $1, 1, 1)";
static const char sql_unpublish[] = "UPDATE batch SET state = 'loading' WHERE batch_id = 3";
static const char sql_agree[] =
    "INSERT INTO agreement (area_id, version, title, article_6, article_9, state, made, made_by, "
    "force_from, review_on) VALUES (1, 1, 't', 'a', 'b', 'agreed', 1, 1, $1, 99999)";
static const char sql_share[] =
    "INSERT INTO agreement_cell (area_id, version, purpose, agency_kind, category, share) "
    "VALUES (1, 1, 'decide', $1, 'notes', $2)";
#define RUN(sql, ...) assert_ok(j, db_run(j, sql, ARGS(__VA_ARGS__), NULL))

/* Where its rows lie. */
static int64_t
area_of(struct cell c)
{
    return rules[c.rule].level == SEALED ? -1 : 1;
}

static void
add_guards(struct job *j, struct cell c)
{
    enum standing s = rules[c.rule].standing;
    bool owner = s == OWNER || s == OWNER_AND_BARRED;
    int64_t person = person_of(c), account = 0;
    enum role role;

    assert_true(role_find(roles[c.role].role, &role));
    account = (int64_t)role + 1; /* as served_start() numbers them */
    if (rules[c.rule].level == RESTRICTED)
        RUN(sql_guard, INT(person), INT(s == OWNER_GONE ? GONE : owner ? account : OTHERS));
    if (s == NAMED || s == NAMED_BEFORE || s == NAMED_AND_BARRED)
        RUN(sql_named, INT(person), INT(account), s == NAMED_BEFORE ? INT(2) : NUL);
    if (s == BARRED || s == BARRED_BEFORE || s == NAMED_AND_BARRED || s == OWNER_AND_BARRED)
        RUN(sql_bar, INT(person), INT(account), s == BARRED_BEFORE ? INT(2) : NUL);
    if (s == GLASS || s == GLASS_OVER)
        RUN(sql_glass, INT(person), INT(account), s == GLASS ? INT(INT64_MAX) : INT(2));
}

static void
add_notes(struct job *j, struct cell c)
{
    for (int i = 0; i < N_AUDIENCES; i++) {
        int64_t id = person_of(c) * 10 + i;
        RUN(sql_note, INT(id), INT(person_of(c)), TEXT(audiences[i].kind),
            audiences[i].urn ? INT(audiences[i].urn) : NUL, TEXT("Qqcanary"));
        if (audiences[i].also)
            RUN(sql_audience, INT(id), TEXT(audiences[i].also));
    }
}

struct making { struct job *j; struct key key; };

/* By a lead who keeps it, then; so does the person of the cell. */
static void
seal_child(void *arg, struct cell c)
{
    const struct actor keeper = {.account = OTHERS, .login = "other", .area = 1,
                                 .role = ROLE_INCLUSION_LEAD};
    enum standing s = rules[c.rule].standing;
    struct making *m = arg;
    struct job *j = m->j;
    struct scope turn = job_scope_begin(j);
    enum role role;

    if (rules[c.rule].level == SEALED) {
        j->who = &keeper;
        assert_ok(j, db_begin(j));
        assert_ok(j, sealing_seal(j, &m->key, &(struct seal_order){.person = person_of(c),
                                                                   .why = "w"}));
        assert_true(role_find(roles[c.role].role, &role));
        if (s == OWNER || s == OWNER_AND_BARRED)
            RUN(sql_custodian, INT(person_of(c)), INT(role + 1));
        assert_ok(j, db_commit(j));
        j->who = NULL;
    }
    job_scope_end(j, turn);
}

static void
add_child(void *arg, struct cell c)
{
    struct making *m = arg;
    struct job *j = m->j;
    int64_t person = person_of(c);
    int batch = c.relation == UNPUBLISHED ? 3 : 2;

    RUN(sql_person, INT(person));
    RUN(sql_identity, INT(person), TEXT(job_format(j, "C%lldC", (long long)person)), INT(batch));
    RUN(sql_pupil, INT(batch), INT(person),
        INT(c.relation == 0 || c.relation == UNPUBLISHED ? OURS : THEIRS));
    if (c.relation == 1)
        RUN(sql_pupil, INT(1), INT(person), INT(OURS));
    add_guards(j, c);
    add_notes(j, c);
}

static void
start(struct served *s, struct job *j)
{
    static const char *const full[] = {"inclusion-team", "school"};
    struct making m = {.j = j};

    support_db(j);
    support_area(j);
    assert_ok(j, key_load(j, support_path(j, "."), &m.key));
    assert_ok(j, db_begin(j));
    support_account(j, &(struct actor){.account = OTHERS, .login = "other", .area = 1,
                                       .role = ROLE_INCLUSION_LEAD});
    assert_ok(j, db_run(j, sql_schools, NO_ARGS, NULL));
    assert_ok(j, db_run(j, sql_edition, NO_ARGS, NULL));
    for (int b = 1; b <= 3; b++) {
        RUN(sql_batch, INT(b), TEXT(job_format(j, "%d", b)));
        RUN(sql_return, INT(b), INT(OURS));
        RUN(sql_return, INT(b), INT(THEIRS));
    }
    RUN(sql_agree, INT(SUPPORT_TODAY));
    for (int i = 0; i < 2; i++)
        RUN(sql_share, TEXT(full[i]), TEXT("full"));
    RUN(sql_share, TEXT("police"), TEXT("summary"));
    each_cell(-1, add_child, &m);
    assert_ok(j, db_commit(j));
    each_cell(-1, seal_child, &m);
    assert_ok(j, db_run(j, sql_unpublish, NO_ARGS, NULL));
    assert_ok(j, db_analyse(j));
    served_start(s, j, NULL);
}

/* ---- permit() ------------------------------------------------------------------------------ */

struct asking {
    struct served s;
    struct job *j;    /* a reading connection, as a page has; NULL: the one that writes */
    struct actor who;
    int64_t cells;
};

static void
be(struct asking *a, int role)
{
    a->who = (struct actor){.login = roles[role].role, .name = "N", .area = 1};
    assert_true(role_find(roles[role].role, &a->who.role));
    a->who.account = (int64_t)a->who.role + 1;
    a->who.urn = roles[role].school ? OURS : 0;
    a->who.kind = roles[role].school ? AGENCY_SCHOOL : AGENCY_INCLUSION;
    a->j->who = &a->who;
}

static void
ask_acts(void *arg, struct cell c)
{
    struct asking *a = arg;
    enum permit_reason reason;

    be(a, c.role);
    a->j->area = area_of(c);
    for (int act = 0; act < ACTS; act++) {
        int row = act_of((enum act)act);
        if (acts[row].about == NOBODY)
            continue;
        assert_ok(a->j, permit_ask(a->j, (enum act)act, (struct subject){.person = person_of(c)},
                                   &reason));
        if ((reason == PERMIT_YES) != may(c, row))
            fail_msg("%s: \"%s\" gave %d", words_of(a->j, c), acts[row].act, reason);
        a->cells++;
    }
    a->j->area = 1;
}

/* Not about a child: the role alone. */
static void
ask_roles(struct asking *a)
{
    enum permit_reason reason;

    for (int r = 0; r < N_ROLES; r++) {
        be(a, r);
        for (int act = 0; act < ACTS; act++, a->cells++) {
            int row = act_of((enum act)act);
            assert_ok(a->j, permit_ask(a->j, (enum act)act, (struct subject){0}, &reason));
            assert_int_equal(reason == PERMIT_YES, (acts[row].may & roles[r].bit) != 0);
            assert_int_equal(permit_act(&a->who, (enum act)act), reason == PERMIT_YES);
        }
    }
}

static void
permit_answers_as_the_tables_say(void **state)
{
    struct job *j = support_job(state), *reader;
    struct asking *a = job_alloc(j, sizeof *a);
    struct db_pool *pool;

    start(&a->s, j);
    assert_int_equal(N_ACTS, ACTS);
    assert_int_equal(N_ROLES, ROLES);
    a->j = j;
    ask_roles(a);
    each_cell(-1, ask_acts, a);
    assert_ok(j, db_pool_open(j, support_url(j), 1, &pool));
    reader = job_alloc(j, sizeof *reader);
    job_init_child(reader, j, 64 * JOB_MB);
    assert_ok(reader, db_pool_take(reader, pool));
    a->j = reader;
    for (int again = 0; again < 2; again++) /* asked, and remembered */
        each_cell(-1, ask_acts, a);
    job_end(reader);
    j->who = NULL;
    print_message("access matrix: %lld cells of permit()\n", (long long)a->cells);
    served_stop(&a->s);
}

/* ---- notes --------------------------------------------------------------------------------- */

static void
read_notes(void *arg, struct cell c)
{
    struct asking *a = arg;
    bool seen[N_AUDIENCES] = {false}, sealed = rules[c.rule].level == SEALED;
    bool opens = !sealed && may(c, act_of(ACT_CHILD));
    struct scope mem = job_scope_begin(a->j);
    struct child_note *v;
    size_t n;
    enum err e;

    be(a, c.role);
    e = note_list(a->j, person_of(c), &v, &n);
    err_clear(a->j);
    for (size_t i = 0; !e && i < n; i++)
        seen[v[i].id - person_of(c) * 10] = true;
    if (!sealed) /* in the authority there is no such child, so there is nothing to refuse */
        assert_int_equal(e == OK, opens);
    for (int i = 0; i < N_AUDIENCES; i++, a->cells++) {
        bool reads = roles[c.role].school ? audiences[i].school : audiences[i].area;
        if (seen[i] != (opens && reads))
            fail_msg("%s: note of %s for %s, too", words_of(a->j, c), audiences[i].kind,
                     audiences[i].also ? audiences[i].also : "nobody");
    }
    job_scope_end(a->j, mem);
}

static void
notes_are_read_by_their_audience(void **state)
{
    struct job *j = support_job(state);
    struct asking *a = job_alloc(j, sizeof *a);

    start(&a->s, j);
    a->j = j;
    each_cell(-1, read_notes, a);
    j->who = NULL;
    print_message("access matrix: %lld cells of notes\n", (long long)a->cells);
    served_stop(&a->s);
}

/* ---- every page ---------------------------------------------------------------------------- */

/* Pages about a child that are there whenever they may be opened, and how they then answer. */
static const struct { const char *path; int status; } shown[] = {
    {"/children/:person", 200}, {"/children/:person/seen", 200}, {"/children/:person/notes", 200},
    {"/children/:person/access", 200}, {"/sealed/:person", 200},
};

/* What a form must hold to be looked at; nothing comes of it. */
static const struct { const char *path, *fields; } forms[] = {
    {"/children/:person/access", "&do=bar&bar=nobody-at-all&bar-why=w"},
    {"/sealed/:person", "&do=name&name=nobody-at-all"},
};

struct walk {
    struct asking a;
    const struct page *page;
    char csrf[100];
    int role;      /* -1: nobody is signed in */
    int64_t cells;
};

static const char *
value_of(const char *word)
{
    if (!strncmp(word, "urn", 3))
        return "100001";
    if (!strncmp(word, "kind", 4))
        return "suspension";
    return strncmp(word, "rule", 4) ? "1" : "ATT1";
}

static const char *
address_of(struct job *j, const char *path, int64_t person)
{
    const char *out = "", *colon, *at = path;

    while ((colon = strchr(at, ':'))) {
        const char *value = value_of(colon + 1);
        if (!strncmp(colon + 1, "person", 6))
            value = job_format(j, "%lld", (long long)person);
        out = job_format(j, "%s%.*s%s", out, (int)(colon - at), at, value);
        at = colon + 1 + strcspn(colon + 1, "/.");
    }
    return job_format(j, "%s%s", out, at);
}

static void
sign_in(struct walk *w)
{
    struct served *s = &w->a.s;
    struct answer_seen a;

    if (w->role < 0) {
        s->client.cookie[0] = '\0';
        return;
    }
    served_sign_in(s, roles[w->role].role);
    served_again(s);
    a = client_get(&s->client, "/help");
    snprintf(w->csrf, sizeof w->csrf, "%s", client_csrf(&s->client, &a));
}

static struct answer_seen
ask_page(struct walk *w, int64_t person)
{
    struct served *s = &w->a.s;
    const char *path = address_of(s->j, w->page->path, person), *fields = "";

    if (w->page->method == GET)
        return client_get(&s->client, path);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!strcmp(forms[i].path, w->page->path))
            fields = forms[i].fields;
    return client_post(&s->client, path, job_format(s->j, "csrf=%s%s", w->csrf, fields));
}

static bool
sent_to_sign_in(struct walk *w, const struct answer_seen *a)
{
    const char *to = a->status == 303 ? client_header(&w->a.s.client, a, "Location") : NULL;

    return to && !strncmp(to, "/sign-in", 8);
}

/* A page before it (of signing out, of ending sessions) may have ended the session. */
static struct answer_seen
open_page(struct walk *w, int64_t person)
{
    struct answer_seen a = ask_page(w, person);

    w->cells++;
    if (w->role >= 0 && sent_to_sign_in(w, &a)) {
        sign_in(w);
        a = ask_page(w, person);
    }
    if (a.status >= 500 || !a.status)
        fail_msg("%s answers %d", w->page->path, a.status);
    return a;
}

static void
must(const struct walk *w, const struct answer_seen *a, bool right, const char *who)
{
    if (!right)
        fail_msg("%s %s answers %d to %s", w->page->method == GET ? "GET" : "POST", w->page->path,
                 a->status, who);
}

static int
status_shown(const struct page *p)
{
    for (size_t i = 0; p->method == GET && i < sizeof shown / sizeof *shown; i++)
        if (!strcmp(p->path, shown[i].path))
            return shown[i].status;
    return 0;
}

/* What is opened with the record, though it is written by an act of its own. */
static int
act_of_page(const struct page *p)
{
    bool read = p->method == GET && !strcmp(p->path, "/children/:person/notes");

    return act_of(read ? ACT_CHILD : p->act);
}

static bool
is_refusal(const struct answer_seen *a)
{
    return a->status == 404 || a->status == 403;
}

/* What ends an emergency comes after all that is seen in one. */
static bool
is_last(const struct page *p)
{
    return !strcmp(p->path, "/children/:person/leave");
}

/* Of sealed records alone; elsewhere there is none. */
static bool
is_of_sealed(const struct page *p)
{
    return !strncmp(p->path, "/sealed/", 8);
}

static void
open_child(void *arg, struct cell c)
{
    struct walk *w = arg;
    struct scope mem = job_scope_begin(w->a.s.j);
    struct answer_seen a = open_page(w, person_of(c));
    const char *who = words_of(w->a.s.j, c);
    const char *name = job_format(w->a.s.j, "C%lldC", (long long)person_of(c));
    bool sealed = rules[c.rule].level == SEALED;
    bool allowed = may(c, act_of_page(w->page)) && sealed == is_of_sealed(w->page);
    int status = status_shown(w->page);

    if (sealed && is_last(w->page)) { /* as of a child who is not there: nothing is to be left */
        must(w, &a, a.status == 303, who);
    } else if (!allowed) {
        /* whoever works for the area is told of a restricted record; others of nothing */
        must(w, &a, a.status == 404 || (a.status == 403 && roles[c.role].area &&
                                        rules[c.rule].level == RESTRICTED), who);
        must(w, &a, !strstr(a.body, name) && !strstr(a.body, "canary"), who);
    } else if (status && (sealed || c.relation != UNPUBLISHED)) {
        must(w, &a, a.status == status, who);
    }
    job_scope_end(w->a.s.j, mem);
}

/* Tables of what was never counted here, and what only a proxy may ask, are there for nobody. */
static bool
is_absent(const struct page *p)
{
    static const char *const paths[] = {"/early.csv", "/children.csv", "/sign-in/sso"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (!strcmp(p->path, paths[i]))
            return true;
    return false;
}

static void
open_other(struct walk *w)
{
    struct served *s = &w->a.s;
    struct scope mem = job_scope_begin(s->j);
    struct answer_seen a = open_page(w, 1000);
    bool open = w->page->flags & PAGE_OPEN, words = strchr(w->page->path, ':') != NULL;
    const char *who = w->role < 0 ? "nobody" : roles[w->role].role;

    if (w->role < 0)
        must(w, &a, open ? words || is_absent(w->page) || !is_refusal(&a)
                         : sent_to_sign_in(w, &a), who);
    else if (!(acts[act_of(w->page->act)].may & roles[w->role].bit))
        must(w, &a, a.status == 404, who);
    else if (!words && w->page->method == GET && !is_absent(w->page))
        must(w, &a, !is_refusal(&a), who);
    job_scope_end(s->j, mem);
}

static void
walk_pages(struct walk *w, enum method method, bool last)
{
    for (w->page = pages; w->page->path; w->page++) {
        bool child = strstr(w->page->path, ":person") != NULL;
        if (w->page->method != method || is_last(w->page) != last)
            continue;
        if (child && w->role >= 0 && acts[act_of(w->page->act)].may & roles[w->role].bit)
            each_cell(w->role, open_child, w);
        else
            open_other(w);
    }
}

static void
every_page_answers_as_the_tables_say(void **state)
{
    struct job *j = support_job(state);
    struct walk *w = job_alloc(j, sizeof *w);

    start(&w->a.s, j);
    for (w->role = -1; w->role < N_ROLES; w->role++) {
        sign_in(w);
        walk_pages(w, GET, false);
        walk_pages(w, POST, false);
        walk_pages(w, POST, true);
    }
    print_message("access matrix: %lld cells of pages\n", (long long)w->cells);
    served_stop(&w->a.s);
}

/* ---- sets and single answers ------------------------------------------------------------ */

static const char sql_every_child[] =
    "SELECT person_id FROM person WHERE area_id = $1 ORDER BY person_id";
static const char sql_schools_of[] =
    "SELECT DISTINCT urn FROM census_pupil WHERE area_id = $1 ORDER BY urn";
/* The set of a school as lists have it, and of whom it may not see of them; 0 the whole area. */
static const char sql_set[] =
    "SELECT p.person_id FROM person p WHERE p.area_id = $1 AND ($4 = 0 OR EXISTS (SELECT 1 "
    "FROM school_child s WHERE s.area_id = p.area_id AND s.urn = $4 "
    "AND s.person_id = p.person_id)) "
    "AND p.person_id NOT IN (SELECT h.person_id FROM " GUARD_HIDDEN("$1", "$2", "$3") " h) "
    "ORDER BY p.person_id";

static size_t
read_ids(struct job *j, const char *sql, struct args a, int64_t **out)
{
    size_t n = 0, room = 64;
    int64_t *v = job_array(j, room, sizeof *v);
    struct rows q;

    db_ask(j, &q, sql, a);
    while (db_next(&q)) {
        if (n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        v[n++] = row_int(&q, 0);
    }
    assert_ok(j, db_done(&q));
    *out = v;
    return n;
}

/* Every third child is restricted, and of those some are of each standing; some are barred. */
static void
guard_some(struct job *j, const int64_t *person, size_t n, int64_t account)
{
    for (size_t i = 0; i < n; i++) {
        if (i % 3 == 0 && account == 1)
            RUN(sql_guard, INT(person[i]), INT(i % 2 ? 1 : 3));
        if (i % 5 == (size_t)account % 5)
            RUN(sql_named, INT(person[i]), INT(account), i % 4 ? NUL : INT(2));
        if (i % 7 == (size_t)account % 7)
            RUN(sql_bar, INT(person[i]), INT(account), i % 4 ? NUL : INT(2));
    }
}

static int64_t
compare(struct job *j, const struct actor *who, const int64_t *person, size_t n)
{
    struct scope mem = job_scope_begin(j);
    struct guard_set hidden;
    int64_t *set;
    size_t n_set, at = 0;

    j->who = who;
    n_set = read_ids(j, sql_set, ARGS(INT(1), INT(who->account), INT(j->now), INT(who->urn)),
                     &set);
    assert_ok(j, guard_set_load(j, &hidden));
    for (size_t i = 0; i < n; i++) {
        bool in = at < n_set && set[at] == person[i];
        enum permit_reason reason;
        assert_ok(j, permit_ask(j, ACT_CHILD, (struct subject){.person = person[i]}, &reason));
        if ((reason == PERMIT_YES) != in)
            fail_msg("%s of %lld and child %lld: permit gave %d, the set has it: %d", who->login,
                     (long long)who->urn, (long long)person[i], reason, in);
        if (reason != PERMIT_SCHOOL)
            assert_int_equal(guard_set_hides(&hidden, person[i]), !in);
        at += in;
    }
    assert_int_equal(at, n_set);
    job_scope_end(j, mem);
    return (int64_t)n;
}

static void
sets_and_permit_agree_for_every_person_and_child(void **state)
{
    struct job *j = support_job(state);
    int64_t *person, *urn, cells = 0;
    size_t n, n_urn;

    const char *files = support_path(j, "files");
    const struct synth_plan plan = {.size = "small", .seed = 5, .out = files, .quiet = true,
                                    .registers = "none"};
    struct synth_done done;

    j->limit = (size_t)512 * JOB_MB;
    assert_ok(j, synth_write(j, &plan, &done));
    support_db(j);
    loads_run(j, job_format(j, "%s/census", files));
    j->area = 1;
    assert_ok(j, school_child_make(j));
    n = read_ids(j, sql_every_child, ARGS(INT(1)), &person);
    n_urn = read_ids(j, sql_schools_of, ARGS(INT(1)), &urn);
    assert_true(n > 2000 && n_urn > 5);
    assert_ok(j, db_begin(j));
    for (int64_t account = 1; account <= 4; account++)
        guard_some(j, person, n, account);
    assert_ok(j, db_commit(j));
    for (int64_t account = 1; account <= 2; account++)
        cells += compare(j, &(struct actor){.account = account, .login = "lead", .area = 1,
                                            .role = account == 1 ? ROLE_INCLUSION_LEAD
                                                                 : ROLE_ANALYST}, person, n);
    for (size_t i = 0; i < n_urn; i++) {
        bool first = i % 2;
        cells += compare(j, &(struct actor){.account = first ? 3 : 4, .login = "school", .area = 1,
                                            .role = first ? ROLE_SENCO : ROLE_ATTENDANCE_LEAD,
                                            .urn = urn[i]}, person, n);
    }
    j->who = NULL;
    print_message("sets and permit() agree on %lld pairs of a person and a child\n",
                  (long long)cells);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(sets_and_permit_agree_for_every_person_and_child),
        SUPPORT_TEST(permit_answers_as_the_tables_say),
        SUPPORT_TEST(notes_are_read_by_their_audience),
        SUPPORT_TEST(every_page_answers_as_the_tables_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
