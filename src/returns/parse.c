#include "returns/parse.h"
#include "base/date.h"
#include "people/upn.h"
#include "returns/fields.h"
#include "returns/xlsx.h"

enum {
    NOT_TWICE = -1,
    SHOWN = 100,       /* bytes of a value in a finding */
    EARLIEST = -25567, /* 1 January 1900 */
    LATEST = 47846,    /* 31 December 2100 */
};

/* A code that has not been in use in all years: judged when the whole record is known. */
struct doubt {
    int field, column;
    const struct code *code;
    struct span value;
};

struct parser {
    struct job *j;
    const struct layout *l;
    const struct receiver *to;
    struct returns_counts *counts;
    struct scratch text;
    size_t used;                      /* bytes of text */
    const struct code_index **codes;  /* for each field, or NULL */
    const char **name;                /* for each field, in findings */
    struct value *v;
    size_t n_columns;                 /* 0: not a CSV */
    const struct mapping_read *mapping; /* NULL: none */
    const char *sheet;                /* of a workbook; NULL: it is none */
    int twice;                        /* field given twice, or NOT_TWICE */
    int64_t line;
    bool refused;
    enum { NO_HEADER, CENSUS, CIN } header;
    int started;                      /* field with the day of what the record tells; -1 none */
    struct doubt *doubt;              /* of this record */
    size_t n_doubts;
};

struct scratch
scratch_new(struct job *j)
{
    struct scratch s = {NULL, RECORD_TEXT + 64 * 1024};

    s.s = job_alloc(j, s.size);
    return s;
}

static int
started_field(const struct layout *l)
{
    for (size_t i = 0; i < l->n_fields; i++)
        if (l->fields[i].type == FIELD_DATE && strcasecmp(l->fields[i].name, "startdate") == 0)
            return (int)i;
    return -1;
}

struct parser *
parser_new(struct job *j, const struct layout *l, struct scratch text, const struct receiver *to,
           struct returns_counts *counts)
{
    struct parser *p = job_alloc(j, sizeof *p);
    char name[LAYOUT_NAME];

    *p = (struct parser){.j = j, .l = l, .to = to, .counts = counts, .text = text};
    p->twice = NOT_TWICE;
    p->header = l == layout_find("census-schoolcensus") ? CENSUS
                : l == layout_find("cin-header")        ? CIN
                                                        : NO_HEADER;
    p->started = started_field(l);
    p->doubt = job_array(j, l->n_fields, sizeof *p->doubt);
    p->codes = job_array(j, l->n_fields, sizeof *p->codes);
    p->name = job_array(j, l->n_fields, sizeof *p->name);
    p->v = job_array(j, l->n_fields, sizeof *p->v);
    for (size_t i = 0; i < l->n_fields; i++) {
        p->name[i] = job_copy(j, layout_column(l, &l->fields[i], 0, name));
        if (l->fields[i].type == FIELD_CODE)
            p->codes[i] = code_index(j, l->fields[i].set);
    }
    return p;
}

void
parser_columns(struct parser *p, size_t n)
{
    p->n_columns = n;
}

void
parser_name(struct parser *p, size_t field, const char *name)
{
    p->name[field] = name;
}

void
parser_sheet(struct parser *p, const char *sheet)
{
    p->sheet = sheet;
}

void
parser_mapping(struct parser *p, const struct mapping_read *m)
{
    p->mapping = m;
}

void
parser_twice(struct parser *p, size_t field)
{
    p->twice = (int)field;
}

/* At most SHOWN bytes, not through the middle of a character. */
static void
cut(struct span a, char *buf)
{
    size_t n = a.n < SHOWN ? a.n : SHOWN;

    while (n < a.n && n && ((unsigned char)a.s[n] & 0xC0) == 0x80)
        n--;
    if (n)
        memcpy(buf, a.s, n);
    buf[n] = '\0';
}

/* What is wrong.  field, column -1: the record as a whole. */
struct problem {
    enum rule rule;
    int field, column;
    struct span value;
    const char *detail;
    bool refuse;
    int32_t year; /* school year that the sentence names; 0: the return's */
};

/* "Sheet List_7, row 12, column D: "; its length. */
static size_t
say_place(const struct parser *p, const struct problem *what, char *buf, size_t size)
{
    char letters[8];
    int n = 0;

    if (p->sheet && what->column >= 0)
        n = snprintf(buf, size, "Sheet %.60s, row %lld, column %s: ", p->sheet,
                     (long long)p->line, xlsx_column(what->column + 1, letters));
    else if (p->sheet)
        n = snprintf(buf, size, "Sheet %.60s, row %lld: ", p->sheet, (long long)p->line);
    return (size_t)n;
}

/* Hand out a finding. */
static enum err
find(struct parser *p, const struct problem *what)
{
    char shown[SHOWN + 1], year[DATE_TEXT], message[600];
    size_t said;
    const struct field *f = what->field >= 0 ? &p->l->fields[what->field] : NULL;
    struct filling with = {
        .field = f ? p->name[what->field] : NULL,
        .value = shown,
        .set = f && f->type == FIELD_CODE ? code_set_name(f->set) : NULL,
        .year = date_year_name(what->year ? what->year : p->to->reading->school_year, year),
        .detail = what->detail,
    };
    struct finding out = {
        .line = p->line,
        .field = with.field,
        .column = p->n_columns ? what->column + 1 : 0,
        .rule = rule_name(what->rule),
        .refused = what->refuse,
        .value = what->value.n ? shown : NULL,
    };

    p->refused |= what->refuse;
    if (!p->to->finding)
        return OK;
    if (f && f->rules & FIELD_UNUSED && p->l->text == TEXT_LISTED) /* nor is it kept in a finding */
        cut(SPAN("not kept"), shown);
    else
        cut(what->value, shown);
    said = say_place(p, what, message, sizeof message);
    rule_fill(what->rule, &with, message + said, sizeof message - said);
    out.message = message;
    return p->to->finding(p->j, p->to->arg, &out);
}

/* A NUL-ended copy that lives until the next record. */
static char *
keep(struct parser *p, struct span a, struct value *v)
{
    char *to = p->text.s + p->used;

    memcpy(to, a.s, a.n);
    to[a.n] = '\0';
    p->used += a.n + 1;
    v->s = to;
    v->n = a.n;
    v->given = true;
    return to;
}

static enum rule
take_int(const struct field *f, struct span a, struct value *v)
{
    int64_t i = 0;
    size_t at = 0;

    while (at < a.n && at < 9 && a.s[at] >= '0' && a.s[at] <= '9')
        i = i * 10 + (a.s[at++] - '0');
    if (at != a.n && !text_to_int(a.s, a.n, &i))
        return RULE_NUMBER_BAD;
    if (i < 0)
        return i == -1 && f->rules & FIELD_MINUS_ONE ? RULE_NONE : RULE_NUMBER_NEGATIVE;
    v->i = i;
    v->given = true;
    return RULE_NONE;
}

/* Up to two places behind the point; a third and more must be zeros. */
static enum rule
take_decimal(struct span a, struct value *v)
{
    int64_t whole = 0, part = 0;
    size_t dot = 0;

    while (dot < a.n && a.s[dot] != '.')
        dot++;
    if (dot && (!text_to_int(a.s, dot, &whole) || whole < 0 || whole > 1000000))
        return whole < 0 ? RULE_NUMBER_NEGATIVE : RULE_DECIMAL_BAD;
    if (a.n < 2 && dot < a.n)
        return RULE_DECIMAL_BAD;
    for (size_t i = dot + 1; i < a.n; i++) {
        if (a.s[i] < '0' || a.s[i] > '9' || (i > dot + 2 && a.s[i] != '0'))
            return RULE_DECIMAL_BAD;
        part += i == dot + 1 ? (a.s[i] - '0') * 10 : i == dot + 2 ? a.s[i] - '0' : 0;
    }
    v->i = whole * 100 + part;
    v->given = true;
    return RULE_NONE;
}

/* ONS writes 99.999999 where a postcode has no place. */
static enum rule
take_degrees(struct span a, struct value *v)
{
    enum { MILLION = 1000000 };
    bool minus = a.n && a.s[0] == '-';
    int64_t whole = 0, part = 0, unit = MILLION;
    size_t i = minus;

    for (; i < a.n && a.s[i] >= '0' && a.s[i] <= '9' && whole < 1000; i++)
        whole = whole * 10 + (a.s[i] - '0');
    if (i == (size_t)minus || whole > 180 || (i < a.n && a.s[i] != '.'))
        return RULE_DEGREES_BAD;
    while (++i < a.n) {
        if (a.s[i] < '0' || a.s[i] > '9')
            return RULE_DEGREES_BAD;
        part += (a.s[i] - '0') * (unit /= 10);
    }
    v->i = (minus ? -1 : 1) * (whole * MILLION + part);
    v->given = whole != 99 || part < 999999;
    return RULE_NONE;
}

static enum rule
take_date(struct span a, struct value *v)
{
    int32_t date;

    if (!date_parse(a.s, a.n, &date))
        return RULE_DATE_BAD;
    if (date < EARLIEST || date > LATEST)
        return RULE_DATE_UNLIKELY;
    v->i = date;
    v->given = true;
    return RULE_NONE;
}

static enum rule
take_bool(struct span a, struct value *v)
{
    bool b;

    if (!text_to_bool(a.s, a.n, &b))
        return RULE_BOOL_BAD;
    v->i = b;
    v->given = true;
    return RULE_NONE;
}

/* A year group that went through a number column comes as "7.0". */
static struct span
without_decimal(struct span a)
{
    if (a.n > 2 && a.s[a.n - 2] == '.' && a.s[a.n - 1] == '0')
        a.n -= 2;
    return a;
}

static enum rule
take_code(struct parser *p, size_t i, struct span a, struct value *v)
{
    const struct code_entry *e = code_lookup(p->codes[i], a);

    if (!e)
        e = code_lookup(p->codes[i], without_decimal(a));
    if (!e)
        return RULE_CODE_UNKNOWN;
    v->s = e->stored;
    v->n = e->n_stored;
    v->i = e->position;
    v->given = true;
    if (e->code->first || e->code->last)
        p->doubt[p->n_doubts++] = (struct doubt){.field = (int)i, .code = e->code, .value = a};
    return RULE_NONE;
}

/* "UN3": where the number should stand, why there is none. */
static bool
says_unknown(struct span a)
{
    return a.n >= 3 && a.n <= 4 && (a.s[0] | 32) == 'u' && (a.s[1] | 32) == 'n' &&
           a.s[2] >= '0' && a.s[2] <= '9';
}

/* A wrong number is kept as it is: it may still be the one the other files carry. */
static enum rule
take_upn(struct parser *p, struct span a, struct value *v)
{
    char *upn;

    if (says_unknown(a))
        return RULE_NONE;
    upn = keep(p, a, v);
    for (size_t i = 0; i < a.n; i++)
        if (upn[i] >= 'a' && upn[i] <= 'z')
            upn[i] = (char)(upn[i] & ~32);
    switch (upn_check(VALUE_SPAN(*v), NULL)) {
    case UPN_OK:
    case UPN_TEMPORARY:
        return RULE_NONE;
    case UPN_CHECK_LETTER:
        return RULE_UPN_LETTER;
    case UPN_LENGTH:
    case UPN_DIGITS:
    case UPN_LAST:
    case UPN_AREA:
        break;
    }
    return RULE_UPN_FORM;
}

static enum rule
take_postcode(struct parser *p, struct span a, struct value *v)
{
    char buf[10];

    if (!text_postcode(a, buf))
        return RULE_POSTCODE_BAD;
    keep(p, span_of(buf), v);
    return RULE_NONE;
}

static enum rule
take(struct parser *p, size_t i, struct span a, struct value *v)
{
    const struct field *f = &p->l->fields[i];

    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_KEY:
    case FIELD_PARENT:
    case FIELD_RETURN:
        keep(p, a, v);
        return RULE_NONE;
    case FIELD_INT:
        return take_int(f, a, v);
    case FIELD_DECIMAL:
        return take_decimal(a, v);
    case FIELD_DEGREES:
        return take_degrees(a, v);
    case FIELD_DATE:
        return take_date(a, v);
    case FIELD_BOOL:
        return take_bool(a, v);
    case FIELD_CODE:
        return take_code(p, i, a, v);
    case FIELD_UPN:
        return take_upn(p, a, v);
    case FIELD_POSTCODE:
        return take_postcode(p, a, v);
    }
    return RULE_NONE;
}

static enum err
report(struct parser *p, struct problem what)
{
    const struct value *v = &p->v[what.field];
    char detail[128];

    what.refuse = p->l->fields[what.field].rules & FIELD_REQUIRED && !v->given;
    if (what.rule == RULE_UPN_FORM || what.rule == RULE_UPN_LETTER)
        what.detail = upn_problem(upn_check(VALUE_SPAN(*v), NULL), VALUE_SPAN(*v), detail,
                                  sizeof detail);
    return find(p, &what);
}

static bool
is_of_exclusion(const struct code *c)
{
    return c->set == CODE_EXCLUSION_CATEGORY || c->set == CODE_EXCLUSION_REASON;
}

/* The school year of what the code tells of; 0 not known.  An exclusion has its first day.  A
 * census gives the attendance of the term before, so that of autumn is the year before's,
 * both halves of the summer term. */
static int32_t
told_year(const struct parser *p, const struct code *c)
{
    const struct reading *r = p->to->reading;

    if (is_of_exclusion(c) && p->started >= 0)
        return p->v[p->started].given ? date_school_year((int32_t)p->v[p->started].i) : 0;
    if (c->set == CODE_ATTENDANCE && r->school_year && r->term == TERM_AUTUMN)
        return r->school_year - 1;
    return r->school_year;
}

/* Of an exclusion of the year before the codes of the return's own year are right too. */
static enum err
judge_code(struct parser *p, const struct doubt *d)
{
    const struct code *c = d->code;
    struct problem what = {RULE_CODE_YEAR, d->field, d->column, d->value, NULL, false,
                           told_year(p, c)};
    int32_t own = p->to->reading->school_year;

    if (code_valid_in(c, what.year) || (is_of_exclusion(c) && own && code_valid_in(c, own)))
        return OK;
    if (code_tolerated(c) && what.year > c->last) {
        what.rule = RULE_CODE_WITHDRAWN;
        what.detail = c->becomes ? c->becomes : "it stands";
    }
    return find(p, &what);
}

static enum err
judge_codes(struct parser *p, const int *column_of)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < p->n_doubts; i++) {
        struct doubt *d = &p->doubt[i];
        d->column = column_of ? column_of[d->field] : d->field;
        e = judge_code(p, d);
    }
    return e;
}

/* Too few or too many values; an element given twice. */
static enum err
check_shape(struct parser *p, const struct csv_field *text, size_t n)
{
    struct problem what = {.field = p->twice, .column = -1, .rule = RULE_VALUE_TWICE};
    char detail[64];

    if (p->twice != NOT_TWICE) {
        p->twice = NOT_TWICE;
        return find(p, &what);
    }
    if (p->n_columns == 0 || n == p->n_columns || (p->sheet && n < p->n_columns))
        return OK;
    for (size_t c = p->n_columns; c < n; c++)
        what.refuse |= span_trim((struct span){text[c].s, text[c].n}).n > 0;
    if (n > p->n_columns && !what.refuse)
        return OK;
    snprintf(detail, sizeof detail, "%zu of %zu", n, p->n_columns);
    what.detail = detail;
    what.rule = n < p->n_columns ? RULE_ROW_SHORT : RULE_ROW_LONG;
    return find(p, &what);
}

static inline bool
is_plain(char c)
{
    return c > ' ' && c < 0x7F;
}

/* Without blanks around it; empty when missing.  Nearly every value begins and ends with a
 * plain character, and few begin as the words for "missing" do. */
static inline struct span
present(struct csv_field f)
{
    struct span a = {f.s, f.n};

    if (a.n == 0)
        return a;
    if (!is_plain(a.s[0]) || !is_plain(a.s[a.n - 1]))
        a = span_trim(a);
    if (a.n && strchr("NnS", a.s[0]) && span_is_missing(a))
        a.n = 0;
    return a;
}

/* The school year and term that a header says. */
static void
set_reading(const struct parser *p)
{
    struct reading *to = p->to->reading;

    if (p->header == CENSUS && p->v[CENSUS_HEADER_YEAR].given && p->v[CENSUS_HEADER_TERM].given) {
        to->term = (int)p->v[CENSUS_HEADER_TERM].i + 1; /* AUT SPR SUM, as enum term */
        to->school_year = (int32_t)p->v[CENSUS_HEADER_YEAR].i - (to->term != TERM_AUTUMN);
    }
    if (p->header == CIN && p->v[CIN_HEADER_YEAR].given)
        *to = (struct reading){.school_year = (int32_t)p->v[CIN_HEADER_YEAR].i - 1};
}

enum err
parser_take(struct parser *p, const struct csv_field *text, size_t n, const int *column_of,
            int64_t line)
{
    const struct layout *l = p->l;
    struct record r = {.layout = l, .line = line, .v = p->v};
    enum err e;

    p->used = p->n_doubts = 0;
    p->line = line;
    p->refused = false;
    if ((n != p->n_columns && p->n_columns) || p->twice != NOT_TWICE) {
        e = check_shape(p, text, n);
        if (e)
            return e;
    }
    for (size_t i = 0; i < l->n_fields; i++) {
        int column = column_of ? column_of[i] : (int)i;
        struct span a = {NULL, 0};
        enum rule bad = RULE_NONE;
        p->v[i] = (struct value){.s = ""};
        if (column >= 0 && (size_t)column < n)
            a = present(text[column]);
        if (p->mapping)
            a = mapping_text(p->mapping, i, a);
        if (a.n)
            bad = take(p, i, a, &p->v[i]);
        else if (l->fields[i].rules & FIELD_REQUIRED)
            bad = RULE_REQUIRED_MISSING;
        if (bad && (e = report(p, (struct problem){bad, (int)i, column, a, NULL, false, 0})))
            return e;
    }
    if (p->n_doubts && (e = judge_codes(p, column_of)))
        return e;
    p->counts->read++;
    p->counts->refused += p->refused;
    r.refused = p->refused;
    if (p->header)
        set_reading(p);
    return p->to->record(p->j, p->to->arg, &r);
}
