#include "directory/duplicate.h"
#include "access/permit.h"
#include "base/map.h"
#include "directory/service.h"
#include <stdlib.h>
#include <string.h>

/* ---- what services are compared by ------------------------------------------------------- */

enum { WORDS_MOST = 16, BLOCK_MOST = 60 };
enum like { LIKE_NAME, LIKE_OWNER, LIKE_POSTCODE, LIKE_PHONE, LIKE_URL, LIKES };

struct item {
    int64_t id;
    uint64_t key[LIKES];        /* 0: nothing there */
    uint64_t word[WORDS_MOST];  /* of the name, in order, each once */
    size_t words;
};
struct looking {
    struct pile *items;
    struct map_salt salt;
};

/* Words that names share without being alike. */
static bool
means_little(const char *s, size_t n)
{
    static const char *const words[] = {"the", "and", "of", "for", "a", "at", "in", "to", "with",
                                        "service", "services"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n && !memcmp(words[i], s, n))
            return true;
    return false;
}

static bool
alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static char *
lower(struct job *j, const char *s)
{
    char *out = job_copy(j, s);

    for (char *p = out; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + ('a' - 'A'));
    return out;
}

static void
add_word(struct item *t, uint64_t w)
{
    size_t at = 0;

    while (at < t->words && t->word[at] < w)
        at++;
    if (t->words == WORDS_MOST || (at < t->words && t->word[at] == w))
        return;
    memmove(t->word + at + 1, t->word + at, (t->words - at) * sizeof *t->word);
    t->word[at] = w;
    t->words++;
}

static void
take_name(struct job *j, const struct looking *l, const char *name, struct item *t)
{
    const char *s = lower(j, name);

    while (*s) {
        size_t n = 0;

        while (alphanumeric(s[n]))
            n++;
        if (n && !means_little(s, n))
            add_word(t, map_key(&l->salt, s, n));
        s += n + (s[n] != '\0');
    }
    if (t->words)
        t->key[LIKE_NAME] = map_key(&l->salt, t->word, t->words * sizeof *t->word);
}

/* Letters and digits alone; of a phone the last ten. */
static uint64_t
key_of(struct job *j, const struct looking *l, const char *s, bool phone)
{
    char *bare, *to;
    size_t n;

    if (!s)
        return 0;
    bare = to = lower(j, s);
    for (const char *from = bare; *from; from++)
        if (phone ? *from >= '0' && *from <= '9' : alphanumeric(*from))
            *to++ = *from;
    n = (size_t)(to - bare);
    if (phone && n > 10) {
        bare += n - 10;
        n = 10;
    }
    return n > 3 ? map_key(&l->salt, bare, n) : 0;
}

/* An address of a whole site is every service's of it. */
static const char *
own_page(const char *url)
{
    const char *host = url ? strstr(url, "://") : NULL;
    const char *path = host ? strchr(host + 3, '/') : NULL;

    return path && path[1] ? host + 3 + 4 * !strncmp(host + 3, "www.", 4) : NULL;
}

static enum err
take_service(struct job *j, void *arg, const struct service_step *step)
{
    struct looking *l = arg;
    struct item *t = pile_add(j, l->items);
    const char *phone;
    json_t *doc = NULL;
    enum err e = t ? document_parse(j, step->text, &doc) : j->err.kind;

    if (e)
        return e;
    t->id = step->service->id;
    phone = document_string(doc, "phones[0].number");
    take_name(j, l, step->service->name, t);
    t->key[LIKE_OWNER] = key_of(j, l, step->service->organization, false);
    t->key[LIKE_POSTCODE] = key_of(
        j, l, document_string(doc, "service_at_locations[0].location.addresses[0].postal_code"),
        false);
    t->key[LIKE_PHONE] =
        key_of(j, l, phone ? phone : document_string(doc, "contacts[0].phones[0].number"), true);
    t->key[LIKE_URL] = key_of(j, l, own_page(document_string(doc, "url")), false);
    return OK;
}

/* ---- how alike two are ------------------------------------------------------------------- */

static const struct {
    int points;
    const char *words;
} likes[LIKES] = {{50, "name"}, {20, "organisation"}, {15, "postcode"}, {15, "phone"},
                  {20, "web page"}};
enum { NAME_SHARE = 50, SCORE_LEAST = 65 };

/* Of 100: the words that both names have, of those that either has. */
static int
shared_words(const struct item *a, const struct item *b)
{
    size_t both = 0;

    for (size_t i = 0, k = 0; i < a->words && k < b->words;) {
        both += a->word[i] == b->word[k];
        if (a->word[i] == b->word[k]) {
            i++;
            k++;
        } else if (a->word[i] < b->word[k]) {
            i++;
        } else {
            k++;
        }
    }
    return a->words + b->words ? (int)(100 * both / (a->words + b->words - both)) : 0;
}

static int
score_of(struct job *j, const struct item *a, const struct item *b, const char **why)
{
    int share = shared_words(a, b), score = likes[LIKE_NAME].points * share / 100;

    *why = share == 100 ? "name" : "much of the name";
    if (share < NAME_SHARE)
        return 0;
    for (int k = LIKE_OWNER; k < LIKES; k++)
        if (a->key[k] && a->key[k] == b->key[k]) {
            score += likes[k].points;
            *why = job_format(j, "%s, %s", *why, likes[k].words);
        }
    return score > 100 ? 100 : score;
}

static const char sql_add[] =
    "INSERT INTO directory_duplicate (area_id, entry_id, other_id, score, why, state, found, "
    "decided, decided_by) VALUES ($1, $2, $3, $4, $5, 'candidate', $6, NULL, NULL) "
    "ON CONFLICT (area_id, entry_id, other_id) DO NOTHING";

static enum err
compare(struct job *j, const struct item *a, const struct item *b)
{
    struct scope scope = job_scope_begin(j);
    const char *why;
    int score = score_of(j, a, b, &why);
    bool in_order = a->id < b->id;
    enum err e = OK;

    if (score >= SCORE_LEAST)
        e = db_run(j, sql_add,
                   ARGS(INT(j->area), INT(in_order ? a->id : b->id),
                        INT(in_order ? b->id : a->id), INT(score), TEXT(why), INT(j->now)),
                   NULL);
    job_scope_end(j, scope);
    return e;
}

/* ---- those that share something ---------------------------------------------------------- */

struct block {
    uint64_t key;
    size_t item;
};

static int
by_key(const void *a, const void *b)
{
    const struct block *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static enum err
compare_block(struct job *j, const struct looking *l, const struct block *b, size_t n)
{
    enum err e = OK;

    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; !e && k < n; k++)
            e = compare(j, pile_at(l->items, b[i].item), pile_at(l->items, b[k].item));
    return e;
}

/* A postcode or a page that very many share tells nothing of any two of them. */
static enum err
compare_by(struct job *j, const struct looking *l, enum like like)
{
    struct scope scope = job_scope_begin(j);
    size_t n = pile_count(l->items), blocks = 0;
    struct block *b = job_array(j, n + 1, sizeof *b);
    enum err e = OK;

    for (size_t i = 0; i < n; i++) {
        const struct item *t = pile_at(l->items, i);

        if (t->key[like])
            b[blocks++] = (struct block){t->key[like], i};
    }
    qsort(b, blocks, sizeof *b, by_key);
    for (size_t i = 0, end; !e && i < blocks; i = end) {
        for (end = i + 1; end < blocks && b[end].key == b[i].key;)
            end++;
        if (end - i > 1 && end - i <= BLOCK_MOST)
            e = compare_block(j, l, b + i, end - i);
    }
    job_scope_end(j, scope);
    return e;
}

static const char sql_forget[] =
    "DELETE FROM directory_duplicate WHERE area_id = $1 AND state = 'candidate'";
static const char sql_count[] =
    "SELECT COUNT(*) FROM directory_duplicate d WHERE d.area_id = $1 AND d.state = 'candidate'";

enum err
duplicate_derive(struct job *j, int64_t *found)
{
    struct scope scope = job_scope_begin(j);
    struct looking l = {.salt = map_salt_new()};
    enum err e = permit(j, ACT_DIRECTORY, (struct subject){.what = "duplicates"});

    if (!e)
        e = pile_open(j, sizeof(struct item), &l.items);
    if (!e)
        e = service_walk(j, take_service, &l);
    if (!e)
        e = db_run(j, sql_forget, ARGS(INT(j->area)), NULL);
    for (int k = 0; !e && k < LIKES; k++)
        if (k != LIKE_OWNER)
            e = compare_by(j, &l, (enum like)k);
    if (!e)
        e = db_int(j, sql_count, ARGS(INT(j->area)), 0, found);
    job_scope_end(j, scope);
    return e;
}

/* ---- listed and decided ------------------------------------------------------------------ */

static const char sql_list[] =
    "SELECT d.entry_id, d.other_id, a.uuid, b.uuid, a.name, b.name, d.why, d.state, d.score "
    "FROM directory_duplicate d "
    "JOIN directory_entry a ON a.area_id = d.area_id AND a.entry_id = d.entry_id "
    "JOIN directory_entry b ON b.area_id = d.area_id AND b.entry_id = d.other_id "
    "WHERE d.area_id = $1 AND d.state = $2 ORDER BY d.score DESC, d.entry_id, d.other_id";

enum err
duplicate_list(struct job *j, const char *state, struct duplicate **out, size_t *n)
{
    size_t room = 32;
    struct duplicate *v = job_array(j, room, sizeof *v);
    struct rows q;
    enum err e = permit(j, ACT_DIRECTORY, (struct subject){0});

    *n = 0;
    *out = v;
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), TEXT(state ? state : "candidate")));
    while (db_next(&q)) {
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        v[(*n)++] = (struct duplicate){
            .id = row_int(&q, 0), .other = row_int(&q, 1), .uuid = row_text(&q, 2),
            .other_uuid = row_text(&q, 3), .name = row_text(&q, 4),
            .other_name = row_text(&q, 5), .why = row_text(&q, 6), .state = row_text(&q, 7),
            .score = row_int(&q, 8)};
    }
    *out = v;
    return db_done(&q);
}

static const char sql_decide[] =
    "INSERT INTO directory_duplicate (area_id, entry_id, other_id, score, why, state, found, "
    "decided, decided_by) VALUES ($1, $2, $3, 0, 'said by a person', $4, $5, $6, $7) "
    "ON CONFLICT (area_id, entry_id, other_id) DO UPDATE SET state = EXCLUDED.state, "
    "decided = EXCLUDED.decided, decided_by = EXCLUDED.decided_by";

static enum err
decide(struct job *j, int64_t id, int64_t other, const char *state)
{
    bool undone = !strcmp(state, "candidate");
    int64_t who = j->who ? j->who->account : 0;
    enum err e = permit(j, ACT_DIRECTORY,
                        (struct subject){.what = job_format(j, "service %lld", (long long)id)});

    if (!e && id == other)
        return err_set(j, ERR_INPUT, "These are one and the same service");
    return e ? e
             : db_run(j, sql_decide,
                      ARGS(INT(j->area), INT(id < other ? id : other),
                           INT(id < other ? other : id), TEXT(state), INT(j->now),
                           undone ? NUL : INT(j->now), undone || !who ? NUL : INT(who)),
                      NULL);
}

static const char sql_merge[] =
    "UPDATE directory_entry SET merged_into = $3 WHERE area_id = $1 AND entry_id = $2";
static const char sql_unmerge[] =
    "UPDATE directory_entry SET merged_into = NULL WHERE area_id = $1 "
    "AND ((entry_id = $2 AND merged_into = $3) OR (entry_id = $3 AND merged_into = $2))";

enum err
duplicate_merge(struct job *j, int64_t keep, int64_t other)
{
    struct service s, o;
    enum err e = service_get(j, keep, &s);

    if (!e)
        e = service_get(j, other, &o);
    if (e)
        return e;
    if (s.merged_into || o.merged_into) {
        err_set(j, ERR_CONFLICT, "One of these services is merged into another already");
        return err_hint(j, "Undo that first.");
    }
    if ((e = decide(j, keep, other, "merged")) ||
        (e = db_run(j, sql_merge, ARGS(INT(j->area), INT(other), INT(keep)), NULL)))
        return e;
    return service_turn_up(j);
}

enum err
duplicate_differ(struct job *j, int64_t id, int64_t other)
{
    return decide(j, id, other, "different");
}

enum err
duplicate_undo(struct job *j, int64_t id, int64_t other)
{
    enum err e = decide(j, id, other, "candidate");

    if (!e)
        e = db_run(j, sql_unmerge, ARGS(INT(j->area), INT(id), INT(other)), NULL);
    return e ? e : service_turn_up(j);
}
