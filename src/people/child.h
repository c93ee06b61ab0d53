/* people/child.h - a child as the published files describe it, and finding one.
 *
 * Asks permit() for each child and notes what was searched for.  A school sees children who
 * have been on its roll, as its own census rows describe them. */
#pragma once
#include "base/date.h"
#include "store/db.h"

struct child {
    int64_t person;
    const char *forename, *surname; /* "" not known */
    const char *name;               /* "Kai Whitlock"; when hidden, words instead */
    bool hidden;                    /* not for j->who: all but person and name is unset */
    const char *upn, *former_upn;   /* NULL none */
    int32_t born;                   /* DATE_NONE not known */
    const char *sex;                /* M F U; "" not known */
    /* of the last census row; without one school is NULL and the rest unset */
    int64_t urn;
    const char *school;             /* its name, or "School 123456" */
    bool on_roll;                   /* at that census; false: had left */
    int32_t year_group;             /* -2 not given, -1 nursery, 0 reception */
    int32_t school_year;
    enum term term;
    const char *sen, *ethnicity;    /* codes; NULL not given */
};

/* ERR_DENIED or ERR_NOT_FOUND when there is no such child for this actor. */
MUST_CHECK enum err child_get(struct job *j, int64_t person, struct child *out);

struct child_search {
    const char *words; /* start of names in any order, or a UPN; "": all of a school.
                        * Fewer letters than CHILD_LETTERS_LEAST find nobody. */
    int64_t urn;       /* 0: any school of the area */
    int32_t year_group; /* with a school and no words; CHILD_ANY_YEAR: all */
    size_t limit, offset;
};
enum { CHILD_ANY_YEAR = -9, CHILD_SEARCH_MOST = 100, CHILD_LETTERS_LEAST = 2 };
/* Children found, by name (of a school: by year group, then name).  *total is how many
 * there are, CHILD_SEARCH_MOST + 1 meaning more than are worth a list.  Whom j->who may not see
 * (access/guard.h) is not found by words; on a school's list such a child has no name. */
MUST_CHECK enum err child_search(struct job *j, const struct child_search *s,
                                 struct child **out, size_t *n, size_t *total);
/* As the audit keeps them, hashed: "O'Neil, Zoe" as "ONEILZOE", a UPN in capital letters. */
const char *child_search_words(struct job *j, const char *words);
/* After a search by words: whom to ask for restricted children that it would have found, for
 * whoever works for the whole area; NULL: none. */
MUST_CHECK enum err child_search_ask(struct job *j, const struct child_search *s,
                                     const char **out);
/* Of these children those whom j->who may open, in this order, for a list of them; *n of them. */
MUST_CHECK enum err child_list(struct job *j, const int64_t *person, size_t n_person,
                               struct child **out, size_t *n);
/* "Year 8", "Reception", "Nursery"; "" not given. */
const char *child_year_group(struct job *j, int32_t year_group);
