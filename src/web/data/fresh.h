/* web/data/fresh.h - how current each source is, in words. */
#pragma once
#include "intake/coverage.h"
#include "ui/components.h"

/* One row a source; today decides what is late. */
struct freshness *fresh_rows(struct job *j, const struct coverage_source *s, int32_t today,
                             size_t *n);
