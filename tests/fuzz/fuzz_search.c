/* Anything may be typed into a search; and an index whose bytes were changed, with checks that fit,
 * is refused or searched without reading outside it. */
#include "directory/search.h"
#include "directory/search_file.h"
#include "fuzz/fuzz.h"
#include "support/services.c"
#include <sodium.h>
#include <unistd.h>

enum { SERVICES = 60, HIT_MOST = 20, PATCH = 4 };

struct index_bytes {
    unsigned char *s;
    size_t n;
};

/* Made once. */
static struct index_bytes
whole_index(struct job *j, const char *path)
{
    static struct index_bytes whole;
    struct index_bytes copy;
    FILE *f = NULL;
    long n;

    if (!whole.s) {
        if (services_index(j, SERVICES, path) || !(f = fopen(path, "rb")) ||
            fseek(f, 0, SEEK_END) || (n = ftell(f)) < 0)
            abort();
        rewind(f);
        whole.n = (size_t)n;
        whole.s = malloc(whole.n);
        fuzz_check(whole.s && fread(whole.s, 1, whole.n, f) == whole.n);
        fclose(f);
    }
    copy = (struct index_bytes){job_alloc(j, whole.n), whole.n};
    memcpy(copy.s, whole.s, whole.n);
    return copy;
}

/* As if the program had written these bytes. */
static void
sign(struct index_bytes *b)
{
    struct file_head *h = (struct file_head *)(void *)b->s;
    crypto_generichash_state sum;

    crypto_generichash_init(&sum, NULL, 0, sizeof h->digest);
    for (int s = 0; s < SECTIONS; s++) {
        uint64_t n = (uint64_t)h->part[s].count * h->part[s].width;
        if (h->part[s].offset > b->n || n > b->n - h->part[s].offset)
            return;
        crypto_generichash_update(&sum, b->s + h->part[s].offset, n);
    }
    crypto_generichash_final(&sum, h->digest, sizeof h->digest);
    memset(h->check, 0, sizeof h->check);
    crypto_generichash(h->check, sizeof h->check, b->s, sizeof *h, NULL, 0);
}

static enum err
ask(struct job *j, const struct search_index *x, const char *words)
{
    static const struct search_key keys[] = {{SEARCH_NEED, "behaviour"},
                                             {SEARCH_AREA, "E07000901"}};
    struct search_said said;
    struct search s = {.most = HIT_MOST, .counts = true, .near = true, .latitude = 53250000,
                       .longitude = -2800000, .keys = keys};
    struct search_found f;
    enum err e;

    search_read(j, words, &said);
    s.words = said.words;
    s.age_from = said.age_from;
    s.age_to = said.age_to;
    if ((e = search_run(j, x, &s, &f)))
        return e;
    fuzz_check(f.services <= f.places && f.n <= HIT_MOST && f.n <= f.services);
    s.n_keys = 2;
    s.from = 540;
    s.to = 720;
    s.metres = 9000;
    return search_run(j, x, &s, &f);
}

static enum err
search(struct job *j, void *arg)
{
    struct span *input = arg;
    const char *path = job_format(j, "/tmp/fuzz-search-%d", (int)getpid());
    struct index_bytes b = whole_index(j, path);
    struct search_index *x = NULL;
    const char *words;
    size_t patches = input->n ? (unsigned char)*input->s % 8 : 0;
    enum err e;
    FILE *f;

    for (size_t i = 1; patches && i + PATCH <= input->n; i += PATCH, patches--) {
        size_t at = (unsigned char)input->s[i] | (size_t)(unsigned char)input->s[i + 1] << 8 |
                    (size_t)(unsigned char)input->s[i + 2] << 16;
        b.s[at % b.n] ^= (unsigned char)input->s[i + 3];
    }
    sign(&b);
    if (!(f = fopen(path, "wb")) || fwrite(b.s, 1, b.n, f) != b.n || fclose(f))
        abort();
    words = job_copy_n(j, input->s, input->n);
    e = search_index_open(j, path, &x);
    if (!e)
        e = ask(j, x, words);
    unlink(path);
    return e;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(search, data, size);
}
