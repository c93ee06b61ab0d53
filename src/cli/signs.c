/* Packs of warning signs: which there are, what another would change, how often they were
 * right. */
#include "cli/area.h"
#include "cli/verb.h"
#include "risk/sign_packs.h"
#include "risk/sign_preview.h"
#include "risk/sign_run.h"
#include "risk/sign_test.h"
#include "store/db.h"
#include <errno.h>
#include <jansson.h>

enum { PACK_BYTES = 256 * 1024, CHILDREN_SHOWN = 20 };

/* ---- a pack named on the command line ---------------------------------------------- */

static void
close_file(void *arg)
{
    fclose(arg);
}

static enum err
read_file(struct job *j, const char *path, struct span *out)
{
    char *text = job_alloc(j, PACK_BYTES + 1);
    struct cleanup *c = job_on_end(j, close_file);
    FILE *f = fopen(path, "rb");

    if (!f)
        return err_set(j, ERR_ENV, "%s cannot be read: %s", path, strerror(errno));
    c->arg = f;
    *out = (struct span){text, fread(text, 1, PACK_BYTES + 1, f)};
    if (ferror(f))
        return err_set(j, ERR_ENV, "%s cannot be read: %s", path, strerror(errno));
    if (out->n > PACK_BYTES)
        return err_set(j, ERR_INPUT, "%s is no pack of signs: it is larger than 256 KB", path);
    return OK;
}

/* By number, "program", or a file; *id 0: a file, or the program's own. */
static enum err
named_pack(struct job *j, const char *name, int64_t *id, struct span *text)
{
    *id = 0;
    if (!strcmp(name, "program")) {
        *text = sign_pack_default();
        return OK;
    }
    if (text_to_int(name, strlen(name), id))
        return sign_pack_text(j, *id, text);
    return read_file(j, name, text);
}

/* ---- list, show, check ------------------------------------------------------------ */

static json_t *
pack_json(const struct sign_pack_row *p, bool in_force)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:b, s:s?, s:s?, s:s?}", "pack", (json_int_t)p->id,
                     "version", p->version, "title", p->title, "state", p->state, "in_force",
                     in_force, "made_by", p->made_by, "adopted_by", p->adopted_by, "why",
                     p->note);
}

static enum err
list(struct job *j, const struct command *c)
{
    const struct sign_pack_row *p;
    struct sign_pack pack;
    int64_t id;
    size_t n;
    enum err e = sign_pack_in_force(j, &pack, &id);

    if (!e)
        e = sign_pack_list(j, &p, &n);
    if (e)
        return e;
    if (c->json) {
        json_t *all = json_array();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(all, pack_json(&p[i], p[i].id == id));
        command_json(all);
        return OK;
    }
    for (size_t i = 0; i < n; i++)
        printf("%8lld  %-9s %s%s: %s%s%s\n", (long long)p[i].id, p[i].state,
               p[i].id == id ? "in force, " : "", p[i].version, p[i].title,
               p[i].note ? "; " : "", p[i].note ? p[i].note : "");
    return OK;
}

static enum err
show(struct job *j, const char *name)
{
    struct sign_pack pack;
    struct span text;
    int64_t id = 0;
    enum err e = name ? named_pack(j, name, &id, &text) : sign_pack_in_force(j, &pack, &id);

    if (!e && !name)
        e = sign_pack_text(j, id, &text);
    if (!e)
        printf("%.*s%s", (int)text.n, text.s, text.n && text.s[text.n - 1] == '\n' ? "" : "\n");
    return e;
}

static enum err
check(struct job *j, const struct command *c, const char *path)
{
    struct sign_pack pack;
    struct span text;
    enum err e = read_file(j, path, &text);

    if (!e)
        e = sign_pack_read(j, text, &pack);
    if (e)
        return e;
    if (c->json)
        command_json(json_pack("{s:s, s:I}", "version", pack.version, "signs", (json_int_t)pack.n));
    else
        printf("%s is sound: \"%s\", version %s, %zu signs.\n", path, pack.title, pack.version,
               pack.n);
    return OK;
}

/* ---- preview ---------------------------------------------------------------------- */

static void
print_children(const char *what, const struct sign_preview_child *p, size_t n)
{
    printf("%s: %zu\n", what, n);
    for (size_t i = 0; i < n && i < CHILDREN_SHOWN; i++)
        printf("  %s, Year %d, %s: %s\n", p[i].name, p[i].year_group, p[i].school, p[i].words);
    if (n > CHILDREN_SHOWN)
        printf("  and %zu more: --json gives them all\n", n - CHILDREN_SHOWN);
}

static void
print_preview(const struct sign_preview *p)
{
    char day[DATE_TEXT], now[TEXT_NUMBER], then[TEXT_NUMBER];

    printf("On %s %s children are listed; with these signs it would be %s.\n",
           date_words(p->day, day), text_count(p->now, now), text_count(p->then, then));
    for (size_t i = 0; i < p->n_rules; i++) {
        const struct sign_preview_rule *r = &p->rule[i];
        printf("  %-8s %-40s %8s %8s\n", r->id, r->title,
               r->now < 0 ? "-" : text_count(r->now, now),
               r->then < 0 ? "-" : text_count(r->then, then));
    }
    for (size_t i = 0; i < p->n_schools; i++) {
        const struct sign_preview_school *s = &p->school[i];
        printf("  %s: %lld added, %lld removed, %lld in all\n", s->name, (long long)s->added,
               (long long)s->removed, (long long)s->then);
    }
    print_children("Added", p->added, p->n_added);
    print_children("Removed", p->removed, p->n_removed);
}

static json_t *
children_json(const struct sign_preview_child *p, size_t n)
{
    json_t *all = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            all, json_pack("{s:I, s:s, s:I, s:s, s:i, s:s}", "person", (json_int_t)p[i].person,
                           "name", p[i].name, "urn", (json_int_t)p[i].urn, "school",
                           p[i].school, "year_group", p[i].year_group, "signs", p[i].words));
    return all;
}

static void
put_preview(const struct sign_preview *p)
{
    json_t *rules = json_array(), *schools = json_array();
    char day[DATE_TEXT];

    for (size_t i = 0; i < p->n_rules; i++)
        json_array_append_new(rules, json_pack("{s:s, s:I, s:I}", "sign", p->rule[i].id, "now",
                                               (json_int_t)p->rule[i].now, "then",
                                               (json_int_t)p->rule[i].then));
    for (size_t i = 0; i < p->n_schools; i++)
        json_array_append_new(
            schools, json_pack("{s:I, s:s, s:I, s:I, s:I}", "urn", (json_int_t)p->school[i].urn,
                               "name", p->school[i].name, "then", (json_int_t)p->school[i].then,
                               "added", (json_int_t)p->school[i].added, "removed",
                               (json_int_t)p->school[i].removed));
    command_json(json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:o}",
                           "day", date_iso(p->day, day), "now", (json_int_t)p->now, "then",
                           (json_int_t)p->then, "signs", rules, "schools", schools, "added",
                           children_json(p->added, p->n_added), "removed",
                           children_json(p->removed, p->n_removed)));
}

static enum err
preview(struct job *j, const struct command *c, const char *name)
{
    struct sign_preview p;
    struct sign_pack pack;
    struct span text;
    int64_t id;
    enum err e = named_pack(j, name, &id, &text);

    if (!e)
        e = sign_pack_read(j, text, &pack);
    if (!e)
        e = sign_preview(j, c->home, &pack, &p);
    if (e)
        return e;
    if (c->json)
        put_preview(&p);
    else
        print_preview(&p);
    return OK;
}

/* ---- adopt ------------------------------------------------------------------------ */

static enum err
adopt(struct job *j, const struct command *c, const char *name)
{
    struct sign_run_made made;
    struct span text;
    int64_t id;
    bool program = !strcmp(name, "program");
    enum err e = named_pack(j, name, &id, &text);

    if (!e)
        e = db_begin(j);
    if (!e && !id && !program)
        e = sign_pack_add(j, text, &id);
    if (!e)
        e = sign_pack_adopt(j, id, command_option(c, "--why"));
    if (!e)
        e = db_commit(j);
    if (!e)
        e = signs_refresh(j, c->home, false, &made);
    if (e)
        return e;
    if (c->json)
        command_json(json_pack("{s:I, s:I}", "pack", (json_int_t)id, "run", (json_int_t)made.run));
    else if (program)
        puts("The signs that come with the program are in force again.");
    else
        printf("Pack %lld is in force.\n", (long long)id);
    return OK;
}

/* ---- test ------------------------------------------------------------------------- */

static const char *
tested_title(struct job *j, const struct sign_pack *p, int tested)
{
    if (tested == TESTED_LISTED)
        return "Listed";
    if (tested > TESTED_LISTED)
        return tested == TESTED_TIER_2 ? "2 kinds of sign or more" : "3 kinds of sign or more";
    return (size_t)tested < p->n
               ? job_format(j, "%s %s", p->rule[tested].id, p->rule[tested].title)
               : "";
}

static const char *
of(struct job *j, struct part p)
{
    char number[TEXT_NUMBER];

    return p.whole ? job_format(j, "%s%%", text_percent(p.part, p.whole, 1, number)) : "-";
}

static void
print_scores(struct job *j, const struct sign_pack *p, const struct sign_score *s, size_t n)
{
    int last = -1;

    for (size_t i = 0; i < n; i++) {
        if (s[i].tested != last)
            printf("%s\n", tested_title(j, p, s[i].tested));
        last = s[i].tested;
        printf("  %-22s %s. ", sign_after_rows[s[i].after].title, sign_score_words(j, &s[i]));
        printf("Of %lld outcomes %s had it before", (long long)s[i].recall.whole,
               of(j, s[i].recall));
        if (s[i].lead >= 0)
            printf(", %d days (%d to %d)", s[i].lead, s[i].lead_low, s[i].lead_high);
        puts(sign_verdict(&s[i]) == VERDICT_CHANCE ? ". No better than chance." : ".");
    }
}

static json_t *
score_json(const struct sign_score *s)
{
    return json_pack("{s:i, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:i, s:i}",
                     "tested", s->tested, "outcome", sign_after_rows[s->after].name, "dimension",
                     s->dimension, "member", s->member, "listed",
                     (json_int_t)s->precision.whole, "listed_outcome",
                     (json_int_t)s->precision.part, "outcomes", (json_int_t)s->recall.whole,
                     "outcomes_listed", (json_int_t)s->recall.part, "looked",
                     (json_int_t)s->base.whole, "looked_outcome", (json_int_t)s->base.part,
                     "lead_low", s->lead_low, "lead", s->lead, "lead_high", s->lead_high);
}

static void
put_scores(const struct sign_test *t, const struct sign_score *s, size_t n)
{
    json_t *all = json_array();
    char first[DATE_TEXT], last[DATE_TEXT];

    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, score_json(&s[i]));
    command_json(json_pack("{s:I, s:I, s:s, s:s, s:I, s:I, s:I, s:o}", "test", (json_int_t)t->id,
                       "pack", (json_int_t)t->pack_id, "first", date_iso(t->first_day, first),
                       "last", date_iso(t->last_day, last), "dates", (json_int_t)t->dates,
                       "states", (json_int_t)t->states, "looked", (json_int_t)t->looked,
                       "scores", all));
}

static void
print_test(const struct sign_test *t)
{
    char first[DATE_TEXT], last[DATE_TEXT], to[DATE_TEXT], looked[TEXT_NUMBER];

    printf("Looked at %s children and school years on %lld Sundays from %s to %s, with what was "
           "known on each; followed to %s.\n",
           text_count(t->looked, looked), (long long)t->dates, date_words(t->first_day, first),
           date_words(t->last_day, last), date_words(t->followed_to, to));
}

static enum err
test(struct job *j, const struct command *c, const char *name)
{
    struct sign_test_order o = {.home = c->home};
    struct sign_pack pack;
    struct sign_test t;
    const struct sign_score *s;
    int64_t dates;
    size_t n;
    enum err e = command_int(j, c, "--dates", 0, &dates);

    if (!e && name && !text_to_int(name, strlen(name), &o.pack_id))
        e = err_set(j, ERR_USAGE, "rooted signs test wants the number of a pack, not \"%s\"",
                    name);
    if (!e)
        e = o.pack_id ? sign_pack_load(j, o.pack_id, &pack)
                      : sign_pack_in_force(j, &pack, &o.pack_id);
    o.pack = &pack;
    o.dates = (int)dates;
    if (!e)
        e = sign_test_make(j, &o, &t);
    if (!e)
        e = sign_test_summary(j, &t, &s, &n);
    if (e)
        return e;
    if (c->json) {
        put_scores(&t, s, n);
        return OK;
    }
    print_test(&t);
    print_scores(j, &pack, s, n);
    return OK;
}

/* ---- the verb --------------------------------------------------------------------- */

static const struct {
    const char *name;
    int least, most;     /* words, its own included */
    bool write, database;
} words[] = {
    {"list", 1, 1, true, true},     {"show", 1, 2, true, true},
    {"check", 2, 2, false, false},  {"preview", 2, 2, true, true},
    {"adopt", 2, 2, true, true},    {"test", 1, 2, true, true},
};
enum { LIST, SHOW, CHECK, PREVIEW, ADOPT, TEST, WORDS };

static enum err
do_word(struct job *j, const struct command *c, int word)
{
    const char *name = c->argc > 1 ? c->argv[1] : NULL;

    switch (word) {
    case LIST:
        return list(j, c);
    case SHOW:
        return show(j, name);
    case CHECK:
        return check(j, c, name);
    case PREVIEW:
        return preview(j, c, name);
    case ADOPT:
        return adopt(j, c, name);
    default:
        return test(j, c, name);
    }
}

static enum err
signs(struct job *j, const struct command *c)
{
    int word = 0;
    enum err e;

    while (word < WORDS && strcmp(words[word].name, c->argc ? c->argv[0] : "") != 0)
        word++;
    if (word == WORDS) {
        err_set(j, ERR_USAGE, "rooted signs wants list, show, check, preview, adopt or test");
        return err_hint(j, "See: rooted signs --help");
    }
    e = command_words(j, c, words[word].least, words[word].most);
    if (!e && word == ADOPT && !command_option(c, "--why")) {
        err_set(j, ERR_USAGE, "signs are adopted for a reason, and none was given");
        return err_hint(j, "Say why, for those who ask later: --why \"agreed by the board\"");
    }
    if (!e && words[word].database)
        e = command_db(j, c, words[word].write);
    if (!e && words[word].database)
        e = command_area(j, c);
    return e ? e : do_word(j, c, word);
}

static const struct option options[] = {
    {"--area", "N", "the authority's DfE number; needed when there are several"},
    {"--why", "TEXT", "adopt: the reason, kept with the pack"},
    {"--dates", "N", "test: how many Sundays to look at; default 150"},
    {0},
};

const struct verb verb_signs = {
    .name = "signs",
    .usage = "list | show [PACK] | check FILE | preview PACK | adopt PACK --why TEXT | test",
    .about = "the warning signs: try others, adopt them, see how often they were right",
    .manual =
        "A pack of signs is a JSON file that says which signs count, with which limits and in\n"
        "which words. PACK is a file, the number of one that is kept, or \"program\": the one\n"
        "that comes with the program. \"list\" gives those that are kept and which is in force;\n"
        "\"show\" prints one (without PACK: the one in force), as a start for your own. \"check\"\n"
        "says whether a file is a sound pack, and if not which sign is wrong and how.\n"
        "\"preview\" says who would be added to the list and who removed, by sign and school;\n"
        "nothing changes. \"adopt\" puts a pack in force, keeps the one before, and makes the\n"
        "list again. \"test\" looks back: on each of 150 Sundays the signs in force (or those of\n"
        "the pack with that number) are looked for with what was known on that day, and counted\n"
        "is what came of it within 12 months.",
    .options = options,
    .gives_way = true,
    .fn = signs,
};
