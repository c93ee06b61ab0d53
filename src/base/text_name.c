#include "base/text.h"

/* What is left of a Latin letter without its accents, in capitals, from the decompositions of
 * the Unicode character database: '.' no letter (or none of Latin), '2' see two_letters. */
static const char from_00c0[] = /* U+00C0 … U+024F */
    "AAAAAA2CEEEEIIIIDNOOOOO.OUUUUY22AAAAAA2CEEEEIIIIDNOOOOO.OUUUUY2Y"
    "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIII22JJKKKLLLLLL."
    ".LLNNNNNNN22OOOOOO22RRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS"
    "BBBB..OCCDDDD.EEEFFGG2IIKKL.MNNOOO..PPR..S.TTTTUUUVYYZZ2........"
    "....222222222AAIIOOUUUUUUUUUUEAAAA22GGGGKKOOOO22J222GG2.NNAA22OO"
    "AAAAEEEEIIIIOOOORRRRUUUUSSTT..HHND22ZZAAEEOOOOOOOOYYLNTJBPACCLTS"
    "Z..BUVEEJJQQRRYY";
static const char from_1e00[] = /* U+1E00 … U+1EFF */
    "AABBBBBBCCDDDDDDDDDDEEEEEEEEEEFFGGHHHHHHHHHHIIIIKKKKKKLLLLLLLLMM"
    "MMMMNNNNNNNNOOOOOOOOPPPPRRRRRRRRSSSSSSSSSSTTTTTTTTUUUUUUUUUUVVVV"
    "WWWWWWWWWWXXXXYYZZZZZZHTWYASSS2DAAAAAAAAAAAAAAAAAAAAAAAAEEEEEEEE"
    "EEEEEEEEIIIIOOOOOOOOOOOOOOOOOOOOOOOOUUUUUUUUUUUUUUYYYYYYYYLLVVYY";

static const struct {
    uint16_t code;
    char letters[3];
} two_letters[] = {
    {0x00c6, "AE"}, {0x00de, "TH"}, {0x00df, "SS"}, {0x00e6, "AE"}, {0x00fe, "TH"},
    {0x0132, "IJ"}, {0x0133, "IJ"}, {0x014a, "NG"}, {0x014b, "NG"}, {0x0152, "OE"},
    {0x0153, "OE"}, {0x0195, "HV"}, {0x01b7, "ZH"}, {0x01c4, "DZ"}, {0x01c5, "DZ"},
    {0x01c6, "DZ"}, {0x01c7, "LJ"}, {0x01c8, "LJ"}, {0x01c9, "LJ"}, {0x01ca, "NJ"},
    {0x01cb, "NJ"}, {0x01cc, "NJ"}, {0x01e2, "AE"}, {0x01e3, "AE"}, {0x01ee, "ZH"},
    {0x01ef, "ZH"}, {0x01f1, "DZ"}, {0x01f2, "DZ"}, {0x01f3, "DZ"}, {0x01f6, "HV"},
    {0x01fc, "AE"}, {0x01fd, "AE"}, {0x0222, "OU"}, {0x0223, "OU"}, {0x1e9e, "SS"},
};

/* One character of UTF-8: its bytes, 0 for a byte that begins none. */
static size_t
take_character(const unsigned char *s, size_t n, uint32_t *code)
{
    size_t want = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;

    if (want == 0 || want > n || s[0] > 0xF4)
        return 0;
    *code = want == 1 ? s[0] : s[0] & (0x7Fu >> want);
    for (size_t i = 1; i < want; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (s[i] & 0x3F);
    }
    if (want > 2 && (*code < (want == 3 ? 0x800u : 0x10000u) || *code > 0x10FFFF ||
                     (*code >= 0xD800 && *code < 0xE000)))
        return 0; /* longer than need be, half a pair, or past the end */
    return want;
}

static char *
put_latin(char *to, uint32_t code, char letter)
{
    if (letter == '.')
        return to;
    if (letter != '2') {
        *to = letter;
        return to + 1;
    }
    for (size_t i = 0; i < sizeof two_letters / sizeof *two_letters; i++)
        if (two_letters[i].code == code) {
            memcpy(to, two_letters[i].letters, 2);
            return to + 2;
        }
    return to;
}

/* Letters of other scripts stay as they are, so that two of them do not become the same
 * empty key; combining accents, punctuation and signs go. */
static bool
is_other_letter(uint32_t code)
{
    return (code >= 0x250 && code < 0x2B0) || (code >= 0x370 && code < 0x1E00) ||
           (code >= 0x1F00 && code < 0x2000) || (code >= 0x2C00 && code < 0x2E00) ||
           (code >= 0x3040 && code < 0xD800) || (code >= 0xF900 && code < 0xFE00) ||
           (code >= 0xFE70 && code < 0xFF00) || (code >= 0x10000 && code < 0x1F000) ||
           (code >= 0x20000 && code < 0xE0000);
}

char *
text_name_key(struct job *j, struct span a)
{
    const unsigned char *s = (const unsigned char *)a.s;
    char *to = job_alloc(j, a.n + 1), *at = to;
    uint32_t code = 0;

    for (size_t i = 0, n; i < a.n; i += n) {
        n = take_character(s + i, a.n - i, &code);
        if (n == 0)
            n = 1;
        else if ((code | 32) >= 'a' && (code | 32) <= 'z')
            *at++ = (char)(code & ~32u);
        else if (code >= 0xC0 && code < 0x250)
            at = put_latin(at, code, from_00c0[code - 0xC0]);
        else if (code >= 0x1E00 && code < 0x1F00)
            at = put_latin(at, code, from_1e00[code - 0x1E00]);
        else if (is_other_letter(code)) {
            memcpy(at, s + i, n);
            at += n;
        }
    }
    *at = '\0';
    return to;
}

size_t
text_fold(struct span a, char out[4], size_t *took)
{
    uint32_t code = 0;
    char *end = out;

    *took = take_character((const unsigned char *)a.s, a.n, &code);
    if (*took == 0) {
        *took = 1;
        return 0;
    }
    if (((code | 32) >= 'a' && (code | 32) <= 'z') || (code >= '0' && code <= '9'))
        *end++ = (char)code;
    else if (code >= 0xC0 && code < 0x250)
        end = put_latin(out, code, from_00c0[code - 0xC0]);
    else if (code >= 0x1E00 && code < 0x1F00)
        end = put_latin(out, code, from_1e00[code - 0x1E00]);
    else if (is_other_letter(code)) {
        memcpy(out, a.s, *took);
        return *took;
    }
    for (char *c = out; c < end; c++)
        *c |= *c >= 'A' && *c <= 'Z' ? 32 : 0;
    return (size_t)(end - out);
}
