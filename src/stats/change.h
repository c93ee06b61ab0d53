/* stats/change.h - whether a figure moved, or only its luck did.
 *
 * One rule for pages, reports and letters: a change is told only when its interval leaves
 * "no change" out; otherwise the sentence is "no clear change". */
#pragma once
#include "stats/interval.h"

enum change { CHANGE_NOT_KNOWN, CHANGE_NOT_CLEAR, CHANGE_UP, CHANGE_DOWN };

struct verdict {
    enum change change;
    struct interval by; /* difference of proportions, or ratio of rates: after, before */
};
/* Two proportions of different children: Newcombe's interval of the difference. */
struct verdict change_of_parts(struct part before, struct part after, double level);

/* Events and those among whom they fell.  squares is the sum over children of each one's
 * events squared, because a child's events are not independent; 0: all came singly. */
struct events {
    int64_t events, squares;
    int64_t base; /* children, or sessions */
};
/* Two rates.  Events that come singly: exact, conditional on their sum; bundled events:
 * log interval with the delta method.  With no event on a side only the first is used. */
struct verdict change_of_events(struct events before, struct events after, double level);

/* "no clear change", "up", "down", "not known". */
const char *change_words(enum change c);
