/* access/chain.h - the audit of an area as a chain that cannot be changed unseen.
 *
 * Each entry has canonical bytes (docs/audit.md); its hash is SHA-256 of the hash before it
 * and these bytes.  Signed heads say which hash an entry had at some moment.  Knows neither
 * job nor database: build/rooted-audit-verify is made of this, chain_heads and libsodium. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHAIN_HASH = 32,
    CHAIN_NAME = 17,   /* 16 hexadecimal digits and the closing NUL */
    CHAIN_LINE = 8192, /* most bytes of an entry */
    CHAIN_PUBLIC = 32, CHAIN_SECRET = 64, CHAIN_SEED = 32,
};
struct chain_text {
    const char *s; /* need not end in NUL; NULL none */
    size_t n;
};
struct chain_entry {
    int64_t area, id, at, account, person; /* account, person: 0 none */
    struct chain_text event, act, outcome, subject, detail;
    struct chain_text role;              /* that the account acted in; n 0: none was kept */
};
struct chain_text chain_text(const char *s);

/* Name of a new chain. */
void chain_name(char *out);
/* The hash before the first entry. */
void chain_begin(const char *name, int64_t area, unsigned char *hash);
/* Canonical bytes of an entry into out of CHAIN_LINE bytes; 0: it is too long. */
size_t chain_line(const struct chain_entry *e, char *out);
/* From the hash before an entry to its own. */
void chain_add(unsigned char *hash, const char *line, size_t n);

/* What an export begins with, with the end of the line; bytes written. */
enum { CHAIN_TOP = 80 };
size_t chain_top(const char *name, int64_t area, char *out);
bool chain_top_read(const char *line, size_t n, char *name, int64_t *area);

/* A signed head: one line of text. */
enum { CHAIN_TIME = 21, CHAIN_HEAD_LINE = 400 };
struct chain_head {
    char name[CHAIN_NAME];
    int64_t area, id;
    unsigned char hash[CHAIN_HASH];
    char time[CHAIN_TIME]; /* "2025-11-03T14:05:06Z" */
};
/* The line without its end, into out of CHAIN_HEAD_LINE bytes. */
size_t chain_head_sign(const struct chain_head *h, const unsigned char *secret, char *out);
/* NULL: it is a head that this key signed; else what is wrong. */
const char *chain_head_read(const char *line, size_t n, const unsigned char *key,
                            struct chain_head *out);

/* ---- looking at a chain, entry by entry ---- */
struct chain_check {
    char name[CHAIN_NAME];
    int64_t area, next;        /* id of the entry to come */
    unsigned char hash[CHAIN_HASH];
    const struct chain_head *heads; /* of all chains; those of this area by id */
    size_t n_heads, at_head;
    int64_t sure;              /* the last entry that a signed head vouches for; 0 none */
    int64_t bad;               /* the first bad entry, or the first that may be; 0 none */
    char why[400];             /* a sentence, when it is not well */
    int64_t n;
};
/* heads sorted by chain_heads; NULL none.  False: there are heads of another chain of this area. */
bool chain_check_begin(struct chain_check *c, const char *name, int64_t area,
                       const struct chain_head *heads, size_t n_heads);
/* hash: as it was kept. */
bool chain_check_entry(struct chain_check *c, int64_t id, struct chain_text line,
                       const unsigned char *hash);
bool chain_check_end(struct chain_check *c);
