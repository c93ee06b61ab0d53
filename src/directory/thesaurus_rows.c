#include "directory/thesaurus.h"
#include "access/permit.h"
#include "base/text.h"
#include "directory/search_words.h"
#include "directory/service.h"
#include "people/area.h"

enum { WORDS_MOST = 2000, PHRASE_MOST = 12, OWN_MOST = 5000 };

static const char *const kinds[] = {"same", "means", "stop", "soft"};

const char *
thesaurus_kind_name(enum thesaurus_kind k)
{
    return kinds[k];
}

bool
thesaurus_kind_find(const char *name, enum thesaurus_kind *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], name) == 0) {
            *out = (enum thesaurus_kind)i;
            return true;
        }
    return false;
}

/* ---- reading ----------------------------------------------------------------------------- */

static void
switch_off(struct thesaurus_row *row, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!row[i].id && strcmp(row[i].name, name) == 0)
            row[i].off = true;
}

static const char sql_rows[] =
    "SELECT t.row_id, t.kind, t.words, t.means FROM directory_thesaurus t WHERE t.area_id = $1 "
    "ORDER BY t.row_id";

enum err
thesaurus_load(struct job *j, struct thesaurus *out)
{
    struct thesaurus built;
    struct thesaurus_row *row;
    struct rows q;
    size_t n;

    thesaurus_built_in(j, &built);
    row = job_array(j, built.n + OWN_MOST, sizeof *row);
    memcpy(row, built.row, built.n * sizeof *row);
    n = built.n;
    db_ask(j, &q, sql_rows, ARGS(INT(j->area)));
    while (db_next(&q)) {
        const char *kind = row_text(&q, 1), *words = row_text(&q, 2);
        struct thesaurus_row *r = &row[n];
        if (strcmp(kind, "off") == 0)
            switch_off(row, built.n, words);
        else if (n < built.n + OWN_MOST && thesaurus_kind_find(kind, &r->kind)) {
            r->id = row_int(&q, 0);
            r->words = words;
            r->means = row_text(&q, 3);
            r->name = job_copy_n(j, words, strcspn(words, "|"));
            n++;
        }
    }
    *out = (struct thesaurus){row, n};
    return db_done(&q);
}

/* ---- changing ---------------------------------------------------------------------------- */

static enum err
too_long(struct job *j, struct span phrase)
{
    struct span rest = phrase;
    struct word w;
    size_t n = 0;

    while (word_take(&rest, &w))
        n++;
    if (n <= PHRASE_MOST)
        return OK;
    err_set(j, ERR_INPUT, "\"%.*s\" is longer than %d words", (int)(phrase.n < 80 ? phrase.n : 80),
            phrase.s, PHRASE_MOST);
    return err_hint(j, "Give the few words that matter.");
}

/* Lines and bars part; blanks around go, and what is empty. */
static enum err
tidy(struct job *j, const char *words, const char **out)
{
    const char *to = "";
    enum err e = OK;

    if (strlen(words) > WORDS_MOST)
        return err_set(j, ERR_INPUT, "A row takes %d characters", WORDS_MOST);
    while (*words && !e) {
        size_t n = strcspn(words, "|\r\n");
        struct span phrase = span_trim((struct span){words, n});
        if (phrase.n) {
            e = too_long(j, phrase);
            to = job_format(j, "%s%s%.*s", to, *to ? "|" : "", (int)phrase.n, phrase.s);
        }
        words += n + (words[n] != '\0');
    }
    *out = to;
    return e;
}

static enum err
checked(struct job *j, const struct thesaurus_edit *from, struct thesaurus_edit *to)
{
    enum err e = permit(j, ACT_DIRECTORY, (struct subject){.what = "thesaurus"});

    *to = *from;
    to->means = "";
    if (!e)
        e = tidy(j, from->words, &to->words);
    if (!e && from->kind == THESAURUS_MEANS)
        e = tidy(j, from->means ? from->means : "", &to->means);
    if (e)
        return e;
    if (!*to->words || (from->kind == THESAURUS_MEANS && !*to->means))
        return err_set(j, ERR_INPUT, "A row needs words%s",
                       *to->words ? ", and what they mean" : "");
    if (from->kind == THESAURUS_SAME && !strchr(to->words, '|'))
        return err_set(j, ERR_INPUT, "Give at least two words that mean the same");
    return OK;
}

static struct arg
account(const struct job *j)
{
    return j->who && j->who->account ? INT(j->who->account) : NUL;
}

static const char sql_add[] =
    "INSERT INTO directory_thesaurus (area_id, row_id, kind, words, means, changed, changed_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";

static enum err
put(struct job *j, const char *kind, const struct thesaurus_edit *edit, int64_t *id)
{
    enum err e = area_next_id(j, 1, id);

    if (!e)
        e = db_run(j, sql_add, ARGS(INT(j->area), INT(*id), TEXT(kind), TEXT(edit->words),
                                    TEXT(edit->means), INT(j->now), account(j)), NULL);
    return e ? e : service_turn_up(j);
}

enum err
thesaurus_add(struct job *j, const struct thesaurus_edit *edit, int64_t *id)
{
    struct thesaurus_edit to;
    enum err e = checked(j, edit, &to);

    return e ? e : put(j, kinds[to.kind], &to, id);
}

static enum err
one_row(struct job *j, int64_t changed)
{
    return changed ? service_turn_up(j)
                   : err_set(j, ERR_NOT_FOUND, "There is no such row of the thesaurus");
}

static const char sql_change[] =
    "UPDATE directory_thesaurus SET kind = $3, words = $4, means = $5, changed = $6, "
    "changed_by = $7 WHERE area_id = $1 AND row_id = $2 AND kind <> 'off'";

enum err
thesaurus_change(struct job *j, int64_t id, const struct thesaurus_edit *edit)
{
    struct thesaurus_edit to;
    int64_t changed = 0;
    enum err e = checked(j, edit, &to);

    if (!e)
        e = db_run(j, sql_change, ARGS(INT(j->area), INT(id), TEXT(kinds[to.kind]),
                                       TEXT(to.words), TEXT(to.means), INT(j->now), account(j)),
                   &changed);
    return e ? e : one_row(j, changed);
}

static const char sql_end[] =
    "DELETE FROM directory_thesaurus WHERE area_id = $1 AND row_id = $2 AND kind <> 'off'";

enum err
thesaurus_end(struct job *j, int64_t id)
{
    int64_t changed = 0;
    enum err e = permit(j, ACT_DIRECTORY, (struct subject){.what = "thesaurus"});

    if (!e)
        e = db_run(j, sql_end, ARGS(INT(j->area), INT(id)), &changed);
    return e ? e : one_row(j, changed);
}

static const char sql_on[] =
    "DELETE FROM directory_thesaurus WHERE area_id = $1 AND kind = 'off' AND words = $2";

enum err
thesaurus_switch(struct job *j, const char *name, bool off)
{
    struct thesaurus built;
    bool known = false;
    int64_t id;
    enum err e = permit(j, ACT_DIRECTORY, (struct subject){.what = "thesaurus"});

    thesaurus_built_in(j, &built);
    for (size_t i = 0; i < built.n; i++)
        known = known || strcmp(built.row[i].name, name) == 0;
    if (!e && !known)
        return err_set(j, ERR_NOT_FOUND, "There is no such row of the thesaurus");
    if (!e)
        e = db_run(j, sql_on, ARGS(INT(j->area), TEXT(name)), NULL);
    if (e)
        return e;
    return off ? put(j, "off", &(struct thesaurus_edit){.words = name, .means = ""}, &id)
               : service_turn_up(j);
}
