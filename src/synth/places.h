/* synth/places.h - what does not concern single children: GIAS, postcodes, deprivation,
 * term dates. */
#pragma once
#include "synth/table.h"
#include "synth/world.h"

MUST_CHECK enum err places_gias(const struct folder *in, const struct world *w);
MUST_CHECK enum err places_geography(const struct folder *in, const struct world *w);
/* DfE's figures about all this, once every life is counted. */
struct tally;
MUST_CHECK enum err places_published(const struct folder *in, const struct world *w,
                                     const struct tally *t);
MUST_CHECK enum err places_calendar(const struct folder *in, const struct world *w);
