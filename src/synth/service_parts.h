/* synth/service_parts.h - one invented service as JSON, and what is wrong with some. */
#pragma once
#include "base/random.h"
#include "synth/services.h"
#include <jansson.h>

struct provider {
    const char *name, *says;
    char kind;
};
struct offer { /* services.def */
    int copies;
    char kind;
    const char *names, *summary, *story, *needs;
    int from, to;
    const char *send, *refer, *how, *days, *opens, *closes;
    int school, family, wait;
};
struct site { /* one copy of an offer */
    const struct offer *offer;
    const struct provider *provider;
    int copy, number, place, postcode;
    const char *name;
    struct random random;
};
struct service_file {
    const struct folder *in;
    const struct world *w;
    int32_t today;
    json_t *list;
};
json_t *service_make(struct service_file *f, struct site *s);
/* Plant what real feeds get wrong, in about half of them. */
void service_spoil(struct service_file *f, struct site *s, json_t *v);
/* The same service under another id, with a name that is spelt a little differently. */
json_t *service_again(const json_t *v);
