#include "directory/thesaurus.h"
#include "directory/needs.h"

static const struct {
    enum thesaurus_kind kind;
    const char *words, *means;
} built_in[] = {
#define SAME(words) {THESAURUS_SAME, words, ""},
#define MEANS(words, means) {THESAURUS_MEANS, words, means},
#define STOP(words) {THESAURUS_STOP, words, ""},
#define SOFT(words) {THESAURUS_SOFT, words, ""},
#include "directory/thesaurus.def"
#undef SAME
#undef MEANS
#undef STOP
#undef SOFT
};
enum { BUILT_IN = sizeof built_in / sizeof *built_in };

void
thesaurus_built_in(struct job *j, struct thesaurus *out)
{
    size_t n_needs;
    const struct need *need = needs_list(&n_needs);
    struct thesaurus_row *row = job_array(j, BUILT_IN + n_needs, sizeof *row);

    for (size_t i = 0; i < BUILT_IN; i++) {
        const char *words = built_in[i].words;
        row[i] = (struct thesaurus_row){
            .kind = built_in[i].kind, .words = words, .means = built_in[i].means,
            .name = job_copy_n(j, words, strcspn(words, "|"))};
    }
    for (size_t i = 0; i < n_needs; i++)
        row[BUILT_IN + i] = (struct thesaurus_row){
            .kind = THESAURUS_SAME, .name = need[i].label, .need = need[i].id, .means = "",
            .words = job_format(j, "%s|%s", need[i].label, need[i].terms)};
    *out = (struct thesaurus){row, BUILT_IN + n_needs};
}
