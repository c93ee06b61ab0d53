#include "access/audit.h"
#include "access/guard.h"
#include "store/db.h"

static const struct act_row {
    const char *name, *about;
    unsigned roles;
    enum audit_event read, change;
} acts[] = {
#define ACT(id, name, about, roles, read, change)                                              \
    [id] = {name, about, roles, EVENT_##read, EVENT_##change},
#include "access/acts.def"
#undef ACT
};

const char *
act_name(enum act a)
{
    return acts[a].name;
}

const char *
act_about(enum act a)
{
    return acts[a].about;
}

enum audit_event
act_event(enum act a, bool changes)
{
    return changes ? acts[a].change : acts[a].read;
}

/* A school sees its own pupils, but an area role still sees every child of the area: the
 * dated relations of workers to children come with casework. */
bool
access_is_complete(void)
{
    return false;
}

bool
permit_act(const struct actor *who, enum act act)
{
    if (!who)
        return act == ACT_PUBLIC;
    if (who->role == ROLE_NONE)
        return act == ACT_PUBLIC || act == ACT_SIGN_IN || act == ACT_SELF;
    return who->account == 0 || (acts[act].roles & (1u << who->role));
}

int64_t
permit_school(const struct actor *who)
{
    if (!who || who->account == 0 || role_scope(who->role) != SCOPE_SCHOOL)
        return 0;
    /* a school role without its school sees no school at all */
    return who->urn ? who->urn : -1;
}

/* CROSS JOIN keeps SQLite to the cheap order: from the person to its few rows. */
static const char sql_on_roll[] =
    "SELECT 1 FROM identity i CROSS JOIN census_pupil c CROSS JOIN batch b "
    "WHERE i.area_id = $1 AND i.person_id = $2 AND c.area_id = i.area_id "
    "AND c.identity_id = i.identity_id AND c.urn = $3 AND b.area_id = c.area_id "
    "AND b.batch_id = c.batch_id AND b.state = 'published' LIMIT 1";

static enum err
was_on_roll(struct job *j, int64_t person, int64_t urn, bool *yes)
{
    int64_t found;
    enum err e = db_int(j, sql_on_roll, ARGS(INT(j->who->area), INT(person), INT(urn)), 0, &found);

    *yes = found == 1;
    return e;
}

static enum err
of_school(struct job *j, struct subject s, bool *yes)
{
    int64_t school = permit_school(j->who);

    *yes = true;
    if (!school)
        return OK;
    if (s.urn && s.urn != school)
        *yes = false;
    else if (s.person)
        return was_on_roll(j, s.person, school, yes);
    return OK;
}

/* An emergency opens a record to read. */
static bool
only_reads(enum act act)
{
    return act == ACT_CHILD || act == ACT_SIGNS || act == ACT_ORIGINAL;
}

/* Who is not named must not name themselves; the owner's account closed, somebody has to. */
static enum permit_reason
of_guard(enum act act, const struct guard *g)
{
    if (g->barred)
        return PERMIT_BARRED;
    if (!g->restricted || g->named || act == ACT_GLASS || (act == ACT_LEVEL && g->orphan))
        return PERMIT_YES;
    return g->glass && only_reads(act) ? PERMIT_YES : PERMIT_RESTRICTED;
}

enum err
permit_ask(struct job *j, enum act act, struct subject s, enum permit_reason *out)
{
    struct guard g;
    bool yes;
    enum err e;

    *out = PERMIT_YES;
    if (!j->who)
        return OK;
    if (!permit_act(j->who, act) || j->area != j->who->area) {
        *out = j->area != j->who->area ? PERMIT_AREA : PERMIT_ROLE;
        return OK;
    }
    e = of_school(j, s, &yes);
    if (!e && !yes)
        *out = PERMIT_SCHOOL;
    if (e || !yes || !s.person || !j->who->account)
        return e;
    e = guard_get(j, s.person, &g);
    if (!e)
        *out = of_guard(act, &g);
    return e;
}

static void
note(struct job *j, enum act act, struct subject s, bool refused)
{
    char text[120];
    int n = 0;

    /* figures about nobody in particular are not a look at anybody */
    if (!refused && !s.person && !s.urn && !s.what)
        return;
    text[0] = '\0';
    if (s.person)
        n += snprintf(text, sizeof text, "child %lld", (long long)s.person);
    if (s.urn)
        n += snprintf(text + n, sizeof text - (size_t)n, "%sschool %lld", n ? ", " : "",
                      (long long)s.urn);
    if (s.what)
        snprintf(text + n, sizeof text - (size_t)n, "%s%s", n ? ", " : "", s.what);
    audit_put(j, (struct note){.act = act, .person = s.person, .subject = text[0] ? text : NULL,
                               .outcome = refused ? NOTE_REFUSED : NOTE_ALLOWED});
}

enum err
permit(struct job *j, enum act act, struct subject s)
{
    enum permit_reason reason;
    enum err e = permit_ask(j, act, s, &reason);

    if (e || !j->who)
        return e;
    note(j, act, s, reason != PERMIT_YES);
    if (reason == PERMIT_YES)
        return OK;
    err_set(j, ERR_DENIED, "you may not see this, or it is not there");
    return err_hint(j, "Ask the person who runs the program for your council if you need it.");
}
