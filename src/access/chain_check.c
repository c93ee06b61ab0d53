/* Looking at a chain, entry by entry: the first thing that is not well is told. */
#include "access/chain.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) static bool
bad(struct chain_check *c, int64_t id, const char *fmt, ...)
{
    va_list ap;

    c->bad = id;
    va_start(ap, fmt);
    vsnprintf(c->why, sizeof c->why, fmt, ap);
    va_end(ap);
    return false;
}

/* The next head of this area. */
static const struct chain_head *
next_head(struct chain_check *c)
{
    while (c->at_head < c->n_heads && c->heads[c->at_head].area != c->area)
        c->at_head++;
    return c->at_head < c->n_heads ? &c->heads[c->at_head] : NULL;
}

bool
chain_check_begin(struct chain_check *c, const char *name, int64_t area,
                  const struct chain_head *heads, size_t n_heads)
{
    *c = (struct chain_check){.area = area, .next = 1, .heads = heads, .n_heads = n_heads};
    snprintf(c->name, sizeof c->name, "%s", name);
    chain_begin(name, area, c->hash);
    for (size_t i = 0; i < n_heads; i++)
        if (heads[i].area == area && strcmp(heads[i].name, name))
            return bad(c, 1, "The audit of area %lld is the chain %s, but a head signed at %s is "
                       "of the chain %s: it was begun anew, from entry 1 on, or it belongs to "
                       "another database.", (long long)area, name, heads[i].time, heads[i].name);
    return true;
}

static bool
at_signed_head(struct chain_check *c, const struct chain_head *h)
{
    if (!memcmp(h->hash, c->hash, CHAIN_HASH)) {
        c->sure = h->id;
        return true;
    }
    if (c->sure + 1 == h->id)
        return bad(c, h->id, "Entry %lld of area %lld is not the one whose head was signed at %s: "
                   "the audit was written anew.", (long long)h->id, (long long)c->area, h->time);
    return bad(c, c->sure + 1, "Entry %lld of area %lld does not lead to the head signed at %s: "
               "the audit was written anew from entry %lld on, or from one after it up to entry "
               "%lld.", (long long)h->id, (long long)c->area, h->time, (long long)(c->sure + 1),
               (long long)h->id);
}

bool
chain_check_entry(struct chain_check *c, int64_t id, struct chain_text line,
                  const unsigned char *hash)
{
    const struct chain_head *h;

    if (id > c->next)
        return bad(c, c->next, "Entry %lld of area %lld is missing: entry %lld follows entry "
                   "%lld.", (long long)c->next, (long long)c->area, (long long)id,
                   (long long)(c->next - 1));
    if (id < c->next)
        return bad(c, c->next, "Where entry %lld of area %lld should stand there is entry %lld: "
                   "the order was changed.", (long long)c->next, (long long)c->area,
                   (long long)id);
    chain_add(c->hash, line.s, line.n);
    if (memcmp(c->hash, hash, CHAIN_HASH))
        return bad(c, id, "Entry %lld of area %lld does not have the hash that was kept for it: "
                   "it was changed.", (long long)id, (long long)c->area);
    c->next++;
    c->n++;
    for (; (h = next_head(c)) && h->id <= id; c->at_head++)
        if (h->id == id && !at_signed_head(c, h))
            return false;
    return true;
}

bool
chain_check_end(struct chain_check *c)
{
    const struct chain_head *h = next_head(c);

    for (; h && h->id < c->next; h = next_head(c))
        c->at_head++;
    if (!h)
        return true;
    return bad(c, c->next, "Entries from %lld on of area %lld are missing: the audit ends with "
               "entry %lld, but the head signed at %s is of entry %lld.", (long long)c->next,
               (long long)c->area, (long long)(c->next - 1), h->time, (long long)h->id);
}
