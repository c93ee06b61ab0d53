#include "people/codes.h"
#include "people/entry.h"
#include "people/ground.h"
#include "ui/words.h"
#include "web/children/child.h"
#include "web/frame.h"

int
child_days(const struct fact *f)
{
    return f->number > 0 ? (int)((f->number + 1) / 2) : 0;
}

static const char *
with_reason(struct job *j, const char *what, enum code_set set, const char *code)
{
    return code ? job_format(j, "%s: %s", what, code_label(set, code)) : what;
}

static const char *
exclusion_words(struct job *j, const struct fact *f)
{
    const char *what;
    int days = child_days(f);

    if (!strcmp(f->code, "PERM"))
        what = "Permanently excluded";
    else if (!strcmp(f->code, "LNCH"))
        what = job_format(j, "Suspended at lunchtime%s%s", f->number > 0 ? ", " : "",
                          f->number > 0 ? words_counted(j, f->number, "session", "sessions") : "");
    else if (days && f->number % 2)
        what = job_format(j, "Suspended, %s", words_counted(j, f->number, "half day", "half days"));
    else
        what = days ? job_format(j, "Suspended, %s", words_counted(j, days, "day", "days"))
                    : "Suspended";
    if (f->code3 && !strcmp(f->code3, "cancelled"))
        what = job_format(j, "Cancelled: %s", what);
    return with_reason(j, what, CODE_EXCLUSION_REASON, f->code2);
}

static const char *
census_words(struct job *j, const struct fact *f)
{
    const char *year = child_year_group(j, (int32_t)f->number);
    const char *all = job_format(j, "%s%s%s", f->on_roll ? "On roll" : "No longer on roll",
                                 year[0] ? ", " : "", year);

    if (f->code2)
        all = job_format(j, "%s, %s", all, code_label(CODE_SEN_PROVISION, f->code2));
    if (f->absence.possible > 0)
        all = job_format(j, "%s; missed %d of %d sessions the term before", all,
                         (int)(f->absence.authorised + f->absence.unauthorised),
                         (int)f->absence.possible);
    else if (f->absence.authorised + f->absence.unauthorised > 0)
        all = job_format(j, "%s; missed %s the term before, of how many is not given", all,
                         words_counted(j, f->absence.authorised + f->absence.unauthorised,
                                       "session", "sessions"));
    return all;
}

static const char *
care_words(struct job *j, const struct fact *f)
{
    static const struct { const char *kind, *words; } kinds[] = {
        {"referral", "Referral to social care"}, {"plan", "Child in need plan"},
        {"protection", "Child protection plan"}, {"enquiry", "Section 47 enquiry"},
        {"assessment", "Social work assessment"}, {"care", "Looked after"},
        {"help", "Early help"}, {"missing", "Missing"}};

    if (f->code && !strcmp(f->code, "sdq"))
        return job_format(j, "Strengths and difficulties score %d", (int)f->number);
    if (f->code && !strcmp(f->code, "placement"))
        return f->code2 ? job_format(j, "Moved to another placement: %s",
                                     code_label(CODE_CARE_PLACEMENT, f->code2))
                        : "Moved to another placement";
    for (size_t i = 0; f->code && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].kind, f->code))
            return f->number == 1 ? job_format(j, "%s, no further action", kinds[i].words)
                                  : kinds[i].words;
    return "Social care";
}

static const char *
plan_words(struct job *j, const struct fact *f)
{
    static const struct {
        const char *kind, *words;
        enum code_set set;
    } kinds[] = {
        {"request", "Request for an education, health and care plan", CODE_SEN2_OUTCOME},
        {"plan", "Education, health and care plan", CODE_SEN2_CEASE},
        {"support", "SEN support", CODE_SEN_PROVISION},
        {"setting", "Placement that the plan names", CODE_SEN2_SETTING},
        {"need", "Need in the plan", CODE_SEN_TYPE}};

    if (f->code && !strcmp(f->code, "refused"))
        return f->code2 && !strcmp(f->code2, "plan")
                   ? "Refused: no plan was issued after the assessment"
                   : "Refused: no assessment for a plan";
    for (size_t i = 0; f->code && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].kind, f->code))
            return with_reason(j, kinds[i].words, kinds[i].set, f->code2);
    return "Education, health and care plan";
}

/* Something with a beginning and an end, not a score, a change of placement or a day missing. */
bool
child_is_care_time(const struct fact *f)
{
    static const char *const others[] = {"sdq", "placement", "missing"};

    for (size_t i = 0; f->code && i < sizeof others / sizeof *others; i++)
        if (!strcmp(f->code, others[i]))
            return false;
    return f->kind == FACT_CARE;
}

bool
child_care_is_ended(const struct child_page_facts *p, const struct fact *f)
{
    bool ended = f->to != DATE_NONE;

    for (size_t i = 0; !ended && f->code && i < p->n; i++) {
        const struct fact *o = &p->facts[i];
        ended = o->kind == FACT_CARE && o->to != DATE_NONE && o->from == f->from && o->code &&
                !strcmp(o->code, f->code);
    }
    return ended;
}

static const char *
entry_words(struct job *j, const struct fact *f)
{
    enum entry_kind k;
    const char *words = entry_find(span_of(f->code), &k) ? entry_rows[k].words : "On a register";

    if (f->number > 0)
        words = job_format(j, "%s, %d%s hours a week", words, (int)(f->number / 60),
                           f->number % 60 == 30 ? ".5" : "");
    return f->code2 ? job_format(j, "%s: %s", words, f->code2) : words;
}

static const char *
leaver_words(struct job *j, const struct fact *f)
{
    char letter = f->code ? f->code[0] : '\0';

    if (!ground_of(letter, f->from))
        return "Taken off the roll, no ground given";
    return job_format(j, "Taken off the roll, %s", ground_words(j, letter, f->from));
}

static const char *
outcome_words(struct job *j, const struct fact *f)
{
    char day[DATE_TEXT];

    return job_format(j, "Exclusion reviewed on %s: %s", date_words((int32_t)f->number, day),
                      code_label(CODE_REVIEW_RESULT, f->code2));
}

static const char *
fact_words(struct job *j, const struct fact *f)
{
    switch (f->kind) {
    case FACT_CENSUS:
        return census_words(j, f);
    case FACT_SUSPENSION:
        return exclusion_words(j, f);
    case FACT_NEED:
        return job_format(j, "%s need: %s", f->number == 1 ? "First" : "Second",
                          code_label(CODE_SEN_TYPE, f->code));
    case FACT_FSM:
        return f->to == DATE_NONE ? "Eligible for free school meals, still open"
                                  : "Eligible for free school meals";
    case FACT_PROVISION:
        return job_format(j, "Alternative provision%s%s", f->code3 ? ", " : "",
                          f->code3 ? code_label(CODE_AP_PATTERN, f->code3) : "");
    case FACT_CARE:
        return care_words(j, f);
    case FACT_OUTCOME:
        return outcome_words(j, f);
    case FACT_LEAVER:
        return leaver_words(j, f);
    case FACT_ENTRY:
        return entry_words(j, f);
    case FACT_PLAN:
        return plan_words(j, f);
    case FACT_MARKS:
        return "Marks of the school’s register";
    case FACT_KINDS:
        break;
    }
    return "";
}

const char *
child_fact_words(struct job *j, const struct fact *f)
{
    const char *words = fact_words(j, f);

    if (f->aside)
        return job_format(j, "%s (set aside: it does not count)", words);
    return f->corrected ? job_format(j, "%s (corrected)", words) : words;
}

const char *
child_fact_when(struct job *j, const struct fact *f)
{
    char a[DATE_TEXT], b[DATE_TEXT];

    if (f->kind == FACT_CENSUS)
        return job_format(j, "Census, %s term %s", date_term_name(f->term),
                          date_year_name(f->school_year, a));
    if (f->from == DATE_NONE)
        return f->school_year ? job_format(j, "School year %s", date_year_name(f->school_year, a))
                              : "Date not given";
    if (f->kind == FACT_SUSPENSION || f->to == DATE_NONE)
        return job_copy(j, date_words(f->from, a));
    return job_format(j, "%s to %s", date_words(f->from, a),
                      date_words(f->to - fact_half_open(f->kind), b));
}

const char *
child_fact_path(struct job *j, int64_t person, const struct fact *f)
{
    return job_format(j, "/children/%lld/facts/%s/%lld/%lld/%lld", (long long)person,
                      fact_kind_name(f->kind), (long long)f->batch, (long long)f->file,
                      (long long)f->line);
}

bool
child_is_exclusion(const struct fact *f, const char *category)
{
    return f->kind == FACT_SUSPENSION && !strcmp(f->code, category) &&
           !(f->code3 && !strcmp(f->code3, "cancelled"));
}

bool
child_is_repeat(const struct child_page_facts *f, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (f->facts[k].kind == FACT_SUSPENSION && f->facts[k].from == f->facts[i].from &&
            !strcmp(f->facts[k].code, f->facts[i].code))
            return true;
    return false;
}
