/* ui/words.h - sentences and phrases from numbers, in the words of the house.
 *
 * Numbers carry their base; a change is only called one when it is larger than chance
 * alone would give (words_is_change).  Texts live in the job. */
#pragma once
#include "base/job.h"
#include "ui/point.h"

enum { WORDS_NO_PLACES = 0, WORDS_ONE_PLACE = 1 };

/* "58%", "3.9%"; "no data". */
const char *words_percent(struct job *j, struct point p, int decimals);
/* "12.5": the rate alone, per 100, 1000 or 10000; "no data". */
const char *words_rate(struct job *j, struct point p, int per, int decimals);
/* "% of pupils", "per 10,000 pupils". */
const char *words_unit(int per);
/* "1,937 of 49,610 pupils". */
const char *words_of(struct job *j, struct point p, const char *things);
/* "49,382". */
const char *words_count(struct job *j, int64_t n);
/* One to ten in letters, then figures: "three", "19". */
const char *words_number(struct job *j, int64_t n);
/* "1 row", "412 rows". */
const char *words_counted(struct job *j, int64_t n, const char *one, const char *many);
/* Ready for a plural: "four in five", "half of", "two thirds of", "37% of". */
const char *words_fraction(struct job *j, struct point p);
/* "half as likely", "about as likely", "nearly four times as common", "3.4 times as likely". */
const char *words_times(struct job *j, double ratio, const char *adjective);
/* "Fernhill, Oakleaf and Hollybank". */
const char *words_list(struct job *j, const char *const *v, size_t n);
/* With a capital at the front. */
const char *words_capital(struct job *j, const char *s);

/* Do the two shares differ by more than chance?  By the rule of stats/change.h: the 95%
 * interval of the difference leaves "no change" out. */
bool words_is_change(struct point now, struct point before);
/* "Up from 3.7% in 2024/25", "Down from …", "No clear change from 1.5% in 2024/25";
 * "No figure for 2024/25 to compare with". */
const char *words_change(struct job *j, struct point now, struct point before, const char *year,
                         int decimals);
/* The same for a count: "Up from 51 in 2024/25, within usual variation". */
const char *words_change_count(struct job *j, struct point now, struct point before,
                               const char *year);
/* "15% of pupils make up 58% of those suspended more than once". */
const char *words_make_up(struct job *j, struct point all, struct point some, const char *those);
