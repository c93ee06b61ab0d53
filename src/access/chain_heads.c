#include "access/chain_heads.h"
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
add(struct chain_heads *h, const struct chain_head *head, size_t *room)
{
    if (h->n == *room) {
        size_t more = *room ? 2 * *room : 256;
        struct chain_head *v = realloc(h->v, more * sizeof *v);
        if (!v)
            return false;
        h->v = v;
        *room = more;
    }
    h->v[h->n++] = *head;
    return true;
}

static int
by_area_and_entry(const void *a, const void *b)
{
    const struct chain_head *x = a, *y = b;

    if (x->area != y->area)
        return x->area < y->area ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static bool
read_lines(struct chain_heads *h, FILE *f, const char *path, const unsigned char *key)
{
    char line[CHAIN_HEAD_LINE + 2];
    struct chain_head head;
    size_t room = 0;

    for (long number = 1; fgets(line, sizeof line, f); number++) {
        size_t n = strcspn(line, "\n");
        const char *why;
        if (!line[n] && feof(f))
            break;
        why = line[n] ? chain_head_read(line, n, key, &head) : "is no signed head";
        if (why) {
            snprintf(h->why, sizeof h->why, "Line %ld of the heads (%.200s) %s.", number, path,
                     why);
            return false;
        }
        if (!add(h, &head, &room)) {
            snprintf(h->why, sizeof h->why, "There is not enough memory for the heads.");
            return false;
        }
    }
    return true;
}

bool
chain_heads_read(struct chain_heads *h, const char *path, const unsigned char *key)
{
    FILE *f = fopen(path, "re");
    bool ok;

    *h = (struct chain_heads){.v = NULL};
    if (!f) {
        snprintf(h->why, sizeof h->why, "The heads (%.200s) cannot be read: %s.", path,
                 strerror(errno));
        h->unread = true;
        return false;
    }
    ok = read_lines(h, f, path, key);
    if (ok && ferror(f)) {
        snprintf(h->why, sizeof h->why, "The heads (%.200s) cannot be read to their end.", path);
        h->unread = true;
        ok = false;
    }
    fclose(f);
    if (ok && h->n)
        qsort(h->v, h->n, sizeof *h->v, by_area_and_entry);
    return ok;
}

void
chain_heads_free(void *heads)
{
    struct chain_heads *h = heads;

    free(h->v);
    h->v = NULL;
    h->n = 0;
}

bool
chain_key_read(const char *text, unsigned char *key)
{
    size_t start = strspn(text, " \t\r\n"), n = strcspn(text + start, " \t\r\n"), got = 0;

    size_t after = strspn(text + start + n, " \t\r\n");

    return n == (size_t)2 * CHAIN_PUBLIC && !text[start + n + after] &&
           !sodium_hex2bin(key, CHAIN_PUBLIC, text + start, n, NULL, &got, NULL) &&
           got == CHAIN_PUBLIC;
}
