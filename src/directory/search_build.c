#include "directory/search_build.h"
#include "directory/needs.h"

/* What a word is worth in a field, and how many words such a field usually has: more of them
 * make each worth less (BM25F with b = 1/2; usual lengths are fixed, so that a service's weights
 * do not hang on its neighbours'). */
static const struct {
    uint32_t weight, usual;
} fields[SEARCH_FIELDS] = {
    [SEARCH_NAME] = {4096, 4},         [SEARCH_ORGANISATION] = {2048, 4},
    [SEARCH_NEEDS] = {3072, 8},        [SEARCH_SUMMARY] = {2048, 20},
    [SEARCH_DESCRIPTION] = {1024, 80}, [SEARCH_PLACE] = {1024, 4},
    [SEARCH_OTHER] = {512, 60},
};
enum { SATURATION = 1228 }; /* k1 of 1.2, in the units of the weights */

enum { MOST_SERVICES = (1 << 24) - 1, MEMORY_MB = 512 };

static void
builder_end(void *arg)
{
    struct search_builder *b = arg;

    job_end(&b->mem);
}

enum err
search_index_begin(struct job *j, const struct thesaurus *t, struct search_builder **out)
{
    struct search_builder *b = job_alloc(j, sizeof *b);
    enum err e = word_stemmer(j, &b->stemmer);

    job_init(&b->mem, (size_t)MEMORY_MB * JOB_MB);
    job_on_end(j, builder_end)->arg = b;
    b->salt = map_salt_new();
    if (!e)
        e = map_open(j, 1 << 15, &b->words);
    if (!e)
        e = map_open(j, 1 << 15, &b->stems);
    if (!e)
        e = map_open(j, 1 << 10, &b->key_of);
    if (!e)
        e = pile_open(j, sizeof(struct build_item), &b->item);
    if (!e)
        e = pile_open(j, sizeof(struct build_pair), &b->pair);
    if (!e)
        e = pile_open(j, sizeof(struct build_row), &b->row);
    if (!e)
        e = pile_open(j, sizeof(struct file_hours), &b->hours);
    if (!e)
        e = pile_open(j, sizeof(struct build_key), &b->key);
    if (!e)
        e = pile_open(j, sizeof(struct build_key_row), &b->key_row);
    if (!e)
        e = pile_open(j, sizeof(struct build_service), &b->service);
    *out = b;
    return e ? e : build_thesaurus(j, b, t);
}

/* ---- words ------------------------------------------------------------------------------- */

static enum err
item_of_stem(struct job *j, struct search_builder *b, const struct word *stem,
             const struct word *w, uint32_t *out)
{
    uint64_t key = map_key(&b->salt, stem->s, stem->n);
    const int64_t *known = map_find(b->stems, key);
    struct build_item *item;

    if (known) {
        *out = (uint32_t)*known;
        return OK;
    }
    *out = (uint32_t)pile_count(b->item);
    if (!(item = pile_add(j, b->item)) || !(item->text = pile_keep(j, b->item, stem->s, stem->n)) ||
        !(item->shown = pile_keep(j, b->item, w->s, w->n)))
        return j->err.kind;
    item->n = stem->n;
    return map_put(j, b->stems, key, *out);
}

/* Each word is stemmed once, however often it stands. */
enum err
build_item_of(struct job *j, struct search_builder *b, const struct word *w, uint32_t *out)
{
    uint64_t key = map_key(&b->salt, w->s, w->n);
    const int64_t *known = map_find(b->words, key);
    struct word stem = *w;
    enum err e;

    if (known) {
        *out = (uint32_t)*known;
        return OK;
    }
    word_stem(b->stemmer, &stem);
    e = item_of_stem(j, b, &stem, w, out);
    return e ? e : map_put(j, b->words, key, *out);
}

/* Room for twice as much as *a had, in memory of the builder. */
struct growing {
    void *at;
    size_t most, item;
};

static enum err
grow(struct job *j, struct search_builder *b, struct growing *a)
{
    size_t want = a->most * 2 + 1024;
    void *more = job_try_alloc(&b->mem, want * a->item);

    if (!more)
        return err_set(j, ERR_BUSY, "one entry of the directory has too many words");
    if (a->most)
        memcpy(more, a->at, a->most * a->item);
    *a = (struct growing){more, want, a->item};
    return OK;
}

static enum err
touch(struct job *j, struct search_builder *b, uint32_t at, enum search_field f, uint32_t weight)
{
    struct build_item *item = pile_at(b->item, at);
    uint32_t now = (uint32_t)pile_count(b->service);

    if (item->seen != now) {
        struct growing a = {b->touched, b->most_touched, sizeof *b->touched};
        enum err e = b->n_touched < a.most ? OK : grow(j, b, &a);
        if (e)
            return e;
        b->touched = a.at;
        b->most_touched = a.most;
        b->touched[b->n_touched++] = at;
        item->seen = now;
        item->weight = item->heaviest = 0;
    }
    item->weight = item->weight > UINT32_MAX / 2 ? item->weight : item->weight + weight;
    if (fields[f].weight > item->heaviest) {
        item->heaviest = fields[f].weight;
        item->field = (uint8_t)f;
    }
    return OK;
}

bool
build_phrase_fits(const struct search_builder *b, const struct file_phrase *p,
                  const struct build_token *t, size_t n)
{
    if (p->n > n || ((p->flags & PHRASE_CAPITALS) && !t->capitals))
        return false;
    for (unsigned i = 1; i < p->n; i++)
        if (b->phrase_term[p->first + i] != t[i].item)
            return false;
    return true;
}

static enum err
read_tokens(struct job *j, struct search_builder *b, struct span text)
{
    struct word w;
    enum err e = OK;

    b->tokens = 0;
    while (!e && word_take(&text, &w)) {
        struct growing a = {b->token, b->most_tokens, sizeof *b->token};
        if (b->tokens == a.most && (e = grow(j, b, &a)))
            break;
        b->token = a.at;
        b->most_tokens = a.most;
        b->token[b->tokens].capitals = w.capitals;
        e = build_item_of(j, b, &w, &b->token[b->tokens++].item);
    }
    return e;
}

static enum err
add_text(struct job *j, struct search_builder *b, enum search_field f, struct span text)
{
    enum err e = read_tokens(j, b, text);
    uint64_t usual = fields[f].usual;
    uint32_t weight = (uint32_t)(fields[f].weight * 2 * usual / (usual + b->tokens));

    for (size_t i = 0; i < b->tokens && !e; i++) {
        const struct build_item *item = pile_at(b->item, b->token[i].item);
        const struct file_phrase *p = b->phrase + item->phrase;
        for (unsigned k = 0; k < item->phrases && !e; k++)
            if (build_phrase_fits(b, p + k, b->token + i, b->tokens - i))
                e = touch(j, b, p[k].concept, f, weight);
        if (!e && !(item->flags & TERM_STOP))
            e = touch(j, b, b->token[i].item, f, weight);
    }
    return e;
}

/* Stored as 1 to 31: how near the weight comes to what more of it cannot add to. */
static uint32_t
posting_of(uint32_t service, const struct build_item *item)
{
    uint64_t w = item->weight, of31 = (SEARCH_WEIGHT * w + (w + SATURATION) / 2) / (w + SATURATION);

    return service << 8 | (uint32_t)(of31 ? of31 : 1) << 3 | item->field;
}

enum err
build_service_end(struct job *j, struct search_builder *b)
{
    uint32_t service = (uint32_t)pile_count(b->service) - 1;

    for (size_t i = 0; i < b->n_touched; i++) {
        struct build_item *item = pile_at(b->item, b->touched[i]);
        struct build_pair *p = pile_add(j, b->pair);
        if (!p)
            return j->err.kind;
        *p = (struct build_pair){b->touched[i], posting_of(service, item)};
        item->services++;
    }
    b->n_touched = 0;
    return OK;
}

/* ---- rows -------------------------------------------------------------------------------- */

static int
hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static enum err
read_uuid(struct job *j, const char *s, uint8_t out[16])
{
    size_t n = 0;

    for (; *s && n < 32; s++) {
        if (*s == '-')
            continue;
        if (hex(*s) < 0)
            break;
        out[n / 2] = (uint8_t)(out[n / 2] << 4 | hex(*s));
        n++;
    }
    if (n != 32 || *s)
        return err_set(j, ERR_FAULT, "an entry of the directory has no proper UUID");
    return OK;
}

static enum err
add_key(struct job *j, struct search_builder *b, enum search_key_kind kind, const char *value)
{
    char name[8];
    uint64_t salted = map_key(&b->salt, name, (size_t)snprintf(name, sizeof name, "%d", (int)kind));
    uint64_t id = map_key(&b->salt, value, strlen(value)) ^ salted;
    const int64_t *known = map_find(b->key_of, id);
    uint32_t at = known ? (uint32_t)*known : (uint32_t)pile_count(b->key);
    struct build_key_row *r = pile_add(j, b->key_row);
    struct build_key *k = r && !known ? pile_add(j, b->key) : NULL;

    if (!r || (!known && !k))
        return j->err.kind;
    *r = (struct build_key_row){at, (uint32_t)pile_count(b->row) - 1};
    if (known)
        return OK;
    k->kind = kind;
    if (!(k->value = pile_keep(j, b->key, value, strlen(value))))
        return j->err.kind;
    return map_put(j, b->key_of, id, at);
}

/* A need that it names counts as words of it, and of the need above. */
static enum err
touch_need(struct job *j, struct search_builder *b, const char *id, uint32_t weight)
{
    enum err e = OK;

    for (uint32_t i = 0; i < b->concepts && !e; i++) {
        const struct build_item *c = pile_at(b->item, i);
        if (c->need && strcmp(c->need, id) == 0)
            e = touch(j, b, i, SEARCH_NEEDS, weight);
    }
    return e;
}

static enum err
add_need(struct job *j, struct search_builder *b, const char *id, bool first)
{
    const struct need *need = needs_find(id);
    enum err e = add_key(j, b, SEARCH_NEED, id);

    if (!e && first)
        e = touch_need(j, b, id, fields[SEARCH_NEEDS].weight);
    if (e || !need || !need->under)
        return e;
    if (first)
        e = touch_need(j, b, need->under, fields[SEARCH_NEEDS].weight / 2);
    return e ? e : add_key(j, b, SEARCH_NEED, need->under);
}

static enum err
add_keys(struct job *j, struct search_builder *b, const struct search_row *r, bool first)
{
    struct build_row *row = pile_at(b->row, pile_count(b->row) - 1);
    enum err e = OK;

    row->everywhere = r->everywhere;
    row->area_said = r->everywhere;
    for (size_t i = 0; i < r->n_keys && !e; i++) {
        const struct search_key *k = &r->keys[i];
        row->area_said = row->area_said || k->kind == SEARCH_AREA;
        e = k->kind == SEARCH_NEED ? add_need(j, b, k->value, first)
                                   : add_key(j, b, k->kind, k->value);
    }
    return e;
}

static enum err
add_hours(struct job *j, struct search_builder *b, const struct search_row *r, uint64_t *facets)
{
    for (size_t i = 0; i < r->n_hours; i++) {
        const struct search_hours *h = &r->hours[i];
        struct file_hours *to = pile_add(j, b->hours);
        if (!to)
            return j->err.kind;
        if (h->day > 6)
            return err_set(j, ERR_FAULT, "hours of a service are on day %d of the week", h->day);
        *to = (struct file_hours){h->day, h->from, h->to};
        *facets |= FACET_BIT(FACET_MONDAY + h->day);
    }
    return OK;
}

static uint16_t
months(int32_t age, uint16_t if_unknown)
{
    return age < 0 ? if_unknown : age < SEARCH_NO_AGE - 1 ? (uint16_t)age : SEARCH_NO_AGE - 1;
}

static enum err
add_row(struct job *j, struct search_builder *b, const struct search_row *r)
{
    struct build_row *row = pile_add(j, b->row);
    bool age = r->age_from >= 0 || r->age_to >= 0;

    if (!row)
        return j->err.kind;
    row->owner = (uint32_t)pile_count(b->service) - 1;
    row->age = (struct file_age){months(r->age_from, 0),
                                 age ? months(r->age_to, SEARCH_NO_AGE - 1) : SEARCH_NO_AGE};
    row->point = r->located ? (struct file_point){r->latitude, r->longitude}
                            : (struct file_point){SEARCH_NO_PLACE, SEARCH_NO_PLACE};
    row->row.first_hours = (uint32_t)pile_count(b->hours);
    row->facets = r->facets & ~facets_of_group(FACET_DAY);
    return add_hours(j, b, r, &row->facets);
}

static enum err
add_service(struct job *j, struct search_builder *b, const struct search_row *r,
            const uint8_t uuid[16])
{
    struct build_service *s;

    if (pile_count(b->service) >= MOST_SERVICES)
        return err_set(j, ERR_BUSY, "one directory may hold %d services", MOST_SERVICES);
    if (!(s = pile_add(j, b->service)))
        return j->err.kind;
    s->s = (struct file_service){
        .entry = r->entry, .modified = r->modified, .checked = r->checked,
        .first_row = (uint32_t)pile_count(b->row), .fresh = (uint8_t)r->fresh,
        .complete = r->complete > 100 ? 100 : r->complete, .harmful = r->harmful,
        .wait = r->wait_weeks < 0 || r->wait_weeks >= UINT16_MAX ? UINT16_MAX
                                                                 : (uint16_t)r->wait_weeks};
    memcpy(s->s.uuid, uuid, sizeof s->s.uuid);
    s->name = pile_keep(j, b->service, r->text[SEARCH_NAME].s, r->text[SEARCH_NAME].n);
    return s->name ? OK : j->err.kind;
}

/* The service of this row, new when its UUID is another than the last one's. */
static enum err
service_of(struct job *j, struct search_builder *b, const struct search_row *r, bool *first)
{
    size_t n = pile_count(b->service);
    const struct build_service *last = n ? pile_at(b->service, n - 1) : NULL;
    uint8_t uuid[16] = {0};
    enum err e = read_uuid(j, r->uuid, uuid);
    int order = last ? memcmp(last->s.uuid, uuid, sizeof uuid) : -1;

    *first = order != 0;
    if (e || !*first)
        return e;
    if (order > 0)
        return err_set(j, ERR_FAULT, "entries of the directory do not come in order");
    e = n ? build_service_end(j, b) : OK;
    return e ? e : add_service(j, b, r, uuid);
}

enum err
search_index_row(struct job *j, struct search_builder *b, const struct search_row *r)
{
    bool first = false;
    enum err e = service_of(j, b, r, &first);

    if (!e)
        e = add_row(j, b, r);
    if (!e && r->place) {
        struct build_row *row = pile_at(b->row, pile_count(b->row) - 1);
        e = read_uuid(j, r->place, row->row.place);
    }
    if (!e)
        e = add_keys(j, b, r, first);
    for (int f = 0; f < SEARCH_FIELDS && !e; f++)
        if (r->text[f].n && (first || f == SEARCH_PLACE))
            e = add_text(j, b, (enum search_field)f, r->text[f]);
    return e;
}
