#include "base/encoding.h"

/* Windows-1252 above ASCII, 0x80 … 0x9F; 0 where it has no character.  0xA0 … 0xFF are
 * U+00A0 … U+00FF. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static const struct {
    const char *starts;
    size_t n;
    const char *name;
} binaries[] = {
    {"PK\3\4", 4, "an Excel workbook or a zip file"},
    {"PK\5\6", 4, "an empty zip file"},
    {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook or Word document"},
    {"%PDF-", 5, "a PDF"},
    {"\x1F\x8B", 2, "a gzip file"},
    {"\x28\xB5\x2F\xFD", 4, "a zstd file"},
    {"7z\xBC\xAF\x27\x1C", 6, "a 7-zip file"},
    {"Rar!", 4, "a rar file"},
    {"\x89PNG", 4, "a picture"},
    {"\xFF\xD8\xFF", 3, "a picture"},
    {"GIF8", 4, "a picture"},
    {"SQLite format 3", 15, "an SQLite database"},
    {"PGDMP", 5, "a PostgreSQL backup"},
};

static const char *
known_binary(const char *s, size_t n)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (n >= binaries[i].n && memcmp(s, binaries[i].starts, binaries[i].n) == 0)
            return binaries[i].name;
    return NULL;
}

const char *
encoding_binary_name(const char *s, size_t n)
{
    const char *name = known_binary(s, n);

    return name ? name : "no text in an encoding we know";
}

/* The bytes from the start that are Windows-1252. */
static size_t
good_1252(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == 0 || (c >= 0x80 && c < 0xA0 && !windows_1252[c - 0x80]))
            return i;
    }
    return n;
}

static size_t
good_utf8(const char *s, size_t n)
{
    size_t good = n;
    const char *nul = memchr(s, '\0', n);

    if (nul)
        n = (size_t)(nul - s);
    return text_is_utf8(s, n, &good) ? n : good;
}

static uint32_t
unit_16(const char *s, bool little)
{
    unsigned char a = (unsigned char)s[0], b = (unsigned char)s[1];

    return little ? (uint32_t)(a | b << 8) : (uint32_t)(a << 8 | b);
}

enum { REPLACEMENT = 0xFFFD };

/* One character of UTF-16 at s; the bytes it takes.  REPLACEMENT for half a pair. */
static size_t
take_16(const char *s, size_t n, bool little, uint32_t *code)
{
    uint32_t a = n >= 2 ? unit_16(s, little) : REPLACEMENT, b;

    *code = a;
    if (n < 2)
        return n;
    if (a < 0xD800 || a > 0xDFFF)
        return 2;
    b = a < 0xDC00 && n >= 4 ? unit_16(s + 2, little) : 0;
    *code = REPLACEMENT;
    if (b < 0xDC00 || b > 0xDFFF)
        return 2;
    *code = 0x10000 + ((a - 0xD800) << 10) + (b - 0xDC00);
    return 4;
}

static size_t
good_utf16(const char *s, size_t n, bool little)
{
    uint32_t code;
    size_t i = 0;

    while (n - i >= 2) {
        size_t step = take_16(s + i, n - i, little, &code);
        if (code == REPLACEMENT && unit_16(s + i, little) != REPLACEMENT)
            break;
        i += step;
    }
    return i;
}

/* How many bytes from the start are whole characters of it. */
static size_t
good_bytes(enum encoding e, const char *s, size_t n)
{
    switch (e) {
    case ENC_UTF8:
    case ENC_UTF8_BOM:
        return good_utf8(s, n);
    case ENC_UTF16LE:
    case ENC_UTF16BE:
        return good_utf16(s, n, e == ENC_UTF16LE);
    case ENC_WINDOWS_1252:
        return good_1252(s, n);
    case ENC_BINARY:
        break;
    }
    return 0;
}

/* What is judged: a file, a block at a time. */
struct judged {
    const char *s;
    size_t n;
    encoding_passed *passed;
    void *arg;
};

/* Is all of it text of this encoding?  The character that a block breaks off begins the
 * next one. */
static bool
all_good(const struct judged *t, enum encoding e)
{
    enum { BLOCK = 1024 * 1024 };
    size_t at = 0, good = 1;

    while (at < t->n && good) {
        size_t n = t->n - at < BLOCK ? t->n - at : BLOCK;
        good = good_bytes(e, t->s + at, n);
        if (t->passed)
            t->passed(t->arg, at, at + good);
        at += good;
    }
    return at == t->n;
}

enum encoding
encoding_judge(const char *s, size_t n, encoding_passed *passed, void *arg)
{
    const struct judged t = {s, n, passed, arg};
    bool mark = n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0;

    if (n == 0)
        return ENC_UTF8;
    if (n >= 2 && memcmp(s, "\xFF\xFE", 2) == 0)
        return all_good(&t, ENC_UTF16LE) ? ENC_UTF16LE : ENC_BINARY;
    if (n >= 2 && memcmp(s, "\xFE\xFF", 2) == 0)
        return all_good(&t, ENC_UTF16BE) ? ENC_UTF16BE : ENC_BINARY;
    if (known_binary(s, n))
        return ENC_BINARY;
    if (all_good(&t, ENC_UTF8))
        return mark ? ENC_UTF8_BOM : ENC_UTF8;
    return !mark && all_good(&t, ENC_WINDOWS_1252) ? ENC_WINDOWS_1252 : ENC_BINARY;
}

enum encoding
encoding_of(const char *s, size_t n)
{
    return encoding_judge(s, n, NULL, NULL);
}

const char *
encoding_name(enum encoding e)
{
    switch (e) {
    case ENC_UTF8:
        return "UTF-8";
    case ENC_UTF8_BOM:
        return "UTF-8 with byte-order mark";
    case ENC_UTF16LE:
    case ENC_UTF16BE:
        return "UTF-16";
    case ENC_WINDOWS_1252:
        return "Windows-1252";
    case ENC_BINARY:
        break;
    }
    return "binary";
}

static size_t
put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* The next character as UTF-8 into `to`; the bytes written. */
static size_t
convert(struct encoding_reader *r, char *to)
{
    unsigned char c = (unsigned char)r->s[r->at];
    uint32_t code;

    if (r->from == ENC_UTF16LE || r->from == ENC_UTF16BE) {
        r->at += take_16(r->s + r->at, r->n - r->at, r->from == ENC_UTF16LE, &code);
        return put_utf8(to, code);
    }
    r->at++;
    code = c < 0x80 || c >= 0xA0 ? c : windows_1252[c - 0x80];
    return put_utf8(to, code || c == 0 ? code : REPLACEMENT);
}

static void
skip_mark(struct encoding_reader *r)
{
    if (r->at == 0 && r->from == ENC_UTF8_BOM)
        r->at = 3;
    else if (r->at == 0 && (r->from == ENC_UTF16LE || r->from == ENC_UTF16BE))
        r->at = 2;
}

enum err
encoding_read(struct job *j, void *arg, char *buf, size_t size, size_t *n)
{
    struct encoding_reader *r = arg;
    size_t out = r->n_tail < size ? r->n_tail : size;

    (void)j;
    skip_mark(r);
    memcpy(buf, r->tail, out);
    r->n_tail -= out;
    memmove(r->tail, r->tail + out, r->n_tail);
    if (r->from == ENC_UTF8 || r->from == ENC_UTF8_BOM || r->from == ENC_BINARY) {
        out = r->n - r->at < size ? r->n - r->at : size;
        memcpy(buf, r->s + r->at, out);
        r->at += out;
    }
    while (r->at < r->n && size - out >= sizeof r->tail)
        out += convert(r, buf + out);
    if (r->at < r->n && out < size && r->n_tail == 0) { /* a character that may not fit */
        size_t made = convert(r, r->tail), fits = made < size - out ? made : size - out;
        memcpy(buf + out, r->tail, fits);
        out += fits;
        r->n_tail = made - fits;
        memmove(r->tail, r->tail + fits, r->n_tail);
    }
    *n = out;
    return OK;
}

struct span
encoding_to_utf8(struct job *j, enum encoding e, const char *s, size_t n)
{
    struct encoding_reader count = {.s = s, .n = n, .from = e}, fill = count;
    char piece[4096];
    size_t got, total = 0;
    char *to;

    if (e == ENC_UTF8 || e == ENC_BINARY)
        return (struct span){s, n};
    if (e == ENC_UTF8_BOM)
        return (struct span){s + 3, n - 3};
    do {
        encoding_read(j, &count, piece, sizeof piece, &got);
        total += got;
    } while (got);
    to = job_alloc(j, total + 1);
    for (size_t at = 0; at < total; at += got)
        encoding_read(j, &fill, to + at, total - at, &got);
    return (struct span){to, total};
}
