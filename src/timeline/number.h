/* timeline/number.h - what was gathered gets its final numbers.  Private to this room.
 *
 * Persons by person_id, schools by URN, places by postcode, districts by name: the same whatever
 * the order in which files were loaded. */
#pragma once
#include "timeline/gather.h"

/* Schools with what they became, sorted; *map: provisional to final. */
MUST_CHECK enum err number_schools(struct gather *g, const uint32_t **map);
/* Does `to` carry on `from` on that day?  (Half-open dates of opening and closing may be a
 * month apart from the day a child's entry shows.) */
bool number_carries_on(const struct build *b, uint32_t from, uint32_t to, int32_t day);
/* Places of the gathered postcodes, and the districts of places and schools. */
MUST_CHECK enum err number_places(struct gather *g, const uint32_t **map);
/* Index + 1 of a district, to be put in order by number_districts(). */
uint16_t number_district(struct build *b, const char *name, size_t n);
void number_districts(struct build *b);
/* The standing return of a school in a census: index in b->returns, TIMELINE_NONE none. */
uint32_t number_return(const struct build *b, uint32_t school, int32_t census);
/* Decile, edition and district of a census row's home. */
void number_place(const struct build *b, struct timeline_census *c);
/* What all parts of the people share: schools, places, returns, the descriptions to show. */
MUST_CHECK enum err number_shared(struct gather *g);
/* The persons of a part and every stage of it in order, with final numbers. */
MUST_CHECK enum err number_part(struct build *b, uint32_t part);
