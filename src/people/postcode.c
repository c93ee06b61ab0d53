#include "people/postcode.h"
#include "base/text.h"
#include <ctype.h>

enum { POSTCODE_TEXT = 16, OUTWARD_MOST = 4 };

static const char sql_postcode[] =
    "SELECT lsoa21, ward, district, county, latitude, longitude FROM postcode WHERE postcode = $1";
/* '!' follows the blank. */
static const char sql_outward[] =
    "SELECT CAST(AVG(latitude) AS INTEGER), CAST(AVG(longitude) AS INTEGER), COUNT(*) "
    "FROM postcode WHERE postcode >= $1 AND postcode < $2";

static enum err
whole(struct job *j, struct postcode *p)
{
    bool there = false;
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_postcode, ARGS(TEXT(p->text)));
    while (db_next(&q)) {
        there = true;
        for (int c = 0; c < POSTCODE_CODES; c++)
            if ((p->code[p->n_codes] = row_text(&q, c)) != NULL)
                p->n_codes++;
        p->located = !row_is_null(&q, 4) && !row_is_null(&q, 5);
        p->latitude = (int32_t)row_int(&q, 4);
        p->longitude = (int32_t)row_int(&q, 5);
    }
    e = db_done(&q);
    return e || there ? e : err_set(j, ERR_NOT_FOUND, "we do not know the postcode %s", p->text);
}

static enum err
part(struct job *j, struct postcode *p)
{
    int64_t n = 0;
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_outward, ARGS(TEXT(job_format(j, "%s ", p->outward)),
                                    TEXT(job_format(j, "%s!", p->outward))));
    while (db_next(&q)) {
        p->located = !row_is_null(&q, 0) && !row_is_null(&q, 1);
        p->latitude = (int32_t)row_int(&q, 0);
        p->longitude = (int32_t)row_int(&q, 1);
        n = row_int(&q, 2);
    }
    e = db_done(&q);
    return e || n ? e : err_set(j, ERR_NOT_FOUND, "we do not know the postcode %s", p->text);
}

/* "CH65", "M1", "EC1A": letters, then a digit, then perhaps another of either. */
static bool
is_outward(struct span s, char *to)
{
    size_t letters = 0;

    if (s.n < 2 || s.n > OUTWARD_MOST)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!isalnum((unsigned char)s.s[i]))
            return false;
        to[i] = (char)toupper((unsigned char)s.s[i]);
    }
    to[s.n] = '\0';
    while (letters < s.n && isalpha((unsigned char)to[letters]))
        letters++;
    return letters >= 1 && letters <= 2 && letters < s.n;
}

enum err
postcode_find(struct job *j, const char *text, struct postcode *out)
{
    struct span s = span_trim(span_of(text));
    char buf[POSTCODE_TEXT];

    *out = (struct postcode){0};
    if (text_postcode(s, buf)) {
        out->text = job_copy(j, buf);
        out->outward = job_copy_n(j, buf, strcspn(buf, " "));
        return whole(j, out);
    }
    if (is_outward(s, buf)) {
        out->text = out->outward = job_copy(j, buf);
        return part(j, out);
    }
    err_set(j, ERR_INPUT, "\"%.20s\" is not a postcode", text);
    return err_hint(j, "Write it like CH65 9AA, or only its first half, CH65.");
}
