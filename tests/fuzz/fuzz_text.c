/* Whatever bytes come: text in a known encoding becomes strict UTF-8, the same in one piece
 * and in many; what is read from it keeps its promises. */
#include "base/encoding.h"
#include "fuzz/fuzz.h"

static void
encodings(struct job *j, struct span in)
{
    enum encoding e = encoding_of(in.s, in.n);
    struct encoding_reader r = {.s = in.s, .n = in.n, .from = e};
    struct span all;
    size_t step = 1 + in.n % 7, at = 0, got;
    char piece[8];

    if (e == ENC_BINARY) {
        fuzz_check(encoding_binary_name(in.s, in.n)[0]);
        return;
    }
    all = encoding_to_utf8(j, e, in.s, in.n);
    fuzz_check(text_is_utf8(all.s, all.n, NULL));
    do {
        fuzz_check(encoding_read(j, &r, piece, step, &got) == OK && got <= step);
        fuzz_check(at + got <= all.n && (got == 0 || memcmp(piece, all.s + at, got) == 0));
        at += got;
    } while (got);
    fuzz_check(at == all.n);
}

static enum err
read_text(struct job *j, void *arg)
{
    struct span in = *(struct span *)arg, trimmed = span_trim(in);
    size_t bad = 0;
    int64_t v = 77;
    bool b;
    char postcode[10], again[10], count[TEXT_NUMBER], *key;

    encodings(j, in);
    fuzz_check(trimmed.n <= in.n && span_trim(trimmed).n == trimmed.n);
    if (!text_is_utf8(in.s, in.n, &bad))
        fuzz_check(bad < in.n && text_is_utf8(in.s, bad, NULL));
    if (text_to_int(in.s, in.n, &v)) {
        fuzz_check(text_to_int(text_count(v, count), strlen(count), &v));
        fuzz_check(!span_is_missing(in));
    } else {
        fuzz_check(v == 77);
    }
    (void)text_to_bool(in.s, in.n, &b);
    if (text_postcode(in, postcode)) {
        fuzz_check(text_postcode(span_of(postcode), again));
        fuzz_check(strcmp(postcode, again) == 0);
    }
    fuzz_check(strlen(text_header(j, in)) <= in.n);
    key = text_name_key(j, in);
    fuzz_check(strlen(key) <= in.n && text_is_utf8(key, strlen(key), NULL));
    fuzz_check(strcmp(text_name_key(j, span_of(key)), key) == 0);
    if (in.n >= 17) {
        int64_t n[2];
        double d;
        memcpy(n, in.s, sizeof n);
        memcpy(&d, in.s, sizeof d);
        fuzz_check(strlen(text_count(n[0], count)) < TEXT_NUMBER);
        fuzz_check(strlen(text_rate(n[0], n[1], 1000, in.s[16] & 7, count)) < TEXT_NUMBER);
        fuzz_check(strlen(text_decimal(d, in.s[16] & 7, count)) < TEXT_NUMBER);
    }
    return OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(read_text, data, size);
}
