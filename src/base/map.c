#include "base/map.h"
#include <sodium.h>

/* Memory that outlives the scopes of the work: a job of its own, never jumped out of. */
static const size_t MAP_LIMIT = (size_t)4096 * JOB_MB;

struct slot {
    uint64_t key; /* 0: free */
    int64_t value;
};

_Static_assert(sizeof(struct map_salt) == crypto_shorthash_KEYBYTES, "SipHash key");

struct map {
    struct job mem; /* holds slot alone */
    struct slot *slot;
    size_t n, size; /* size a power of two, at most 3/4 full */
    struct slot zero; /* the entry of key 0 */
};

static void
map_end(void *arg)
{
    struct map *m = arg;

    job_end(&m->mem);
}

static enum err
no_memory(struct job *j, size_t n)
{
    err_set(j, ERR_BUSY, "the machine has no memory left for this load");
    err_hint(j, "Load fewer files at once, or use a machine with more memory.");
    return err_detail(j, "index of %zu bytes", n);
}

static size_t
size_for(size_t expect)
{
    size_t size = 64;

    while (size / 4 * 3 < expect)
        size *= 2;
    return size;
}

static struct slot *
slot_of(const struct map *m, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (m->size - 1);

    while (m->slot[at].key && m->slot[at].key != key)
        at = (at + 1) & (m->size - 1);
    return &m->slot[at];
}

static enum err
map_resize(struct job *j, struct map *m, size_t size)
{
    struct map next = {.size = size, .n = m->n};

    job_init(&next.mem, MAP_LIMIT);
    next.slot = job_try_alloc(&next.mem, size * sizeof *next.slot);
    if (!next.slot)
        return no_memory(j, size * sizeof *next.slot);
    for (size_t i = 0; i < m->size; i++)
        if (m->slot[i].key)
            *slot_of(&next, m->slot[i].key) = m->slot[i];
    job_end(&m->mem);
    m->mem = next.mem;
    m->slot = next.slot;
    m->size = size;
    return OK;
}

enum err
map_open(struct job *j, size_t expect, struct map **out)
{
    struct map *m = job_alloc(j, sizeof *m);

    job_init(&m->mem, MAP_LIMIT);
    job_on_end(j, map_end)->arg = m;
    *out = m;
    return map_resize(j, m, size_for(expect));
}

int64_t *
map_find(struct map *m, uint64_t key)
{
    struct slot *s;

    if (!key)
        return m->zero.key ? &m->zero.value : NULL;
    s = slot_of(m, key);
    return s->key ? &s->value : NULL;
}

enum err
map_put(struct job *j, struct map *m, uint64_t key, int64_t value)
{
    struct slot *s;
    enum err e;

    if (!key) {
        m->n += !m->zero.key;
        m->zero = (struct slot){1, value};
        return OK;
    }
    s = slot_of(m, key);
    if (!s->key) {
        if (m->n + 1 > m->size / 4 * 3) {
            e = map_resize(j, m, m->size * 2);
            if (e)
                return e;
            s = slot_of(m, key);
        }
        m->n++;
        s->key = key;
    }
    s->value = value;
    return OK;
}

size_t
map_count(const struct map *m)
{
    return m->n;
}

struct map_salt
map_salt_new(void)
{
    struct map_salt salt;

    if (sodium_init() < 0)
        abort(); /* no source of randomness: nothing here would be safe */
    randombytes_buf(salt.bytes, sizeof salt.bytes);
    return salt;
}

uint64_t
map_key(const struct map_salt *salt, const void *s, size_t n)
{
    uint64_t out;

    crypto_shorthash((unsigned char *)&out, s, n, salt->bytes);
    return out;
}

enum { PILE_BLOCK = 1024 };

struct pile {
    struct job mem;
    size_t item, n;
    char **block;
    size_t n_blocks, most_blocks;
};

static void
pile_end(void *arg)
{
    struct pile *p = arg;

    job_end(&p->mem);
}

enum err
pile_open(struct job *j, size_t item, struct pile **out)
{
    struct pile *p = job_alloc(j, sizeof *p);

    job_init(&p->mem, MAP_LIMIT);
    job_on_end(j, pile_end)->arg = p;
    p->item = item;
    *out = p;
    return OK;
}

static bool
add_block(struct pile *p)
{
    if (p->n_blocks == p->most_blocks) {
        size_t most = p->most_blocks ? p->most_blocks * 2 : 64;
        char **more = job_try_alloc(&p->mem, most * sizeof *more);

        if (!more)
            return false;
        if (p->n_blocks)
            memcpy(more, p->block, p->n_blocks * sizeof *more);
        p->block = more;
        p->most_blocks = most;
    }
    p->block[p->n_blocks] = job_try_alloc(&p->mem, PILE_BLOCK * p->item);
    if (!p->block[p->n_blocks])
        return false;
    p->n_blocks++;
    return true;
}

void *
pile_add(struct job *j, struct pile *p)
{
    if (p->n == p->n_blocks * PILE_BLOCK && !add_block(p)) {
        no_memory(j, PILE_BLOCK * p->item);
        return NULL;
    }
    return pile_at(p, p->n++);
}

void *
pile_at(const struct pile *p, size_t i)
{
    return p->block[i / PILE_BLOCK] + i % PILE_BLOCK * p->item;
}

size_t
pile_count(const struct pile *p)
{
    return p->n;
}

char *
pile_keep(struct job *j, struct pile *p, const char *s, size_t n)
{
    char *mem = job_try_alloc(&p->mem, n + 1);

    if (!mem)
        no_memory(j, n);
    else if (n)
        memcpy(mem, s, n);
    return mem;
}
