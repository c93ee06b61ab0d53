/* What is read as a date is a day of the calendar, and its text is read back as it. */
#include "base/date.h"
#include "fuzz/fuzz.h"

static void
comes_back(int32_t d)
{
    char iso[DATE_TEXT], words[DATE_TEXT];
    struct ymd y = date_to_ymd(d);
    int32_t again = 0;

    fuzz_check(date_is_valid(y.year, y.month, y.day));
    fuzz_check(date_from_ymd(y.year, y.month, y.day) == d);
    date_iso(d, iso);
    date_words(d, words);
    fuzz_check(date_parse(iso, strlen(iso), &again) && again == d);
    fuzz_check(date_parse(words, strlen(words), &again) && again == d);
    fuzz_check(date_school_year(d) == y.year - (y.month < 8));
    fuzz_check(date_term(d) >= TERM_AUTUMN && date_term(d) <= TERM_SUMMER);
}

static enum err
read_date(struct job *j, void *arg)
{
    const struct span *s = arg;
    int32_t d = 77;
    int64_t us = 0;
    char buf[DATE_TEXT];

    (void)j;
    if (date_parse(s->s, s->n, &d))
        comes_back(d);
    else
        fuzz_check(d == 77);
    if (date_parse_month(s->s, s->n, &d))
        fuzz_check(date_to_ymd(d).day == 1);
    if (date_parse_serial(s->s, s->n, &d))
        fuzz_check(d > date_from_ymd(1900, 2, 28));
    if (s->n >= sizeof us) {
        int32_t minute, date;
        memcpy(&us, s->s, sizeof us);
        date = date_of_time(us, &minute);
        fuzz_check(minute >= 0 && minute < 24 * 60);
        fuzz_check(date_to_ymd(date).month >= 1);
        fuzz_check(strlen(time_words(us, buf)) < DATE_TEXT);
    }
    return OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(read_date, data, size);
}
