/* web/directory/summary.h - what a family asks first of a service, in words, from its document. */
#pragma once
#include "directory/document.h"

struct service_summary {
    const char *uuid, *name, *organization;
    const char *lead;          /* first paragraph of its description; "" none */
    const char *const *story;  /* the others; ends with NULL */
    /* NULL: it does not say */
    const char *ages;          /* "11 to 14", "From 16", "Up to 11", "All ages" */
    const char *wait, *wait_note;   /* "6 weeks", "Said on 22 October 2026" */
    const char *places, *places_note;
    const char *cost;          /* "Free to families. £1,140 a course for schools" */
    const char *cost_note;     /* what is included, until when */
    const char *how;           /* "Schools, key workers": who may refer */
    const char *refer;         /* how to */
    const char *answer;        /* "5 working days": until an answer to a referral */
    const char *where;         /* "In school, all of Ashmere"; "At Mill Lane clinic, CH65" */
    const char *languages;     /* "Arabic and Polish" */
    const char *access;        /* "Step-free entrance" */
    const char *times;         /* "Monday to Friday, 9am to 3:30pm" */
    const char *phone, *email, *url; /* url begins with http:// or https:// */
    int32_t checked;           /* the day; 0 never */
};
/* Of a document that document_public() gave.  distance: to its place, "2.1 miles"; NULL none. */
void service_summarise(struct job *j, const json_t *doc, const char *distance,
                       struct service_summary *out);
/* "2.1 miles", "300 yards": as people here say it. */
const char *distance_words(struct job *j, uint32_t metres);
