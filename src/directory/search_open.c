#include "base/aside.h"
#include "directory/search_file.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint32_t widths[SECTIONS] = {
    [SECTION_SERVICE] = sizeof(struct file_service),
    [SECTION_OWNER] = sizeof(uint32_t),
    [SECTION_AGE] = sizeof(struct file_age),
    [SECTION_POINT] = sizeof(struct file_point),
    [SECTION_ROW] = sizeof(struct file_row),
    [SECTION_HOURS] = sizeof(struct file_hours),
    [SECTION_BITS] = sizeof(uint64_t),
    [SECTION_KEY] = sizeof(struct file_key),
    [SECTION_KEY_ROW] = sizeof(uint32_t),
    [SECTION_CONCEPT] = sizeof(struct file_concept),
    [SECTION_PHRASE] = sizeof(struct file_phrase),
    [SECTION_PHRASE_TERM] = sizeof(uint32_t),
    [SECTION_TERM] = sizeof(struct file_term),
    [SECTION_LIST] = sizeof(struct file_list),
    [SECTION_POSTING] = 1,
    [SECTION_TEXT] = 1,
};

uint32_t
search_file_width(enum search_section s)
{
    return widths[s];
}

uint32_t
search_file_letters(const char *s, size_t n)
{
    uint32_t letters = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        letters |= UINT32_C(1) << (c >= 'a' && c <= 'z' ? c - 'a' : 26 + c % 6);
    }
    return letters;
}

/* ---- the head ---------------------------------------------------------------------------- */

static enum err
damaged(struct job *j, const char *path)
{
    err_set(j, ERR_ENV, "the search index %s is damaged or of another version", path);
    return err_hint(j, "It is made again by itself when it is next asked for.");
}

static bool
head_is_whole(const struct file_head *h, size_t bytes)
{
    struct file_head copy = *h;
    uint8_t check[sizeof h->check];

    if (memcmp(h->magic, SEARCH_MAGIC, sizeof h->magic) != 0 || h->version != SEARCH_VERSION ||
        h->order != 0x01020304 || h->bytes != bytes || h->facets != FACETS ||
        h->sections != SECTIONS)
        return false;
    memset(copy.check, 0, sizeof copy.check);
    crypto_generichash(check, sizeof check, (const unsigned char *)&copy, sizeof copy, NULL, 0);
    return memcmp(check, h->check, sizeof check) == 0;
}

/* Sections lie within the file, and what is in them was what was written. */
static bool
sections_are_whole(const struct file_head *h)
{
    crypto_generichash_state sum;
    uint8_t digest[sizeof h->digest];

    crypto_generichash_init(&sum, NULL, 0, sizeof digest);
    for (int s = 0; s < SECTIONS; s++) {
        const struct file_part *p = &h->part[s];
        uint64_t n = (uint64_t)p->count * p->width;
        if (p->width != widths[s] || p->offset % 64 || p->offset > h->bytes ||
            n > h->bytes - p->offset)
            return false;
        crypto_generichash_update(&sum, (const unsigned char *)h + p->offset, n);
    }
    crypto_generichash_final(&sum, digest, sizeof digest);
    return memcmp(digest, h->digest, sizeof digest) == 0;
}

static bool
counts_agree(const struct file_head *h)
{
    uint64_t words = ((uint64_t)h->rows + 63) / 64;
    const struct file_part *p = h->part;

    return p[SECTION_SERVICE].count == (uint64_t)h->services + 1 &&
           p[SECTION_OWNER].count == h->rows && p[SECTION_AGE].count == h->rows &&
           p[SECTION_POINT].count == h->rows && p[SECTION_ROW].count == (uint64_t)h->rows + 1 &&
           p[SECTION_BITS].count == words * (FACETS + 3) &&
           p[SECTION_CONCEPT].count == h->concepts && p[SECTION_TERM].count == h->terms &&
           p[SECTION_LIST].count == (uint64_t)h->concepts + h->terms &&
           p[SECTION_TEXT].count > 0;
}

/* ---- what stands in the sections --------------------------------------------------------- */

static bool
rows_agree(const struct search_index *x, uint32_t hours)
{
    if (x->service[0].first_row != 0 || x->service[x->services].first_row != x->rows ||
        x->row[x->rows].first_hours != hours)
        return false;
    for (uint32_t i = 0; i < x->services; i++)
        if (x->service[i].first_row >= x->service[i + 1].first_row ||
            x->service[i].first_row >= x->rows || x->service[i].name_order >= x->services)
            return false;
    for (uint32_t i = 0; i < x->rows; i++)
        if (x->owner[i] >= x->services || i < x->service[x->owner[i]].first_row ||
            i >= x->service[x->owner[i] + 1].first_row ||
            x->row[i].first_hours > x->row[i + 1].first_hours)
            return false;
    for (uint32_t i = 0; i < hours; i++)
        if (x->hours[i].day > 6)
            return false;
    return true;
}

static bool
keys_agree(const struct search_index *x, uint32_t key_rows, uint32_t text)
{
    for (uint32_t i = 0; i < x->keys; i++)
        if (x->key[i].kind >= SEARCH_KEYS || x->key[i].text >= text ||
            x->key[i].first > key_rows || x->key[i].n > key_rows - x->key[i].first)
            return false;
    for (uint32_t i = 0; i < key_rows; i++)
        if (x->key_row[i] >= x->rows && x->rows)
            return false;
    return true;
}

static bool
terms_agree(const struct search_index *x, uint32_t phrase_terms, uint32_t text)
{
    for (uint32_t i = 0; i < x->concepts; i++)
        if (x->concept[i].text >= text || x->concept[i].need >= text)
            return false;
    for (uint32_t i = 0; i < x->phrases; i++)
        if (x->phrase[i].concept >= x->concepts || x->phrase[i].n == 0 ||
            x->phrase[i].n > PHRASE_WORDS || x->phrase[i].first > phrase_terms ||
            x->phrase[i].n > phrase_terms - x->phrase[i].first)
            return false;
    for (uint32_t i = 0; i < phrase_terms; i++)
        if (x->phrase_term[i] >= x->terms)
            return false;
    for (uint32_t i = 0; i < x->terms; i++)
        if (x->term[i].shown >= text || x->term[i].text >= text ||
            x->term[i].n > text - x->term[i].text ||
            (x->term[i].phrases && (x->term[i].phrase >= x->phrases ||
                                    x->term[i].phrases > x->phrases - x->term[i].phrase)))
            return false;
    return true;
}

static bool
lists_agree(const struct search_index *x, uint32_t bytes)
{
    for (uint32_t i = 0; i < x->concepts + x->terms; i++)
        if (x->list[i].at > bytes || x->list[i].bytes > bytes - x->list[i].at ||
            x->list[i].n > x->services)
            return false;
    return true;
}

static bool
contents_agree(const struct search_index *x)
{
    const struct file_part *p = x->head->part;
    uint32_t text = p[SECTION_TEXT].count;

    return x->text[text - 1] == '\0' && rows_agree(x, p[SECTION_HOURS].count) &&
           keys_agree(x, p[SECTION_KEY_ROW].count, text) &&
           terms_agree(x, p[SECTION_PHRASE_TERM].count, text) &&
           lists_agree(x, p[SECTION_POSTING].count);
}

static void
show(struct search_index *x)
{
    const struct file_head *h = x->head;
    const void *at[SECTIONS];
    const uint64_t *bits;

    for (int s = 0; s < SECTIONS; s++)
        at[s] = (const char *)h + h->part[s].offset;
    x->services = h->services;
    x->rows = h->rows;
    x->concepts = h->concepts;
    x->terms = h->terms;
    x->words = (h->rows + 63) / 64;
    x->keys = h->part[SECTION_KEY].count;
    x->phrases = h->part[SECTION_PHRASE].count;
    x->service = at[SECTION_SERVICE];
    x->owner = at[SECTION_OWNER];
    x->age = at[SECTION_AGE];
    x->point = at[SECTION_POINT];
    x->row = at[SECTION_ROW];
    x->hours = at[SECTION_HOURS];
    x->last = bits = at[SECTION_BITS];
    x->facet = bits + x->words;
    x->everywhere = bits + (size_t)x->words * (1 + FACETS);
    x->area_unknown = bits + (size_t)x->words * (2 + FACETS);
    x->key = at[SECTION_KEY];
    x->key_row = at[SECTION_KEY_ROW];
    x->concept = at[SECTION_CONCEPT];
    x->phrase = at[SECTION_PHRASE];
    x->phrase_term = at[SECTION_PHRASE_TERM];
    x->term = at[SECTION_TERM];
    x->list = at[SECTION_LIST];
    x->posting = at[SECTION_POSTING];
    x->text = at[SECTION_TEXT];
}

/* ---- opening ----------------------------------------------------------------------------- */

enum err
search_index_open(struct job *j, const char *path, struct search_index **out)
{
    struct search_index *x = job_alloc(j, sizeof *x);
    struct aside_map m;
    enum err e = aside_map(j, path, "search index", sizeof *x->head, &m);

    if (e)
        return e;
    x->head = m.at;
    if (!m.at || !head_is_whole(x->head, m.bytes) || !counts_agree(x->head) ||
        !sections_are_whole(x->head))
        return damaged(j, path);
    show(x);
    if (!contents_agree(x))
        return damaged(j, path);
    *out = x;
    return OK;
}

enum err
search_index_peek(struct job *j, const char *path, int64_t *version)
{
    struct file_head head = {.version = 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    ssize_t got = fd < 0 ? -1 : pread(fd, &head, sizeof head, 0);
    bool sized = got == (ssize_t)sizeof head && fstat(fd, &st) == 0;

    if (got < 0)
        err_set(j, errno == ENOENT ? ERR_NOT_FOUND : ERR_ENV, "the search index %s cannot be read",
                path);
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return j->err.kind;
    if (!sized || !head_is_whole(&head, (size_t)st.st_size))
        return damaged(j, path);
    *version = head.made_at;
    return OK;
}

int64_t
search_index_version(const struct search_index *x)
{
    return x->head->made_at;
}

uint32_t
search_index_services(const struct search_index *x)
{
    return x->services;
}

uint32_t
search_index_places(const struct search_index *x)
{
    return x->rows;
}

size_t
search_index_bytes(const struct search_index *x)
{
    return x->head->bytes;
}
