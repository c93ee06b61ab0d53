#include "people/attendance.h"
#include "base/date.h"

static const struct {
    const char *code;
    enum attendance_class class;
    const char *label;
} table[] = {
#define CODE(code, class, first, last, label) {code, ATT_##class, label},
#include "people/attendance.def"
#undef CODE
};
_Static_assert(sizeof table / sizeof table[0] == ATTENDANCE_CODES, "one row a code");
_Static_assert(ATTENDANCE_CODES <= UINT8_MAX, "an index is one byte on disk");

int
attendance_code(struct span code)
{
    char first = code.n ? code.s[0] : '\0';

    if (first >= 'a' && first <= 'z')
        first = (char)(first & ~32);
    for (int i = 0; i < ATTENDANCE_CODES; i++)
        if (table[i].code[0] == first && span_is_nocase(code, table[i].code))
            return i;
    return -1;
}

const char *
attendance_name(int code)
{
    return table[code].code;
}

const char *
attendance_label(int code)
{
    return table[code].label;
}

/* From September 2020 to March 2022 schools used X also for pupils kept at home in
 * connection with coronavirus; DfE counts those sessions as possible and not absent. */
enum attendance_class
attendance_class(int code, int32_t date)
{
    if (table[code].code[0] == 'X' && date >= date_from_ymd(2020, 9, 1) &&
        date < date_from_ymd(2022, 4, 1))
        return ATT_COUNTED;
    return table[code].class;
}

bool
attendance_is_possible(int code, int32_t date)
{
    enum attendance_class c = attendance_class(code, date);

    return c != ATT_NOT_POSSIBLE && c != ATT_NO_MARK;
}

bool
attendance_is_absence(int code, int32_t date)
{
    enum attendance_class c = attendance_class(code, date);

    return c == ATT_AUTHORISED || c == ATT_UNAUTHORISED;
}

struct attendance_sum
attendance_add_up(const struct attendance_totals *t, int32_t date)
{
    int32_t by_class[ATT_NO_MARK + 1] = {0};
    struct attendance_sum sum;

    for (int i = 0; i < ATTENDANCE_CODES; i++)
        if (t->by_code[i])
            by_class[attendance_class(i, date)] += t->by_code[i];
    sum = (struct attendance_sum){
        .present = by_class[ATT_PRESENT],
        .activity = by_class[ATT_ACTIVITY],
        .authorised = by_class[ATT_AUTHORISED],
        .unauthorised = by_class[ATT_UNAUTHORISED],
    };
    sum.possible = sum.present + sum.activity + sum.authorised + sum.unauthorised +
                   by_class[ATT_COUNTED];
    return sum;
}

int64_t
attendance_possible(const struct attendance_sum *s, int64_t given, bool absence_only)
{
    if (given < 0)
        return absence_only && s->possible ? -1 : s->possible;
    return s->present == 0 && given > s->possible ? given : s->possible;
}

bool
attendance_is_persistent(int64_t absence, int64_t possible)
{
    return possible > 0 && absence * 10 >= possible;
}

bool
attendance_is_severe(int64_t absence, int64_t possible)
{
    return possible > 0 && absence * 2 >= possible;
}

size_t
attendance_pack(const struct attendance_totals *t, uint8_t *buf)
{
    uint8_t *p = buf;

    for (int i = 0; i < ATTENDANCE_CODES; i++) {
        unsigned v = t->by_code[i];
        if (v == 0)
            continue;
        *p++ = (uint8_t)i;
        for (; v >= 0x80; v >>= 7)
            *p++ = (uint8_t)(v | 0x80);
        *p++ = (uint8_t)v;
    }
    return (size_t)(p - buf);
}

/* Seven bits a byte, the low ones first; false: cut short or over 16 bits. */
static bool
take_count(const uint8_t **p, const uint8_t *end, uint16_t *out)
{
    uint32_t v = 0;

    for (unsigned shift = 0; *p < end && shift <= 14; shift += 7) {
        uint8_t byte = *(*p)++;
        v |= (uint32_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *out = (uint16_t)v;
            return v > 0 && v <= UINT16_MAX;
        }
    }
    return false;
}

bool
attendance_unpack(const uint8_t *p, size_t n, struct attendance_totals *t)
{
    const uint8_t *end = p + n;
    int before = -1;

    memset(t, 0, sizeof *t);
    while (p < end) {
        int code = *p++;
        if (code <= before || code >= ATTENDANCE_CODES || !take_count(&p, end, &t->by_code[code])) {
            memset(t, 0, sizeof *t);
            return false;
        }
        before = code;
    }
    return true;
}
