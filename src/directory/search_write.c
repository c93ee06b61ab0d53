#include "base/aside.h"
#include "directory/search_build.h"
#include <sodium.h>

enum { ALIGN = 64 };

/* ---- sections ---------------------------------------------------------------------------- */

struct laying {
    struct job *j;
    struct search_builder *b;
    struct file_head head;
    const void *section[SECTIONS];
    uint32_t services, rows, lists;
    uint32_t *number; /* of an item: its number in the file */
    uint32_t *order;  /* items by number */
    char *text;
    size_t text_n, text_most;
};

static void
lay(struct laying *l, enum search_section s, const void *at, size_t n)
{
    l->section[s] = at;
    l->head.part[s].count = (uint32_t)n;
    l->head.part[s].width = search_file_width(s);
}

static uint32_t
lay_text(struct laying *l, const char *s)
{
    size_t n = strlen(s) + 1;
    uint32_t at = (uint32_t)l->text_n;

    if (!*s)
        return 0; /* the first byte */
    if (l->text_n + n > l->text_most) {
        size_t most = (l->text_most + n) * 2;
        l->text = job_grow(l->j, l->text, l->text_most, most);
        l->text_most = most;
    }
    memcpy(l->text + l->text_n, s, n);
    l->text_n += n;
    return at;
}

static int
by_name(const void *one, const void *other, void *arg)
{
    const char *const *name = arg;
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    int c = strcmp(name[a], name[b]);

    return c ? c : a < b ? -1 : a > b;
}

static void
lay_services(struct laying *l)
{
    struct file_service *s = job_array(l->j, (size_t)l->services + 1, sizeof *s);
    const char **name = job_array(l->j, (size_t)l->services + 1, sizeof *name);
    uint32_t *order = job_array(l->j, (size_t)l->services + 1, sizeof *order);

    for (uint32_t i = 0; i < l->services; i++) {
        const struct build_service *from = pile_at(l->b->service, i);
        s[i] = from->s;
        name[i] = text_name_key(l->j, span_of(from->name));
        order[i] = i;
    }
    s[l->services].first_row = l->rows;
    qsort_r(order, l->services, sizeof *order, by_name, name);
    for (uint32_t i = 0; i < l->services; i++)
        s[order[i]].name_order = i;
    lay(l, SECTION_SERVICE, s, (size_t)l->services + 1);
}

static void
lay_rows(struct laying *l)
{
    size_t n = (size_t)l->rows + 1;
    uint32_t *owner = job_array(l->j, n, sizeof *owner);
    struct file_age *age = job_array(l->j, n, sizeof *age);
    struct file_point *point = job_array(l->j, n, sizeof *point);
    struct file_row *row = job_array(l->j, n, sizeof *row);
    size_t hours = pile_count(l->b->hours);
    struct file_hours *h = job_array(l->j, hours + 1, sizeof *h);

    for (uint32_t i = 0; i < l->rows; i++) {
        const struct build_row *r = pile_at(l->b->row, i);
        owner[i] = r->owner;
        age[i] = r->age;
        point[i] = r->point;
        row[i] = r->row;
    }
    row[l->rows].first_hours = (uint32_t)hours;
    for (size_t i = 0; i < hours; i++)
        h[i] = *(const struct file_hours *)pile_at(l->b->hours, i);
    lay(l, SECTION_OWNER, owner, l->rows);
    lay(l, SECTION_AGE, age, l->rows);
    lay(l, SECTION_POINT, point, l->rows);
    lay(l, SECTION_ROW, row, n);
    lay(l, SECTION_HOURS, h, hours);
}

static void
lay_bits(struct laying *l)
{
    size_t words = ((size_t)l->rows + 63) / 64, maps = FACETS + 3;
    uint64_t *bits = job_array(l->j, words * maps + 1, sizeof *bits);

    for (uint32_t i = 0; i < l->rows; i++) {
        const struct build_row *r = pile_at(l->b->row, i);
        const struct build_row *next = i + 1 < l->rows ? pile_at(l->b->row, i + 1) : NULL;
        uint64_t bit = UINT64_C(1) << i % 64, *at = bits + i / 64;
        if (!next || next->owner != r->owner)
            *at |= bit;
        for (uint64_t left = r->facets; left; left &= left - 1)
            at[(1 + (size_t)__builtin_ctzll(left)) * words] |= bit;
        if (r->everywhere)
            at[(1 + FACETS) * words] |= bit;
        if (!r->area_said)
            at[(2 + FACETS) * words] |= bit;
    }
    lay(l, SECTION_BITS, bits, words * maps);
}

static int
by_key(const void *one, const void *other, void *arg)
{
    const struct build_key *const *key = arg;
    const struct build_key *a = key[*(const uint32_t *)one], *b = key[*(const uint32_t *)other];

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return strcmp(a->value, b->value);
}

/* Rows of each key in their order: they came in the order of rows, some twice. */
static void
lay_key_rows(struct laying *l, struct file_key *key, const uint32_t *place, size_t keys)
{
    size_t n = pile_count(l->b->key_row), to = 0;
    uint32_t *row = job_array(l->j, n + 1, sizeof *row);

    for (size_t i = 0; i < n; i++)
        key[place[((const struct build_key_row *)pile_at(l->b->key_row, i))->key]].n++;
    for (size_t i = 0; i < keys; i++) {
        key[i].first = (uint32_t)to;
        to += key[i].n;
        key[i].n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        const struct build_key_row *r = pile_at(l->b->key_row, i);
        struct file_key *k = &key[place[r->key]];
        if (k->n == 0 || row[k->first + k->n - 1] != r->row)
            row[k->first + k->n++] = r->row;
    }
    lay(l, SECTION_KEY_ROW, row, n);
}

static void
lay_keys(struct laying *l)
{
    size_t n = pile_count(l->b->key);
    const struct build_key **from = job_array(l->j, n + 1, sizeof *from);
    uint32_t *order = job_array(l->j, n + 1, sizeof *order);
    uint32_t *place = job_array(l->j, n + 1, sizeof *place);
    struct file_key *key = job_array(l->j, n + 1, sizeof *key);

    for (uint32_t i = 0; i < n; i++) {
        from[i] = pile_at(l->b->key, i);
        order[i] = i;
    }
    qsort_r(order, n, sizeof *order, by_key, from);
    for (uint32_t i = 0; i < n; i++) {
        place[order[i]] = i;
        key[i].kind = from[order[i]]->kind;
        key[i].text = lay_text(l, from[order[i]]->value);
    }
    lay_key_rows(l, key, place, n);
    lay(l, SECTION_KEY, key, n);
}

/* ---- terms and postings ------------------------------------------------------------------ */

static int
by_text(const void *one, const void *other, void *arg)
{
    const struct search_builder *b = arg;
    const struct build_item *a = pile_at(b->item, *(const uint32_t *)one);
    const struct build_item *c = pile_at(b->item, *(const uint32_t *)other);

    return strcmp(a->text, c->text);
}

/* Concepts keep their numbers; terms are numbered by their text, from 0 again. */
static void
number_items(struct laying *l)
{
    uint32_t concepts = l->b->concepts;

    l->lists = (uint32_t)pile_count(l->b->item);
    l->order = job_array(l->j, (size_t)l->lists + 1, sizeof *l->order);
    l->number = job_array(l->j, (size_t)l->lists + 1, sizeof *l->number);
    for (uint32_t i = 0; i < l->lists; i++)
        l->order[i] = i;
    qsort_r(l->order + concepts, l->lists - concepts, sizeof *l->order, by_text, l->b);
    for (uint32_t i = 0; i < l->lists; i++)
        l->number[l->order[i]] = i;
}

static void
lay_concepts(struct laying *l)
{
    struct file_concept *c = job_array(l->j, (size_t)l->b->concepts + 1, sizeof *c);

    for (uint32_t i = 0; i < l->b->concepts; i++) {
        const struct build_item *item = pile_at(l->b->item, i);
        c[i].text = lay_text(l, item->text);
        c[i].need = lay_text(l, item->need ? item->need : "");
    }
    lay(l, SECTION_CONCEPT, c, l->b->concepts);
}

static void
lay_terms(struct laying *l)
{
    uint32_t concepts = l->b->concepts, n = l->lists - concepts, phrases = l->b->phrases;
    struct file_term *t = job_array(l->j, (size_t)n + 1, sizeof *t);
    struct file_phrase *p = job_array(l->j, (size_t)phrases + 1, sizeof *p);
    uint32_t *of = job_array(l->j, (size_t)l->b->phrase_terms + 1, sizeof *of);

    for (uint32_t i = 0; i < l->b->phrase_terms; i++)
        of[i] = l->number[l->b->phrase_term[i]] - concepts;
    if (phrases)
        memcpy(p, l->b->phrase, phrases * sizeof *p);
    qsort_r(p, phrases, sizeof *p, build_by_phrase, of);
    for (uint32_t i = 0; i < n; i++) {
        const struct build_item *item = pile_at(l->b->item, l->order[concepts + i]);
        t[i] = (struct file_term){.text = lay_text(l, item->text), .n = item->n,
                                  .shown = lay_text(l, item->shown),
                                  .letters = search_file_letters(item->text, item->n),
                                  .flags = item->flags};
    }
    for (uint32_t i = 0; i < phrases; i++)
        if (t[of[p[i].first]].phrases++ == 0)
            t[of[p[i].first]].phrase = i;
    lay(l, SECTION_TERM, t, n);
    lay(l, SECTION_PHRASE, p, phrases);
    lay(l, SECTION_PHRASE_TERM, of, l->b->phrase_terms);
}

static uint8_t *
put_posting(uint8_t *to, uint32_t further, uint8_t byte)
{
    for (; further >= 0x80; further >>= 7)
        *to++ = (uint8_t)(further | 0x80);
    *to++ = (uint8_t)further;
    *to++ = byte;
    return to;
}

/* Pairs came service by service: dealt out by item, those of one stay in that order. */
static uint32_t *
deal_postings(struct laying *l, const uint32_t *start)
{
    size_t n = pile_count(l->b->pair);
    uint32_t *posting = job_array(l->j, n + 1, sizeof *posting);
    uint32_t *next = job_array(l->j, (size_t)l->lists + 1, sizeof *next);

    memcpy(next, start, l->lists * sizeof *next);
    for (size_t i = 0; i < n; i++) {
        const struct build_pair *p = pile_at(l->b->pair, i);
        posting[next[l->number[p->item]]++] = p->posting;
    }
    return posting;
}

static void
lay_lists(struct laying *l)
{
    size_t n = pile_count(l->b->pair);
    struct file_list *list = job_array(l->j, (size_t)l->lists + 1, sizeof *list);
    uint32_t *start = job_array(l->j, (size_t)l->lists + 1, sizeof *start);
    uint8_t *bytes = job_array(l->j, n + 1, 5), *to = bytes;
    const uint32_t *posting;

    for (uint32_t i = 0; i < l->lists; i++) {
        const struct build_item *item = pile_at(l->b->item, l->order[i]);
        list[i].n = item->services;
        start[i + 1] = start[i] + item->services;
    }
    posting = deal_postings(l, start);
    for (uint32_t i = 0; i < l->lists; i++) {
        uint32_t at = 0;
        list[i].at = (uint64_t)(to - bytes);
        for (uint32_t k = start[i]; k < start[i + 1]; k++) {
            to = put_posting(to, (posting[k] >> 8) - at, (uint8_t)posting[k]);
            at = posting[k] >> 8;
        }
        list[i].bytes = (uint32_t)((uint64_t)(to - bytes) - list[i].at);
    }
    lay(l, SECTION_LIST, list, l->lists);
    lay(l, SECTION_POSTING, bytes, (size_t)(to - bytes));
}

/* ---- the file ---------------------------------------------------------------------------- */

static enum err
put_all(struct aside *a, struct laying *l)
{
    static const char zero[ALIGN];
    crypto_generichash_state sum;
    enum err e = aside_put(a, &l->head, sizeof l->head); /* its place; the true one follows */

    crypto_generichash_init(&sum, NULL, 0, sizeof l->head.digest);
    for (int s = 0; s < SECTIONS && !e; s++) {
        struct file_part *part = &l->head.part[s];
        size_t n = (size_t)part->count * part->width;
        e = aside_put(a, zero, (ALIGN - aside_at(a) % ALIGN) % ALIGN);
        part->offset = aside_at(a);
        crypto_generichash_update(&sum, l->section[s], n);
        if (!e)
            e = aside_put(a, l->section[s], n);
    }
    if (e)
        return e;
    crypto_generichash_final(&sum, l->head.digest, sizeof l->head.digest);
    l->head.bytes = aside_at(a);
    crypto_generichash(l->head.check, sizeof l->head.check, (const unsigned char *)&l->head,
                       sizeof l->head, NULL, 0);
    return aside_put_first(a, &l->head, sizeof l->head);
}

static enum err
write_out(struct job *j, struct laying *l, const char *path)
{
    static const struct aside_words words = {
        "the search index", "Free some space or check who may write there; the search goes on "
                            "with the one before."};
    struct aside *a;
    enum err e = aside_open(j, path, &words, &a);

    if (!e)
        e = put_all(a, l);
    return e ? e : aside_end(a);
}

static void
lay_head(struct laying *l, int64_t version)
{
    struct file_head *h = &l->head;

    memcpy(h->magic, SEARCH_MAGIC, sizeof h->magic);
    h->version = SEARCH_VERSION;
    h->order = 0x01020304;
    h->made_at = version;
    h->services = l->services;
    h->rows = l->rows;
    h->concepts = l->b->concepts;
    h->terms = l->lists - l->b->concepts;
    h->facets = FACETS;
    h->sections = SECTIONS;
}

enum err
search_index_write(struct job *j, struct search_builder *b, const char *path, int64_t version)
{
    struct laying *l = job_alloc(j, sizeof *l);
    enum err e = pile_count(b->service) ? build_service_end(j, b) : OK;

    if (e)
        return e;
    l->j = j;
    l->b = b;
    l->services = (uint32_t)pile_count(b->service);
    l->rows = (uint32_t)pile_count(b->row);
    l->text_n = 1;
    l->text_most = 4096;
    l->text = job_alloc(j, l->text_most);
    number_items(l);
    lay_services(l);
    lay_rows(l);
    lay_bits(l);
    lay_keys(l);
    lay_concepts(l);
    lay_terms(l);
    lay_lists(l);
    lay(l, SECTION_TEXT, l->text, l->text_n);
    lay_head(l, version);
    return write_out(j, l, path);
}
