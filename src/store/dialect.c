#include "store/dialect.h"
#include <ctype.h>

struct out {
    char *text;
    size_t n;
    bool after_as; /* CAST(… AS TEXT) takes no collation */
};

static void
put(struct out *o, const char *s, size_t n)
{
    memcpy(o->text + o->n, s, n);
    o->n += n;
}

static size_t
comment_length(const char *s)
{
    const char *end;

    if (s[0] == '-' && s[1] == '-')
        return strcspn(s, "\n");
    if (s[0] != '/' || s[1] != '*')
        return 0;
    end = strstr(s + 2, "*/");
    return end ? (size_t)(end + 2 - s) : strlen(s);
}

/* '…' or "…"; a doubled quote is two strings side by side, which comes to the same. */
static size_t
quoted_length(const char *s)
{
    const char *end;

    if (*s != '\'' && *s != '"')
        return 0;
    end = strchr(s + 1, *s);
    return end ? (size_t)(end + 1 - s) : strlen(s);
}

static size_t
word_length(const char *s)
{
    size_t n = 0;

    while (isalnum((unsigned char)s[n]) || s[n] == '_')
        n++;
    return n;
}

struct change {
    const char *from, *to;
};
static const struct change changes[] = {
    {"INTEGER", "BIGINT"},
    {"BLOB", "BYTEA"},
    {"REAL", "DOUBLE PRECISION"},
    {"TEXT", "TEXT COLLATE \"C\""}, /* ordered by bytes, as SQLite does */
    /* after a table's closing bracket; the comma between goes below */
    {"STRICT", ""},
    {"WITHOUT", ""},
    {"ROWID", ""},
};

static const char *
change_of(const char *word, size_t n)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (strlen(changes[i].from) == n && memcmp(changes[i].from, word, n) == 0)
            return changes[i].to;
    }
    return NULL;
}

/* One word, changed or not; gives how much of s it used: STRICT takes its comma along. */
static size_t
put_word(struct out *o, const char *s, size_t n)
{
    const char *to = change_of(s, n);
    bool type_of_cast = o->after_as && n == 4 && memcmp(s, "TEXT", 4) == 0;

    o->after_as = n == 2 && memcmp(s, "AS", 2) == 0;
    if (!to || type_of_cast) {
        put(o, s, n);
        return n;
    }
    put(o, to, strlen(to));
    return n == 6 && memcmp(s, "STRICT", 6) == 0 && s[n] == ',' ? n + 1 : n;
}

const char *
dialect_postgresql(struct job *j, const char *sql)
{
    /* REAL and TEXT grow fourfold; nothing grows more */
    struct out o = {job_alloc(j, 4 * strlen(sql) + 1), 0, false};
    size_t n;

    while (*sql) {
        if ((n = comment_length(sql))) {
            sql += n;
        } else if ((n = quoted_length(sql))) {
            put(&o, sql, n);
            sql += n;
        } else if ((n = word_length(sql))) {
            sql += put_word(&o, sql, n);
        } else {
            put(&o, sql++, 1);
        }
    }
    o.text[o.n] = '\0';
    return o.text;
}

/* Is this the line? */
static bool
is_line(const char *s, const char *line)
{
    size_t n = strlen(line);

    return !strncmp(s, line, n) && (s[n] == '\n' || !s[n]);
}

const char *
dialect_part(struct job *j, const char *sql, const char *engine)
{
    static const char *const parts[] = {"-- only sqlite", "-- only postgresql"};
    struct out o = {.text = job_alloc(j, strlen(sql) + 1)};
    bool ours = true;

    while (*sql) {
        size_t n = strcspn(sql, "\n");
        n += sql[n] == '\n';
        for (size_t i = 0; i < 2; i++)
            if (is_line(sql, parts[i]))
                ours = !strcmp(engine, parts[i] + strlen("-- only "));
        ours = ours || is_line(sql, "-- both");
        if (ours)
            put(&o, sql, n);
        sql += n;
    }
    o.text[o.n] = '\0';
    return o.text;
}
