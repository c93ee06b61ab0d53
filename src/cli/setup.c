#include "access/audit.h"
#include "access/governance.h"
#include "base/date.h"
#include "base/text.h"
#include "cli/area.h"
#include "cli/setup_ask.h"
#include "cli/verb.h"
#include "people/area.h"
#include "quality/cover.h"
#include "returns/xml_names.h"
#include "risk/clocks.h"
#include "store/db.h"
#include <jansson.h>

#define KIND_TEXT_WORD "TEXT"
#define KIND_LOCAL_WORD "TEXT"
#define KIND_URL_WORD "URL"
#define KIND_PER_CENT_WORD "N"
#define KIND_COUNT_WORD "N"
#define KIND_YES_WORD "yes|no"
static const struct option options[] = {
#define SETTING(id, name, kind, standard, about) {"--" name, kind##_WORD, about},
#define STATE(id, name, about)
#define RECORD(id, name, about)
#include "access/settings.def"
#undef SETTING
#undef STATE
#undef RECORD
    {"--area", "N", "due-days, element-names of this authority alone; \"\": as all have them"},
    {"--record", "WHAT", "record one of the five (below), with the next three"},
    {"--reference", "TEXT", "where it can be found: \"DPIA-2026-12\""},
    {"--date", "DATE", "when it was decided: 2026-09-01"},
    {"--who", "TEXT", "who decided: name and office"},
    {"--review", "DATE", "when it is looked at again; without it a year later"},
    {"--ask", NULL, "ask for whatever is missing or due, one after the other"},
    {"--live", NULL, "make the database live; lists what is missing"},
    {"--demonstration", NULL, "make an empty database one for made-up children"},
    {0},
};

/* ---- changing ------------------------------------------------------------------- */

/* Names that only upper rooms know are looked at here, before they are kept. */
static enum err
check_names(struct job *j, enum setting s, const char *value)
{
    struct clock_rules rules;
    struct xml_names names = {0};
    struct cover_due due;

    if (s == SETTING_CLOCKS)
        return clock_rules_parse(j, value, &rules);
    if (s == SETTING_ELEMENTS)
        return xml_names_parse(j, value, &names);
    return s == SETTING_DUE ? cover_due_parse(j, value, &due) : OK;
}

/* j->area: 0 for all. */
static enum err
choose(struct job *j, enum setting s, const char *value)
{
    return j->area ? setting_local_choose(j, s, value) : setting_choose(j, s, value);
}

/* The authority that what follows is for, if one is named. */
static enum err
take_area(struct job *j, const struct command *c)
{
    if (!command_option(c, "--area"))
        return OK;
    if (!command_option(c, "--due-days") && !command_option(c, "--element-names"))
        return err_set(j, ERR_USAGE, "--area goes with --due-days or --element-names");
    return command_area(j, c);
}

static enum err
change_plain(struct job *j, const struct command *c)
{
    enum err e = take_area(j, c);

    for (int s = 0; s < SETTINGS && !e; s++) {
        const char *name = setting_name((enum setting)s), *value;
        if (!setting_is_plain((enum setting)s) ||
            !(value = command_option(c, job_format(j, "--%s", name))))
            continue;
        audit_note(j, ACT_SETUP, name, false);
        e = check_names(j, (enum setting)s, value);
        if (!e)
            e = choose(j, (enum setting)s, value);
    }
    j->area = 0;
    return e;
}

static enum err
no_date(struct job *j, const char *text)
{
    err_set(j, ERR_INPUT, "\"%.40s\" is not a date", text);
    return err_hint(j, "Write it as 2026-09-01.");
}

static enum err
take_record(struct job *j, const struct command *c, const char *name)
{
    const char *reference = command_option(c, "--reference"), *who = command_option(c, "--who");
    const char *date = command_option(c, "--date");
    const char *review = command_option(c, "--review");
    struct recorded r = {reference, who, DATE_NONE, 0};
    enum setting s;

    if (!setting_find(name, &s) || !setting_is_record(s)) {
        err_set(j, ERR_USAGE, "\"%s\" is nothing that is recorded", name);
        return err_hint(j, "See: rooted setup --help");
    }
    if (!reference || !*reference || !who || !*who || !date) {
        err_set(j, ERR_USAGE, "--record wants --reference, --date and --who with it");
        return err_hint(j, "See: rooted setup --help");
    }
    if (!date_parse(date, strlen(date), &r.date))
        return no_date(j, date);
    if (review && !date_parse(review, strlen(review), &r.review))
        return no_date(j, review);
    audit_note(j, ACT_SETUP, name, false);
    return setting_record(j, s, &r);
}

static enum err
make_live(struct job *j)
{
    audit_note(j, ACT_SETUP, setting_name(SETTING_LIVE), false);
    return setting_make_live(j);
}

static enum err
take_plain(struct job *j, enum setting s, const char *value)
{
    if (!value)
        return OK;
    audit_note(j, ACT_SETUP, setting_name(s), false);
    return setting_choose(j, s, value);
}

static enum err
take_answers(struct job *j, const struct setup_answers *a)
{
    enum err e = take_plain(j, SETTING_COUNCIL, a->council);

    if (!e)
        e = take_plain(j, SETTING_ADDRESS, a->address);
    for (int s = 0; s < SETTINGS && !e; s++) {
        if (!a->given[s])
            continue;
        audit_note(j, ACT_SETUP, setting_name((enum setting)s), false);
        e = setting_record(j, (enum setting)s, &a->record[s]);
    }
    return e || !a->live ? e : make_live(j);
}

static enum err
make_changes(struct job *j, const struct command *c, const struct setup_answers *a)
{
    const char *record = command_option(c, "--record");
    enum err e = take_answers(j, a);

    if (!e && command_option(c, "--demonstration"))
        e = setting_make_demonstration(j);
    if (!e)
        e = change_plain(j, c);
    if (!e && record)
        e = take_record(j, c, record);
    return e || !command_option(c, "--live") ? e : make_live(j);
}

struct changing {
    const struct command *c;
    const struct setup_answers *a;
};

static enum err
change_all(struct job *j, void *arg)
{
    const struct changing *x = arg;

    return make_changes(j, x->c, x->a);
}

static enum err
change(struct job *j, const struct command *c, const struct setup_answers *a)
{
    struct key key;
    enum err e = key_load(j, c->home, &key);

    return e ? e : audit_change(j, &key, change_all, &(struct changing){c, a});
}

/* ---- showing ------------------------------------------------------------------------ */

static const char *
kind_of(const struct settings *all)
{
    return setting_is_demonstration(all) ? "demonstration"
           : setting_is_live(all)        ? "live"
                                         : "trial";
}

static void
show_record(const struct governance_item *i)
{
    char date[DATE_TEXT], review[DATE_TEXT];
    const char *name = setting_name(i->setting);

    if (i->state == GOVERNANCE_MISSING) {
        printf("  %-18s not recorded: %s\n", name, setting_about(i->setting));
        return;
    }
    printf("  %-18s %s, %s, %s\n", name, i->recorded.reference,
           date_words(i->recorded.date, date), i->recorded.who);
    printf("  %-18s %s %s\n", "",
           i->state == GOVERNANCE_OVERDUE ? "OVERDUE: was to be looked at again by"
                                          : "to be looked at again by",
           date_words(i->recorded.review, review));
}

/* What j->area has of its own; o NULL: printed. */
static enum err
show_own(struct job *j, const struct area *area, enum setting s, json_t *o)
{
    const char *name = setting_name(s), *own;
    enum err e = setting_local_get(j, s, &own);

    if (e || !own)
        return e;
    if (o)
        json_object_set_new(o, job_format(j, "%s-%03lld", name, (long long)area->area_id),
                            json_string(own));
    else
        printf("  %-18s %s, for %s alone\n", name, own, area->name);
    return OK;
}

static enum err
show_local(struct job *j, json_t *o)
{
    struct area *area;
    size_t n;
    enum err e = area_list(j, &area, &n);

    for (size_t i = 0; !e && i < n; i++) {
        j->area = area[i].area_id;
        for (int s = 0; !e && s < SETTINGS; s++)
            if (setting_is_local((enum setting)s))
                e = show_own(j, &area[i], (enum setting)s, o);
    }
    j->area = 0;
    return e;
}

static enum err
show_words(struct job *j, const struct governance *g)
{
    const struct settings *all = &g->all;
    enum err e;

    printf("This database is %s%s.\n", setting_is_live(all) ? "" : "a ", kind_of(all));
    for (int i = 0; i < SETTINGS; i++) {
        const char *value = setting_value(all, (enum setting)i);
        if (setting_is_plain((enum setting)i))
            printf("  %-18s %s%s\n", setting_name((enum setting)i), value ? value : "not set",
                   value && !all->value[i] ? " (standard)" : "");
    }
    if ((e = show_local(j, NULL)) || setting_is_demonstration(all))
        return e;
    printf(setting_is_live(all) ? "What was decided:\n" : "Before it becomes live:\n");
    for (size_t i = 0; i < g->n; i++)
        show_record(&g->item[i]);
    return OK;
}

static enum err
show_json(struct job *j, const struct settings *all)
{
    json_t *o = json_object();
    struct recorded r;
    char date[DATE_TEXT], review[DATE_TEXT], *text;
    enum err e;

    json_object_set_new(o, "kind", json_string(kind_of(all)));
    for (int s = 0; s < SETTINGS; s++) {
        json_t *v = json_null();
        if (setting_record_get(j, all, (enum setting)s, &r))
            v = json_pack("{s:s, s:s, s:s, s:s}", "reference", r.reference, "date",
                          date_iso(r.date, date), "who", r.who, "review",
                          date_iso(r.review, review));
        else if (!setting_is_record((enum setting)s) && setting_value(all, (enum setting)s))
            v = json_string(setting_value(all, (enum setting)s));
        json_object_set_new(o, setting_name((enum setting)s), v);
    }
    e = show_local(j, o);
    text = e ? NULL : json_dumps(o, JSON_COMPACT);
    if (!e)
        puts(text ? text : "{}");
    free(text);
    json_decref(o);
    return e;
}

static enum err
setup(struct job *j, const struct command *c)
{
    struct governance *g = job_alloc(j, sizeof *g);
    struct setup_answers answers = {0};
    bool changes = false;
    enum err e = command_words(j, c, 0, 0);

    for (size_t i = 0; options[i].name; i++)
        changes = changes || c->given[i];
    if (!e)
        e = command_db(j, c, true);
    if (!e && command_option(c, "--ask") && !(e = governance_get(j, g)))
        e = setup_ask(j, g, &answers);
    if (!e && changes)
        e = change(j, c, &answers);
    if (!e)
        e = governance_get(j, g);
    if (e)
        return e;
    return c->json ? show_json(j, &g->all) : show_words(j, g);
}

const struct verb verb_setup = {
    .name = "setup",
    .usage = "[--council NAME] [--record WHAT …] [--live]",
    .about = "say whose database this is; make it live",
    .manual =
        "Without options shows how the database is set up.\n\n"
        "--due-days changes after how many days a source counts as late (Data, Coverage has\n"
        "them all): the next load, or \"rooted figures\", tells coverage by it. With --area\n"
        "it holds for one authority, which has all it does not name from the installation.\n\n"
        "--element-names tells what a school's system calls elements of XML whose names were\n"
        "not checked against a real file (rooted formats says which): the first element of a\n"
        "file Learners=B2BStudents, one within such a file Learners/Learner=Student.\n\n"
        "A new database is a trial: it loads and serves without further questions, on\n"
        "this machine only, and every page and export says so. It becomes live with\n"
        "--live, once the council's name, its https address and five things are recorded,\n"
        "each with a reference, a date and who decided: owner, impact-assessment,\n"
        "sharing-agreement, privacy-notice, retention-rule.\n"
        "  rooted setup --record owner --reference \"Register 12\" --date 2026-09-01 \\\n"
        "      --who \"Jo Smith, Head of Inclusion\" --review 2027-09-01\n"
        "--ask asks for whatever is missing or due to be looked at again, and takes an empty\n"
        "line for \"later\". Documents to begin from are in docs/templates.\n\n"
        "A demonstration holds made-up children only and never becomes live; only an\n"
        "empty database can be made one.",
    .options = options,
    .fn = setup,
};
