/* rooted-audit-verify: is an exported audit whole?  Made of access/chain.h and libsodium alone:
 * no database, nothing of the installation but three things it was given. */
#include "access/chain_heads.h"
#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char manual[] =
    "rooted-audit-verify ENTRIES HEADS PUBLICKEY\n\n"
    "Checks the record of who saw what, as \"rooted audit export\" wrote it, without the\n"
    "program and without its database.\n\n"
    "ENTRIES    the entries of one area, one a line\n"
    "HEADS      signed heads, one a line: a copy of audit.heads from the installation, or\n"
    "           from where its syslog went; best one that the installation cannot change\n"
    "PUBLICKEY  64 hexadecimal digits, or a file that holds them, as \"rooted audit key\"\n"
    "           printed them when the installation was new\n\n"
    "Ends with 0 when each entry leads to the next and to every signed head; with 1 and a\n"
    "sentence that names the first bad entry after anything was changed, taken away, put\n"
    "elsewhere, cut off or set back; with 2 when it was called wrongly, and with 3 when a\n"
    "file cannot be read. Format and hashes are described in docs/audit.md.\n";

__attribute__((format(printf, 2, 3))) static int
say(int code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return code;
}

/* Digits, or a file with them. */
static bool
read_key(const char *given, unsigned char *key)
{
    char text[200] = "";
    FILE *f;
    bool ok;

    if (chain_key_read(given, key))
        return true;
    f = fopen(given, "re");
    ok = f && fgets(text, sizeof text, f) && chain_key_read(text, key);
    if (f)
        fclose(f);
    return ok;
}

static int
digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_hash(const char *s, size_t n, unsigned char *out)
{
    if (n != (size_t)2 * CHAIN_HASH)
        return false;
    for (size_t i = 0; i < CHAIN_HASH; i++) {
        int high = digit(s[2 * i]), low = digit(s[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* The number between the first and the second tab; -1: there is none. */
static int64_t
read_id(const char *line, size_t n)
{
    const char *tab = memchr(line, '\t', n);
    char *end;
    long long id;

    if (!tab)
        return -1;
    id = strtoll(tab + 1, &end, 10);
    return *end == '\t' && id > 0 ? id : -1;
}

static int
check_lines(FILE *f, const char *path, struct chain_check *c)
{
    static char line[CHAIN_LINE + 2 * CHAIN_HASH + 8];
    unsigned char hash[CHAIN_HASH];

    for (long number = 2; fgets(line, sizeof line, f); number++) {
        size_t n = strcspn(line, "\n");
        const char *tab = n ? memrchr(line, '\t', n) : NULL;
        int64_t id = read_id(line, n);
        if (line[n] != '\n' || !tab || id < 0 ||
            !read_hash(tab + 1, (size_t)(line + n - tab - 1), hash))
            return say(1, "Line %ld of %s is no entry; entry %lld should stand there.", number,
                       path, (long long)c->next);
        if (!chain_check_entry(c, id, (struct chain_text){line, (size_t)(tab - line)}, hash))
            return say(1, "%s", c->why);
    }
    if (ferror(f))
        return say(3, "%s cannot be read to its end: %s.", path, strerror(errno));
    return chain_check_end(c) ? 0 : say(1, "%s", c->why);
}

static int
check_file(FILE *f, const char *path, const struct chain_heads *heads)
{
    char top[CHAIN_TOP + 2], name[CHAIN_NAME];
    struct chain_check c;
    int64_t area;
    int code;

    if (!fgets(top, sizeof top, f) || !strchr(top, '\n') ||
        !chain_top_read(top, strcspn(top, "\n"), name, &area))
        return say(1, "%s does not begin as an exported audit does.", path);
    if (!chain_check_begin(&c, name, area, heads->v, heads->n))
        return say(1, "%s", c.why);
    code = check_lines(f, path, &c);
    if (code)
        return code;
    if (!c.sure)
        return say(1, "None of the heads is of area %lld, so nothing vouches for its %lld entries, "
                   "from entry 1 on.", (long long)area, (long long)c.n);
    printf("Area %lld: %lld entries, whole; up to entry %lld by a signed head.\n", (long long)area,
           (long long)c.n, (long long)c.sure);
    return 0;
}

int
main(int argc, char **argv)
{
    unsigned char key[CHAIN_PUBLIC];
    struct chain_heads heads;
    FILE *f;
    int code;

    if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        fputs(manual, stdout);
        return 0;
    }
    if (argc != 4)
        return say(2, "Usage: rooted-audit-verify ENTRIES HEADS PUBLICKEY (see --help)");
    if (sodium_init() < 0)
        return say(3, "The cryptographic library cannot start.");
    if (!read_key(argv[3], key))
        return say(2, "PUBLICKEY wants 64 hexadecimal digits, or a file that holds them.");
    if (!chain_heads_read(&heads, argv[2], key))
        code = say(heads.unread ? 3 : 1, "%s", heads.why);
    else if (!(f = fopen(argv[1], "re")))
        code = say(3, "%s cannot be read: %s.", argv[1], strerror(errno));
    else {
        code = check_file(f, argv[1], &heads);
        fclose(f);
    }
    chain_heads_free(&heads);
    return code;
}
