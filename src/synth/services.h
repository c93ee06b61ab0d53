/* synth/services.h - about 300 invented services: the directory's feed, HSDS-UK 3.0 as
 * JSON, in the folder OUT.directory: it is no file of children.
 *
 * Providers, offers and sites are services.def; where they are, how fresh they are and what is
 * wrong with them comes from the seed.  Some are planted with what real feeds get wrong
 * (directory.md §0): formatting in texts, empty fields, ids that are no UUIDs, exchanged ages,
 * words that the standard does not have, the same service twice, entries years old. */
#pragma once
#include "synth/table.h"
#include "synth/world.h"

/* today: the day up to which services were checked. */
MUST_CHECK enum err services_write(const struct folder *in, const struct world *w, int32_t today);
