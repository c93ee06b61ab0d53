#include "synth/xml.h"

void
xml_open(FILE *f, const char *element)
{
    fprintf(f, "<%s>\n", element);
}

void
xml_close(FILE *f, const char *element)
{
    fprintf(f, "</%s>\n", element);
}

void
xml_text(FILE *f, const char *element, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(f, "<%s>", element);
    for (; *text; text++)
        switch (*text) {
        case '&':
            fputs("&amp;", f);
            break;
        case '<':
            fputs("&lt;", f);
            break;
        case '>':
            fputs("&gt;", f);
            break;
        default:
            putc(*text, f);
        }
    fprintf(f, "</%s>\n", element);
}

void
xml_int(FILE *f, const char *element, int64_t v)
{
    fprintf(f, "<%s>%lld</%s>\n", element, (long long)v, element);
}

void
xml_date(FILE *f, const char *element, int32_t date)
{
    char buf[DATE_TEXT];

    if (date != DATE_NONE && date != DATE_OPEN)
        xml_text(f, element, date_iso(date, buf));
}
